/** What an apply would change in one object, as lines of YAML: whose doing each is, and who had set it before. */
import type { AnyObject } from '#api/meta.ts'
import { t } from '../../words/index.ts'

export interface DiffLine {
  sign: '+' | '-' | ' '
  text: string
  /** Not written in the manifest: the server would fill it in. */
  defaulted?: boolean
}

export interface Difference {
  lines: DiffLine[]
  /** Fields that somebody else had set and that this would take over, in words. */
  conflicts: string[]
}

type Dict = Record<string, unknown>

/** What the server keeps for itself says nothing of what one asked for. */
const BOOKKEEPING = new Set(['managedFields', 'resourceVersion', 'uid', 'creationTimestamp', 'generation', 'selfLink'])
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'
/** The elements of most lists have names of a kind. */
const NAMES = ['name', 'containerPort', 'port', 'mountPath', 'key', 'type', 'uid']

const isMap = (value: unknown): value is Dict => typeof value === 'object' && value !== null && !Array.isArray(value)

function bare(object: AnyObject | undefined): Dict | undefined {
  if (!object) return undefined
  const { status: _status, metadata, ...rest } = object
  const { annotations = {}, ...kept } = metadata
  const others = Object.fromEntries(Object.entries(annotations).filter(([key]) => key !== LAST_APPLIED))
  const shown = Object.fromEntries(Object.entries(kept).filter(([key]) => !BOOKKEEPING.has(key)))
  return { ...rest, metadata: { ...shown, ...(Object.keys(others).length > 0 ? { annotations: others } : {}) } }
}

/** `manifest` is what was written, `before` what the cluster holds now, `after` what the server would make of it. */
export function differenceOf(manifest: AnyObject, before: AnyObject | undefined, after: AnyObject): Difference {
  const conflicts: string[] = []
  const owners = before ? ownersOf(before) : () => []
  const tell = (path: string[], was: unknown, is: unknown): void => {
    for (const owner of owners(path))
      conflicts.push(
        t('{field}: {was} → {is}, last set by {owner}; Apply takes it over', {
          field: wordsOf(path),
          was: short(was),
          is: short(is),
          owner,
        }),
      )
  }
  const lines = ofMaps({ before: bare(before) ?? {}, after: bare(after) ?? {}, manifest, depth: 0, path: [], tell })
  return { lines, conflicts }
}

interface Place {
  before: unknown
  after: unknown
  manifest: unknown
  depth: number
  path: string[]
  tell(path: string[], was: unknown, is: unknown): void
}

function ofMaps(place: Place): DiffLine[] {
  const [before, after, manifest] = [place.before as Dict, place.after as Dict, isMap(place.manifest) ? place.manifest : {}]
  const keys = [...new Set([...Object.keys(after), ...Object.keys(before)])]
  return keys.flatMap((key) =>
    ofField(key, {
      ...place,
      before: before[key],
      after: after[key],
      manifest: manifest[key],
      path: [...place.path, `f:${key}`],
    }),
  )
}

function ofField(label: string, place: Place): DiffLine[] {
  const { before, after, manifest, depth, path, tell } = place
  if (JSON.stringify(before) === JSON.stringify(after)) return []
  const head: DiffLine = { sign: ' ', text: `${'  '.repeat(depth)}${label}:` }
  if (isMap(before) && isMap(after)) return withHead(head, ofMaps({ ...place, depth: depth + 1 }))
  if (Array.isArray(before) && Array.isArray(after) && [...before, ...after].every(isMap))
    return withHead(head, ofLists({ ...place, depth: depth + 1 }))
  if (before !== undefined) tell(path, before, after)
  return [
    ...(before === undefined ? [] : written('-', label, before, depth, before)),
    ...(after === undefined ? [] : written('+', label, after, depth, manifest)),
  ]
}

const withHead = (head: DiffLine, inside: DiffLine[]): DiffLine[] => (inside.length > 0 ? [head, ...inside] : [])

