/** `kubectl config set-credentials`: a user of the kubeconfig. */
import { type Context, command, KubectlError } from '../../command.ts'
import { helpOf } from '../../help.ts'
import { absolute, embedded } from './files.ts'

type Fields = Record<string, unknown>

export const setCredentials = command({
  name: 'set-credentials',
  async run(context) {
    const { args, config, entry, io } = context
    if (args.length !== 1) {
      io.out(await helpOf(entry, io.env?.('HOME') ?? '/root'))
      throw new KubectlError(`unexpected args: [${args.join(' ')}]`)
    }
    const [name = ''] = args
    check(context, name)
    const next = await config.start()
    const fields: Fields = { ...next.users.get(name) }
    await certificates(context, fields)
    provider(context, fields)
    program(context, fields)
    secrets(context, fields)
    next.users.set(name, fields)
    await config.save(next)
    io.out(`User ${JSON.stringify(name)} set.\n`)
  },
})

function check({ flags }: Context, name: string): void {
  if (name === '') throw new KubectlError('you must specify a non-empty user name')
  const methods = [
    ...(flags.text('token') ? ['--token'] : []),
    ...(flags.text('username') || flags.text('password') ? ['--username/--password'] : []),
  ]
  if (methods.length > 1)
    throw new KubectlError(`you cannot specify more than one authentication method at the same time: ${methods.join(', ')}`)
  if (flags.is('embed-certs') && !flags.text('client-certificate') && !flags.text('client-key'))
    throw new KubectlError('you must specify a --client-certificate or --client-key to embed')
  const mode = flags.text('exec-interactive-mode')
  if (mode && !['IfAvailable', 'Always', 'Never'].includes(mode))
    throw new KubectlError('invalid interactive mode type, can be only IfAvailable, Never, Always')
}

async function certificates(context: Context, fields: Fields): Promise<void> {
  const { flags } = context
  for (const key of ['client-certificate', 'client-key']) {
    if (!flags.has(key)) continue
    const path = flags.text(key)
    delete fields[key]
    delete fields[`${key}-data`]
    if (flags.is('embed-certs')) fields[`${key}-data`] = await embedded(context, key, path)
    else if (path) fields[key] = absolute(context, path)
  }
}

/** `a=b` to set, `a-` to remove. */
function pairs(words: readonly string[], flag: string): { set: Record<string, string>; drop: string[] } {
  const set: Record<string, string> = {}
  const drop: string[] = []
  for (const word of words) {
    const cut = word.indexOf('=')
    if (cut > 0) set[word.slice(0, cut)] = word.slice(cut + 1)
    else if (cut < 0 && word.endsWith('-')) drop.push(word.slice(0, -1))
    else throw new KubectlError(`unexpected ${flag} format: ${word}`)
  }
  return { set, drop }
}

function provider({ flags }: Context, fields: Fields): void {
  const { set, drop } = pairs(flags.all('auth-provider-arg'), 'auth-provider-arg')
  let own = fields['auth-provider'] as Fields | undefined
  if (flags.has('auth-provider') && own?.['name'] !== flags.text('auth-provider')) own = { name: flags.text('auth-provider') }
  if (!own) return
  const kept = Object.entries((own['config'] ?? {}) as Fields).filter(([key]) => !drop.includes(key))
  const config = { ...Object.fromEntries(kept), ...set }
  fields['auth-provider'] = { config: Object.keys(config).length > 0 ? config : null, name: own['name'] }
}

function program({ flags }: Context, fields: Fields): void {
  const { set, drop } = pairs(flags.all('exec-env'), 'exec-env')
  let exec = fields['exec'] as Fields | undefined
  if (flags.has('exec-command')) {
    exec = exec ? { ...exec, command: flags.text('exec-command'), args: null } : { command: flags.text('exec-command') }
  }
  if (!exec) return
  const env = ((exec['env'] ?? []) as { name: string; value: string }[])
    .filter(({ name }) => !drop.includes(name))
    .map(({ name, value }) => ({ name, value: set[name] ?? value }))
  for (const [name, value] of Object.entries(set)) if (!env.some((one) => one.name === name)) env.push({ name, value })
  fields['exec'] = {
    apiVersion: flags.has('exec-api-version') ? flags.text('exec-api-version') : (exec['apiVersion'] ?? ''),
    args: flags.has('exec-arg') ? flags.all('exec-arg') : (exec['args'] ?? null),
    command: exec['command'],
    env: env.length > 0 ? env : null,
    ...(flags.has('exec-interactive-mode') || exec['interactiveMode']
      ? { interactiveMode: flags.text('exec-interactive-mode') || exec['interactiveMode'] }
      : {}),
    provideClusterInfo: flags.has('exec-provide-cluster-info')
      ? flags.is('exec-provide-cluster-info')
      : (exec['provideClusterInfo'] ?? false),
  }
}

/** A token and a name with password exclude each other. */
function secrets({ flags }: Context, fields: Fields): void {
  for (const key of ['token', 'username', 'password']) {
    if (!flags.has(key)) continue
    if (flags.text(key)) fields[key] = flags.text(key)
    else delete fields[key]
  }
  const token = flags.text('token') !== ''
  const basic = flags.text('username') !== '' || flags.text('password') !== ''
  if (basic && !token) delete fields['token']
  if (token && !basic) {
    delete fields['username']
    delete fields['password']
  }
}
