/** Objects as the API server's internal Go types, for the messages that print those: capitalised fields, nothing left out. */
import { htmlSafe } from '#api/go-json.ts'
import { unifiedDiff } from './diff.ts'
import { INTERNAL_TYPES } from './internal-types.data.ts'

interface Field {
  name: string
  json: string
  kind: string
}

let table: Map<string, Field[]> | null = null

function fieldsOf(type: string): Field[] | undefined {
  table ??= new Map(INTERNAL_TYPES.trim().split('\n').map(parseType))
  return table.get(type)
}

function parseType(line: string): [string, Field[]] {
  const [type = '', ...fields] = line.split(' ')
  return [type, fields.map(parseField)]
}

function parseField(text: string): Field {
  const m = /^(\+?\w+)(?:=(\w+))?(?::(.+))?$/.exec(text)
  const name = m?.[1] ?? ''
  return { name, json: m?.[2] ?? name.charAt(0).toLowerCase() + name.slice(1), kind: m?.[3] ?? '' }
}

type Fields = Record<string, any>

/** What Go holds where JSON has nothing. */
function zero(kind: string): unknown {
  if (kind.startsWith('*') || kind.startsWith('[') || kind.startsWith('m') || kind === 'j') return null
  if (kind === 's') return ''
  if (kind === 'i' || kind === 'v') return 0
  if (kind === 'b') return false
  return kind === 'q' ? '0' : internal(kind, {})
}

function convert(kind: string, value: unknown): unknown {
  if (value === undefined || value === null) return zero(kind)
  if (kind.startsWith('*')) return convert(kind.slice(1), value)
  if (kind.startsWith('[')) return (value as unknown[]).map((item) => convert(kind.slice(1), item))
  if (kind.startsWith('m')) return sorted(value as Fields, (item) => convert(kind.slice(1), item))
  return fieldsOf(kind) ? internal(kind, value as Fields) : value
}

const sorted = (map: Fields, change: (value: unknown) => unknown): Fields =>
  Object.fromEntries(
    Object.keys(map)
      .sort()
      .map((key) => [key, change(map[key])]),
  )

/** The namespaces a Pod shares with its host stand in the security context of the internal type. */
function withHost(spec: Fields): Fields {
  const { hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers } = spec
  return {
    ...spec,
    securityContext: { ...spec['securityContext'], hostNetwork, hostPID, hostIPC, shareProcessNamespace, hostUsers },
  }
}

const META_ORDER = ['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'generation', 'creationTimestamp']
const MAPS = ['labels', 'annotations']

/** Metadata as Go writes it: its fields in order, what is empty left out, maps by their keys. */
function metadataOf(metadata: Fields): Fields {
  const first = [...META_ORDER, ...MAPS].filter((name) => metadata[name] !== undefined)
  const rest = Object.keys(metadata).filter((name) => !first.includes(name))
  const value = (name: string) => (MAPS.includes(name) ? sorted(metadata[name], (item) => item) : metadata[name])
  return Object.fromEntries([...first, ...rest].map((name) => [name, value(name)]))
}

/** A value of the internal type `type`, all fields in order. */
export function internal(type: string, value: object): Fields {
  const given = (type === 'PodSpec' ? withHost(value as Fields) : value) as Fields
  const result: Fields = {}
  for (const { name, json, kind } of fieldsOf(type) ?? []) {
    if (name === '+ObjectMeta') Object.assign(result, metadataOf(given['metadata'] ?? {}))
    else if (name.startsWith('+')) Object.assign(result, internal(name.slice(1), given))
    else result[name] = convert(kind, given[json])
  }
  return result
}

/** diff.Diff of two values of an internal type: what `pod updates may not change fields …` ends with. */
export function internalDiff(type: string, old: object, next: object): string {
  const print = (value: object): string => htmlSafe(JSON.stringify(internal(type, value), null, 1))
  return unifiedDiff(print(old), print(next))
}