function ofLists(place: Place): DiffLine[] {
  const [before, after] = [place.before as Dict[], place.after as Dict[]]
  const manifest = Array.isArray(place.manifest) ? (place.manifest as Dict[]) : []
  const name = NAMES.find((key) => [...before, ...after].every((item) => item[key] !== undefined))
  const same = (list: Dict[], item: Dict, i: number): Dict | undefined =>
    name ? list.find((other) => other[name] === item[name]) : list[i]
  const label = (item: Dict, i: number): string => (name ? `- ${name}: ${short(item[name])}  #` : `- #${i}`)
  const at = (item: Dict, i: number): string[] => [...place.path, name ? `k:${JSON.stringify({ [name]: item[name] })}` : `i:${i}`]
  const kept = after.flatMap((item, i) => {
    const inside = { ...place, before: same(before, item, i), after: item, manifest: same(manifest, item, i), path: at(item, i) }
    return ofField(label(item, i), inside)
  })
  const gone = before
    .map((item, i): [Dict, number] => [item, i])
    .filter(([item, i]) => same(after, item, i) === undefined)
    .flatMap(([item, i]) =>
      ofField(label(item, i), { ...place, before: item, after: undefined, manifest: undefined, path: at(item, i) }),
    )
  return [...kept, ...gone].map((line) => ({ ...line, text: line.text.replace(/ {2}#:$/, '') }))
}

/** A whole value, line by line; what the manifest does not say is the server's. */
function written(sign: '+' | '-', label: string, value: unknown, depth: number, manifest: unknown): DiffLine[] {
  const mark = sign === '+' && manifest === undefined ? { defaulted: true } : {}
  const line = (text: string): DiffLine => ({ sign, text: `${'  '.repeat(depth)}${text}`, ...mark })
  if (isMap(value) && Object.keys(value).length > 0) {
    const said = isMap(manifest) ? manifest : {}
    return [line(`${label}:`), ...Object.entries(value).flatMap(([k, v]) => written(sign, k, v, depth + 1, said[k]))]
  }
  if (Array.isArray(value) && value.length > 0) {
    const said = Array.isArray(manifest) ? manifest : []
    return [line(`${label}:`), ...value.flatMap((v, i) => writtenItem(sign, v, depth + 1, said[i]))]
  }
  return [line(`${label}: ${scalar(value)}`)]
}

function writtenItem(sign: '+' | '-', value: unknown, depth: number, manifest: unknown): DiffLine[] {
  const pad = '  '.repeat(depth)
  if (!isMap(value))
    return [{ sign, text: `${pad}- ${scalar(value)}`, ...(sign === '+' && manifest === undefined ? { defaulted: true } : {}) }]
  const said = isMap(manifest) ? manifest : {}
  const lines = Object.entries(value).flatMap(([k, v]) => written(sign, k, v, depth + 1, said[k]))
  return lines.map((line, i) => (i === 0 ? { ...line, text: `${pad}- ${line.text.slice(pad.length + 2)}` } : line))
}

const PLAIN = /^[A-Za-z_/](?:[\w ./@=%-]|:(?=\S))*$/
const WORDS = /^(?:true|false|null|yes|no|on|off|y|n|~)$/i
function scalar(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value)
  return PLAIN.test(value) && !WORDS.test(value) && !value.endsWith(' ') ? value : JSON.stringify(value)
}

const MOST = 40
function short(value: unknown): string {
  const text = value === undefined ? 'nothing' : typeof value === 'string' ? value : JSON.stringify(value)
  return text.length > MOST ? `${text.slice(0, MOST)}…` : text
}

/** `f:spec`, `k:{"name":"web"}`, `f:image` as `spec[web].image`. */
const wordsOf = (path: string[]): string =>
  path
    .map((step) =>
      step.startsWith('f:') ? `.${step.slice(2)}` : `[${Object.values(JSON.parse(step.slice(2)) as object).join()}]`,
    )
    .join('')
    .slice(1)

/** Who, besides `kubectl apply`, set a field: as the object's managed fields have it. */
function ownersOf(object: AnyObject): (path: string[]) => string[] {
  const entries = (object.metadata as { managedFields?: Dict[] }).managedFields ?? []
  const others = entries.filter(
    ({ manager, operation, subresource }) =>
      subresource !== 'status' && !/client-side-apply/.test(String(manager)) && !(manager === 'kubectl' && operation === 'Apply'),
  )
  return (path) =>
    others
      .filter(({ fieldsV1 }) => owns(fieldsV1, path))
      .map(({ manager, subresource }) => `"${String(manager)}"${subresource ? ` (${String(subresource)})` : ''}`)
}

function owns(fields: unknown, path: string[]): boolean {
  let node = fields
  for (const step of path) {
    if (!isMap(node)) return false
    const wanted = step.startsWith('k:') ? (JSON.parse(step.slice(2)) as Dict) : null
    const key = wanted
      ? Object.keys(node).find(
          (k) => k.startsWith('k:') && Object.entries(wanted).every(([n, v]) => (JSON.parse(k.slice(2)) as Dict)[n] === v),
        )
      : step
    node = key === undefined ? undefined : node[key]
  }
  return node !== undefined
}
