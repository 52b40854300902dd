/** The file of preferences: found, read in either of its versions, and written. */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import { toYaml } from '#api/yaml.ts'
import { KubectlError } from './error.ts'
import type { Io } from './io.ts'

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
}
const GROUP = 'kubectl.config.k8s.io'
const VERSIONS: Record<string, Words> = {
  [`${GROUP}/v1alpha1`]: { defaults: 'overrides', options: 'flags', top: [] },
  [`${GROUP}/v1beta1`]: {
    defaults: 'defaults',
    options: 'options',
    top: ['credentialPluginPolicy', 'credentialPluginAllowlist'],
  },
}

/** The first document of the file that can be understood. Where nobody asked for the file, what is wrong is only told. */
export async function preferenceIn(io: Io, path: string, explicit: boolean): Promise<Preference | null> {
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
  for (const document of documents) {
    const read = decoded(document)
    if (!read) continue
    if (read.strange.length > 0)
      io.err(`kuberc: ignoring strict decoding error in ${path}: strict decoding error: ${read.strange.join(', ')}`)
    return read.preference
  }
  if (documents.length === 0) return null
  const none = `no valid preferences found in ${path}, use --v=5 to see details`
  if (explicit) throw new KubectlError(`kuberc: ${none}`)
  io.err(`kuberc: no preferences loaded from ${path}: ${none}`)
  return null
}

function decoded(text: string): { preference: Preference; strange: string[] } | null {
  let file: Fields
  try {
    file = parseYaml(text).value as Fields
  } catch (error) {
    if (error instanceof YamlError) return null
    throw error
  }
  const words = VERSIONS[String(file?.['apiVersion'])]
  if (!words || file['kind'] !== 'Preference') return null
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

const listOf = (value: unknown): Fields[] => (Array.isArray(value) ? (value as Fields[]) : [])
const stringsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** Writes the preferences, and says so. */
export async function savePreference(io: Io, path: string, preference: Fields): Promise<void> {
  if (!io.write) throw new KubectlError('there is no file here that preferences could be written to')
  await io.write(path, toYaml(preference))
  io.out(`Updated ${path}\n`)
}
