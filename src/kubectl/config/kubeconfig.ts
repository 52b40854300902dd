/** A kubeconfig as data: clusters, users and contexts by name, and how they stand in a file. */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import { toYaml } from '#api/yaml.ts'
import { KubectlError } from '../error.ts'

export type Fields = Record<string, unknown>

export interface Kubeconfig {
  clusters: Map<string, Fields>
  users: Map<string, Fields>
  contexts: Map<string, Fields>
  currentContext: string
}

export const emptyConfig = (): Kubeconfig => ({ clusters: new Map(), users: new Map(), contexts: new Map(), currentContext: '' })

/** Names of the lists, and of what stands in each of their entries. */
const LISTS = [
  ['clusters', 'cluster'],
  ['contexts', 'context'],
  ['users', 'user'],
] as const

export function parseConfig(text: string, path: string): Kubeconfig {
  let read: unknown
  try {
    read = parseYaml(text).value ?? {}
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    throw new KubectlError(`error loading config file "${path}": ${error.message}`)
  }
  if (typeof read !== 'object' || Array.isArray(read)) {
    throw new KubectlError(
      `error loading config file "${path}": couldn't get version/kind; json parse error: json: cannot unmarshal ${Array.isArray(read) ? 'array' : typeof read} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`,
    )
  }
  const file = read as Fields
  const [version, kind] = [file['apiVersion'] || 'v1', file['kind'] || 'Config']
  if (version !== 'v1' || kind !== 'Config') {
    const what = `no kind "${kind}" is registered for version "${version}" in scheme "pkg/runtime/scheme.go:111"`
    throw new KubectlError(`error loading config file "${path}": ${what}`)
  }
  const config = emptyConfig()
  for (const [list, field] of LISTS) {
    for (const entry of (file[list] ?? []) as Fields[]) config[list].set(String(entry['name']), (entry[field] ?? {}) as Fields)
  }
  config.currentContext = String(file['current-context'] ?? '')
  return config
}

/** The file's form, its lists sorted by name. */
export function configObject(config: Kubeconfig): Fields {
  const list = (key: 'clusters' | 'contexts' | 'users', field: string): Fields[] | null => {
    const entries = [...config[key]].sort(([a], [b]) => (a < b ? -1 : 1))
    return entries.length > 0 ? entries.map(([name, fields]) => ({ [field]: fields, name })) : null
  }
  return {
    apiVersion: 'v1',
    clusters: list('clusters', 'cluster'),
    contexts: list('contexts', 'context'),
    'current-context': config.currentContext,
    kind: 'Config',
    users: list('users', 'user'),
  }
}

export const configText = (config: Kubeconfig): string => toYaml(configObject(config))

/** Several files are one: whoever names a thing first has it. */
export function merged(configs: readonly Kubeconfig[]): Kubeconfig {
  const whole = emptyConfig()
  for (const config of configs) {
    for (const [list] of LISTS)
      for (const [name, fields] of config[list]) if (!whole[list].has(name)) whole[list].set(name, fields)
    if (whole.currentContext === '') whole.currentContext = config.currentContext
  }
  return whole
}

export { LISTS as CONFIG_LISTS }
