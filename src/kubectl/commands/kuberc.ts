/** `kubectl kuberc`: the file of preferences, shown and changed. */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { kubercFile } from '../kuberc.ts'
import { savePreference } from '../kuberc-file.ts'
import { printerFor } from '../print/output.ts'
import { together } from '../report.ts'
import { ordered } from '../typed.ts'

type Fields = Record<string, unknown>

const NEW: Fields = { apiVersion: 'kubectl.config.k8s.io/v1beta1', kind: 'Preference', defaults: null, aliases: null }
const RECOMMENDED: Fields = {
  ...NEW,
  defaults: [
    { command: 'apply', options: [{ name: 'server-side', default: 'true' }] },
    { command: 'delete', options: [{ name: 'interactive', default: 'true' }] },
  ],
}

function fileOf({ io, flags }: Context): { path: string; explicit: boolean } {
  const file = kubercFile(io, flags.text('kuberc'))
  if (!file) throw new KubectlError('KUBERC is disabled via KUBERC=off environment variable')
  return file
}

/** The file's text; null where there is none. */
async function textOf({ io }: Context, path: string): Promise<string | null> {
  try {
    return await io.read(path)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (/no such file/.test(why)) return null
    throw new KubectlError(`error reading kuberc file: ${why}`)
  }
}

function parsed(text: string): Fields {
  try {
    return (parseYaml(text).value ?? {}) as Fields
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new KubectlError(`error parsing kuberc file: error converting YAML to JSON: ${error.message}`)
  }
}

const view = command({
  name: 'view',
  async run(context) {
    const { io, flags } = context
    const { path, explicit } = fileOf(context)
    const text = await textOf(context, path)
    if (text === null) {
      if (explicit) throw new KubectlError(`kuberc file not found at ${path}`)
      io.out(`kuberc file not found at ${path}\n`)
      io.out('Would you like to generate a default kuberc file with recommended options? (y/N): ')
      const [answer = ''] = (await io.stdin()).split('\n')
      if (/^y$/i.test(answer.trim())) await savePreference(io, path, RECOMMENDED)
      return
    }
    const shown = ordered(inOrder(parsed(text)) as unknown as AnyObject)
    const printer = printerFor(flags)
    if (printer) io.out(printer(shown, 'preference.kubectl.config.k8s.io/<unknown>'))
  },
})

const set = command({
  name: 'set',
  async run(context) {
    const { flags, io } = context
    const { path } = fileOf(context)
    checkSet(context)
    const text = await textOf(context, path)
    const preference = text ? { ...NEW, ...parsed(text) } : { ...NEW }
    const options = flags.all('option').map((option) => {
      const cut = option.indexOf('=')
      if (cut < 0) throw new KubectlError(`invalid option format ${JSON.stringify(option)}, expected flag=value`)
      return { name: option.slice(0, cut).replace(/^-+/, ''), default: option.slice(cut + 1) }
    })
    const section = flags.text('section')
    if (section === 'defaults') setDefaults(context, preference, options)
    else if (section === 'aliases') setAlias(context, preference, options)
    else setPolicy(context, preference)
    await savePreference(io, path, preference)
  },
})

/** Fields in the order in which Go's structs have them. */
function inOrder({ kind, apiVersion, defaults, aliases, credentialPluginPolicy, credentialPluginAllowlist }: Fields): Fields {
  const options = (value: unknown): Fields[] =>
    ((value ?? []) as Fields[]).map((one) => ({ name: one['name'], default: one['default'] }))
  const placed = (one: Fields, names: readonly string[]): Fields =>
    Object.fromEntries(
      names.filter((name) => one[name] !== undefined).map((name) => [name, name === 'options' ? options(one[name]) : one[name]]),
    )
  const list = (value: unknown, names: readonly string[]): Fields[] =>
    ((value ?? []) as Fields[]).map((one) => placed(one, names))
  return {
    kind,
    apiVersion,
    defaults: list(defaults, ['command', 'options']),
    aliases: list(aliases, ['name', 'command', 'prependArgs', 'appendArgs', 'options']),
    ...(credentialPluginPolicy ? { credentialPluginPolicy } : {}),
    ...(credentialPluginAllowlist ? { credentialPluginAllowlist } : {}),
  }
}

const [DEFAULTS, ALIASES, POLICY] = ['defaults', 'aliases', 'credentialplugin']

