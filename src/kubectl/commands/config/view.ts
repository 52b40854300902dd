/** `kubectl config view`: the configuration as it holds, without its secrets. */
import type { AnyObject } from '#api/meta.ts'
import { base64 } from '../../base64.ts'
import { type Context, command, KubectlError, usageError } from '../../command.ts'
import { configObject, type Fields, type Kubeconfig } from '../../config/kubeconfig.ts'
import { printerFor } from '../../print/output.ts'

export const view = command({
  name: 'view',
  async run(context) {
    const { args, config, flags, io } = context
    if (args.length > 0) throw usageError('config view', `unexpected arguments: [${args.join(' ')}]`)
    if (flags.has('merge') && !flags.is('merge') && !config.explicit)
      throw new KubectlError('if merge==false a precise file must be specified')
    let shown = await config.start()
    if (flags.is('minify')) shown = minified(shown, flags.text('context'))
    if (flags.is('flatten')) shown = await flattened(context, shown)
    else if (!flags.is('raw')) shown = redacted(shown)
    if (!flags.has('output')) flags.set('output', 'yaml')
    if (flags.text('output') === 'json') return io.out(`${JSON.stringify(inOrder(shown), null, 4)}\n`)
    io.out(printerFor(flags)?.(configObject(shown) as unknown as AnyObject, 'config/<unknown>') ?? '')
  },
})

/** As Go's structs are printed. */
function inOrder(config: Kubeconfig): object {
  const list = (entries: Map<string, Fields>, key: string, first: readonly string[]): object[] | null => {
    const ordered = (fields: Fields): Fields => {
      const known = first.filter((name) => fields[name] !== undefined).map((name) => [name, fields[name]])
      return Object.fromEntries([...known, ...Object.entries(fields).filter(([name]) => !first.includes(name))])
    }
    const named = [...entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, fields]) => ({ name, [key]: ordered(fields) }))
    return named.length > 0 ? named : null
  }
  return {
    kind: 'Config',
    apiVersion: 'v1',
    clusters: list(config.clusters, 'cluster', [
      'server',
      'tls-server-name',
      'insecure-skip-tls-verify',
      'certificate-authority',
    ]),
    users: list(config.users, 'user', [
      'client-certificate',
      'client-certificate-data',
      'client-key',
      'client-key-data',
      'token',
    ]),
    contexts: list(config.contexts, 'context', ['cluster', 'user', 'namespace']),
    'current-context': config.currentContext,
  }
}

function minified(config: Kubeconfig, asked: string): Kubeconfig {
  const name = asked || config.currentContext
  if (name === '') throw new KubectlError('current-context must exist in order to minify')
  const context = config.contexts.get(name)
  if (!context) throw new KubectlError(`cannot locate context ${name}`)
  const only = (list: Map<string, Fields>, key: string, what: string): Map<string, Fields> => {
    const of = String(context[key] ?? '')
    if (of === '') return new Map()
    const found = list.get(of)
    if (!found) throw new KubectlError(`cannot locate ${what} ${of}`)
    return new Map([[of, found]])
  }
  return {
    currentContext: name,
    contexts: new Map([[name, context]]),
    clusters: only(config.clusters, 'cluster', 'cluster'),
    users: only(config.users, 'user', 'user'),
  }
}

const each = (list: Map<string, Fields>, change: (fields: Fields) => Fields): Map<string, Fields> =>
  new Map([...list].map(([name, fields]) => [name, change(fields)]))

function redacted(config: Kubeconfig): Kubeconfig {
  const hide = (fields: Fields): Fields =>
    Object.fromEntries(
      Object.entries(fields).map(([key, value]) => [
        key,
        key.endsWith('-data') ? 'DATA+OMITTED' : key === 'token' || key === 'password' ? 'REDACTED' : value,
      ]),
    )
  return { ...config, clusters: each(config.clusters, hide), users: each(config.users, hide) }
}

/** Files that are named are taken in. */
async function flattened({ io }: Context, config: Kubeconfig): Promise<Kubeconfig> {
  const take = async (list: Map<string, Fields>, keys: readonly string[]): Promise<Map<string, Fields>> => {
    const next = new Map<string, Fields>()
    for (const [name, fields] of list) {
      const whole = { ...fields }
      for (const key of keys) {
        if (!whole[key]) continue
        whole[`${key}-data`] = base64(await io.read(String(whole[key])))
        delete whole[key]
      }
      next.set(name, whole)
    }
    return next
  }
  return {
    ...config,
    clusters: await take(config.clusters, ['certificate-authority']),
    users: await take(config.users, ['client-certificate', 'client-key']),
  }
}
