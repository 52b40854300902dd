/** The file of preferences: found, read in either of its versions, and written. */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import { toYaml } from '#api/yaml.ts'
import { KubectlError } from './error.ts'
import type { Io } from './io.ts'
import { logHead } from './klog.ts'

export interface Option {
  name: string
  default: string
}

export interface Alias {
  name: string
  command: string
  prependArgs: string[]
  appendArgs: string[]
  options: Option[]
}

export interface Preference {
  defaults: { command: string; options: Option[] }[]
  aliases: Alias[]
  credentialPluginPolicy: string
  credentialPluginAllowlist: { name?: string; command: string }[] | undefined
}

type Fields = Record<string, unknown>

/** Names of the fields, which changed between the versions. */
interface Words {
  defaults: string
  options: string
  top: string[]
  /** What the lists hold, in Go's words. */
  lists: Record<string, string>
}
const GROUP = 'kubectl.config.k8s.io'
const VERSIONS: Record<string, Words> = {
  [`${GROUP}/v1alpha1`]: {
    defaults: 'overrides',
    options: 'flags',
    top: [],
    lists: { aliases: 'AliasOverride', overrides: 'CommandDefaults' },
  },
  [`${GROUP}/v1beta1`]: {
    defaults: 'defaults',
    options: 'options',
    top: ['credentialPluginPolicy', 'credentialPluginAllowlist'],
    lists: { aliases: 'AliasOverride', defaults: 'CommandDefaults', credentialPluginAllowlist: 'AllowlistEntry' },
  },
}

/** The first document of the file that can be understood. Where nobody asked for the file, what is wrong is only told. */
export async function preferenceIn(io: Io, path: string, explicit: boolean, verbosity: number): Promise<Preference | null> {
  const log = (line: number, what: string): void => {
    if (verbosity >= 5) io.err(`${logHead('I', `marshal.go:${line}`, io.now())} kuberc: ${what}\n`)
  }
  let text: string
  try {
    text = await io.read(path)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    if (explicit) throw new KubectlError(`kuberc: ${why}`)
    if (!/no such file/.test(why)) io.err(`kuberc: no preferences loaded from ${path}: ${why}`)
    return null
  }
  const documents = text.split(/^---.*\n/m).filter((one) => one.trim() !== '')
  for (const [i, document] of documents.entries()) {
    const read = decoded(document)
    if (typeof read === 'string') {
      log(71, `strict decoding error for entry ${i + 1} in ${path}: ${read}`)
      continue
    }
    log(94, `using entry ${i + 1} (${read.version}) in ${path}`)
    if (read.strange.length > 0)
      io.err(`kuberc: ignoring strict decoding error in ${path}: strict decoding error: ${read.strange.join(', ')}`)
    return read.preference
  }
  if (documents.length === 0) {
    log(103, `no preferences found in ${path}`)
    return null
  }
  const none = `no valid preferences found in ${path}, use --v=5 to see details`
  if (explicit) throw new KubectlError(`kuberc: ${none}`)
  io.err(`kuberc: no preferences loaded from ${path}: ${none}`)
  return null
}

interface Read {
  preference: Preference
  strange: string[]
  version: string
}

/** What a document says, or why it is no preference. */
function decoded(text: string): Read | string {
  let file: Fields
  try {
    file = parseYaml(text).value as Fields
  } catch (error) {
    if (error instanceof YamlError) return error.message
    throw error
  }
  if (typeof file !== 'object' || Array.isArray(file))
    return `couldn't get version/kind; json parse error: json: cannot unmarshal ${goKind(file)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`
  const { apiVersion = '', kind } = file ?? {}
  if (!kind) return `Object 'Kind' is missing in '${text}'`
  const version = String(apiVersion)
  const words = VERSIONS[version]
  if (!words || kind !== 'Preference')
    return `no kind ${JSON.stringify(kind)} is registered for version ${JSON.stringify(version)} in scheme "pkg/runtime/scheme.go:111"`
  for (const [name, type] of Object.entries(words.lists))
    if (file[name] != null && !Array.isArray(file[name]))
      return `json: cannot unmarshal ${goKind(file[name])} into Go struct field Preference.${name} of type []${version.slice(GROUP.length + 1)}.${type}`
  const strange: string[] = []
  const known = (object: Fields, names: readonly string[], at: string): void => {
    for (const name of Object.keys(object)) if (!names.includes(name)) strange.push(`unknown field ${JSON.stringify(at + name)}`)
  }
  known(file, ['apiVersion', 'kind', 'aliases', words.defaults, ...words.top], '')
  const aliases = listOf(file['aliases'])
  const defaults = listOf(file[words.defaults])
  for (const [i, one] of aliases.entries())
    known(one, ['name', 'command', 'prependArgs', 'appendArgs', words.options], `aliases[${i}].`)
  for (const [i, one] of defaults.entries()) known(one, ['command', words.options], `${words.defaults}[${i}].`)
  const optionsIn = (one: Fields): Option[] =>
    listOf(one[words.options]).map(({ name = '', default: value = '' }) => ({ name: String(name), default: String(value) }))
  const list = file['credentialPluginAllowlist']
  return {
    strange,
    version,
    preference: {
      defaults: defaults.map((one) => ({ command: String(one['command'] ?? ''), options: optionsIn(one) })),
      aliases: aliases.map((one) => ({
        name: String(one['name'] ?? ''),
        command: String(one['command'] ?? ''),
        prependArgs: stringsOf(one['prependArgs']),
        appendArgs: stringsOf(one['appendArgs']),
        options: optionsIn(one),
      })),
      credentialPluginPolicy: String(file['credentialPluginPolicy'] ?? ''),
      credentialPluginAllowlist: Array.isArray(list) ? (list as { command: string }[]) : undefined,
    },
  }
}

const goKind = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value)
const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : [])
const stringsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** Writes the preferences, and says so. */
export async function savePreference(io: Io, path: string, preference: Fields): Promise<void> {
  if (!io.write) throw new KubectlError('there is no file here that preferences could be written to')
  await io.write(path, toYaml(preference))
  io.out(`Updated ${path}\n`)
}