function checkSet({ flags }: Context): void {
  const section = flags.text('section')
  const arguments_ = flags.has('prependarg') || flags.has('appendarg')
  if (![DEFAULTS, ALIASES, POLICY].includes(section))
    throw new KubectlError(`--section must be "defaults", "aliases", or "credentialplugin", got: ${section}`)
  if (section === ALIASES && !flags.text('name')) throw new KubectlError('--name is required when --section=aliases')
  if (section === DEFAULTS && flags.text('name')) throw new KubectlError('--name should not be specified when --section=defaults')
  if (section === DEFAULTS && arguments_)
    throw new KubectlError('--prependarg and --appendarg are only valid for --section=aliases')
  if (section !== POLICY && !flags.text('command'))
    throw new KubectlError('--command is required when --section=aliases or --section=defaults')
  if (section !== POLICY) return
  const policy = flags.text('policy')
  const where = '--section=credentialplugin and --policy=Allowlist'
  if (!policy) throw new KubectlError('--policy is required when --section=credentialplugin')
  if (!['AllowAll', 'DenyAll', 'Allowlist'].includes(policy))
    throw new KubectlError(` --policy must be  "AllowAll", "DenyAll", or "Allowlist", got: ${policy}`)
  if (policy !== 'Allowlist' && flags.has('allowlist-entry'))
    throw new KubectlError(`--allowlist-entry may only be used when ${where}`)
  if (policy === 'Allowlist' && !flags.has('allowlist-entry'))
    throw new KubectlError(`--allowlist-entry is required when ${where}`)
}

/** The entry of that name; one that is there already is only replaced when that was asked for. */
function placeIn({ flags }: Context, list: Fields[], key: string, made: Fields, taken: string): void {
  const at = list.findIndex((one) => one[key] === made[key])
  if (at < 0) return void list.push(made)
  if (!flags.is('overwrite'))
    throw new KubectlError(`${taken} already exist${key === 'name' ? 's' : ''}, use --overwrite to replace`)
  const kept = Object.fromEntries(Object.entries(list[at] as Fields).filter(([name]) => name !== 'command'))
  const given = Object.fromEntries(Object.entries(made).filter(([, value]) => !Array.isArray(value) || value.length > 0))
  list[at] = { ...kept, ...given }
}

function setDefaults(context: Context, preference: Fields, options: Fields[]): void {
  const name = context.flags.text('command')
  const list = [...((preference['defaults'] as Fields[] | null) ?? [])]
  placeIn(context, list, 'command', { command: name, options }, `defaults for command ${JSON.stringify(name)}`)
  preference['defaults'] = list.map((one) =>
    Array.isArray(one['options']) && one['options'].length === 0 ? { ...one, options: null } : one,
  )
}

function setAlias(context: Context, preference: Fields, options: Fields[]): void {
  const { flags } = context
  const name = flags.text('name')
  const made = {
    name,
    command: flags.text('command'),
    prependArgs: flags.all('prependarg'),
    appendArgs: flags.all('appendarg'),
    options,
  }
  const list = [...((preference['aliases'] as Fields[] | null) ?? [])]
  placeIn(context, list, 'name', made, `alias ${JSON.stringify(name)}`)
  preference['aliases'] = list.map((one) =>
    Object.fromEntries(Object.entries(one).filter(([, value]) => !Array.isArray(value) || value.length > 0)),
  )
}

function setPolicy({ flags }: Context, preference: Fields): void {
  const policy = flags.text('policy')
  preference['credentialPluginPolicy'] = policy
  if (policy !== 'Allowlist') return
  const problems: string[] = []
  const entries: Fields[] = []
  for (const pair of flags.all('allowlist-entry').flatMap((entry) => entry.split(','))) {
    const cut = pair.indexOf('=')
    const [field, value] = [pair.slice(0, cut), pair.slice(cut + 1)]
    if (cut < 0) problems.push(`improperly formatted allowlist entry: ${JSON.stringify(pair)}`)
    else if (field === 'name') problems.push('allowlist entry field "name" is deprecated, use "command" instead')
    else if (field !== 'command') problems.push(`unrecognized allowlist entry field: ${JSON.stringify(field)}`)
    else if (value.trim() === '') problems.push(`empty value in allowlist entry for field ${JSON.stringify(field)}`)
    else entries.push({ command: value })
  }
  if (problems.length > 0) throw together(problems.map((problem) => new KubectlError(problem)))
  preference['credentialPluginAllowlist'] = entries
}

export const kuberc = command({ name: 'kuberc', subcommands: [set, view] })
