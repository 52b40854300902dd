/** `kubectl config` about contexts: which there are, which one is current, and changes of both. */
import { type Context, command, KubectlError } from '../../command.ts'
import { helpOf } from '../../help.ts'
import { align } from '../../print/table.ts'

const quoted = (text: string): string => JSON.stringify(text)

/** Help, and then what was wrong with the arguments. */
export async function unexpected({ args, entry, io }: Context): Promise<KubectlError> {
  io.out(await helpOf(entry, io.env?.('HOME') ?? '/root'))
  return new KubectlError(`Unexpected args: [${args.join(' ')}]`)
}

export const currentContext = command({
  name: 'current-context',
  async run({ config, io }) {
    const current = (await config.start()).currentContext
    if (current === '') throw new KubectlError('current-context is not set')
    io.out(`${current}\n`)
  },
})

export const getContexts = command({
  name: 'get-contexts',
  async run({ args, config, flags, io }) {
    const format = flags.text('output')
    if (format !== '' && format !== 'name') {
      throw new KubectlError(
        `--output ${format} is not available in kubectl config get-contexts; resetting to default output format`,
      )
    }
    const { contexts, currentContext: current } = await config.start()
    const missing = args.filter((name) => !contexts.has(name))
    const names = (args.length > 0 ? args.filter((name) => contexts.has(name)) : [...contexts.keys()]).toSorted()
    if (format === 'name') for (const name of names) io.out(`${name}\n`)
    else {
      const rows = names.map((name) => {
        const { cluster = '', user = '', namespace = '' } = contexts.get(name) as Record<string, string>
        return [name === current ? '*' : ' ', name, cluster, user, namespace]
      })
      const head = ['CURRENT', 'NAME', 'CLUSTER', 'AUTHINFO', 'NAMESPACE']
      io.out(align(flags.is('no-headers') ? rows : [head, ...rows]))
    }
    if (missing.length === 1) throw new KubectlError(`context ${missing[0]} not found`)
    if (missing.length > 1) throw new KubectlError(missing.map((name) => `context ${name} not found`).join('\n'), 1, true)
  },
})

export const setContext = command({
  name: 'set-context',
  async run(context) {
    const { args, config, flags, io } = context
    if (args.length > 1) throw await unexpected(context)
    const [given = ''] = args
    if (given === '' && !flags.is('current')) throw new KubectlError('you must specify a non-empty context name or --current')
    if (given !== '' && flags.is('current')) throw new KubectlError('you cannot specify both a context name and --current')
    const next = await config.start()
    if (flags.is('current') && next.currentContext === '') throw new KubectlError('no current context is set')
    const name = flags.is('current') ? next.currentContext : given
    const fields = { ...next.contexts.get(name) }
    for (const key of ['cluster', 'user', 'namespace']) {
      if (!flags.has(key)) continue
      if (flags.text(key) === '' && key === 'namespace') delete fields[key]
      else fields[key] = flags.text(key)
    }
    const there = next.contexts.has(name)
    next.contexts.set(name, { cluster: '', user: '', ...fields })
    await config.save(next)
    if (name === next.currentContext) context.useNamespace(String(fields['namespace'] ?? ''))
    io.out(`Context ${quoted(name)} ${there ? 'modified' : 'created'}.\n`)
  },
})

export const useContext = command({
  name: 'use-context',
  async run(context) {
    const { args, config, io } = context
    if (args.length !== 1) throw await unexpected(context)
    const [name = ''] = args
    const next = await config.start()
    if (name === '') throw new KubectlError('empty context names are not allowed')
    const chosen = next.contexts.get(name)
    if (!chosen) throw new KubectlError(`no context exists with the name: ${quoted(name)}`)
    next.currentContext = name
    await config.save(next)
    context.useNamespace(String(chosen['namespace'] ?? ''))
    io.out(`Switched to context ${quoted(name)}.\n`)
  },
})

export const renameContext = command({
  name: 'rename-context',
  async run(context) {
    const { args, config, io } = context
    if (args.length !== 2) throw await unexpected(context)
    const [from = '', to = ''] = args
    if (to === '') throw new KubectlError('You must specify a new non-empty context name')
    const next = await config.start()
    const file = await config.defaultPath()
    const fields = next.contexts.get(from)
    if (!fields) throw new KubectlError(`cannot rename the context ${quoted(from)}, it's not in ${file}`)
    if (next.contexts.has(to))
      throw new KubectlError(`cannot rename the context ${quoted(from)}, the context ${quoted(to)} already exists in ${file}`)
    next.contexts.delete(from)
    next.contexts.set(to, fields)
    if (next.currentContext === from) next.currentContext = to
    await config.save(next)
    io.out(`Context ${quoted(from)} renamed to ${quoted(to)}.\n`)
  },
})

export const deleteContext = command({
  name: 'delete-context',
  async run({ args, config, entry, io }) {
    const next = await config.start()
    if (args.length !== 1) return void io.out(await helpOf(entry, io.env?.('HOME') ?? '/root'))
    const [name = ''] = args
    const file = await config.defaultPath()
    if (!next.contexts.has(name)) throw new KubectlError(`cannot delete context ${name}, not in ${file}`)
    if (next.currentContext === name) {
      io.err('warning: this removed your active context, use "kubectl config use-context" to select a different one\n')
    }
    next.contexts.delete(name)
    await config.save(next)
    io.out(`deleted context ${name} from ${file}\n`)
  },
})
