/** The Accept header, read and weighed as goautoneg does: what the client will get. */
import { fail } from '#api/status.ts'
import { JSON_TYPE, type Negotiation, OBJECT_TYPES, onlyThese, PROTOBUF_TYPE, plain, STREAM_TYPES, YAML_TYPE } from './accept.ts'
import type { Accepts, Call } from './call.ts'

export interface Clause {
  type: string
  parameters: Record<string, string>
  weight: number
}

export const clausesOf = (header: string): Clause[] => header.split(',').flatMap(clause).sort(rank)

function clause(text: string): Clause[] {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim())
  if (type !== '*' && type.split('/').length !== 2) return []
  const parameters: Record<string, string> = {}
  for (const part of rest) {
    const cut = part.indexOf('=')
    if (cut >= 0) parameters[part.slice(0, cut).trim()] = part.slice(cut + 1).trim()
  }
  const { q, ...others } = parameters
  return [{ type: type === '*' ? '*/*' : type, parameters: others, weight: q === undefined ? 1 : Number(q) || 0 }]
}

const rank = (a: Clause, b: Clause): number => b.weight - a.weight || breadth(a) - breadth(b)
const breadth = ({ type }: Clause): number => (type.startsWith('*/') ? 2 : type.endsWith('/*') ? 1 : 0)

/** What a clause means to a server that has these types: the first of them that fits. */
export const servedBy = (type: string, types: readonly string[]): string | undefined =>
  type === '*/*' || type === 'application/*' ? types[0] : types.includes(type) ? type : undefined

/** How a Status is written: nothing stands in its way, and whoever asked for what can't be gets it laid out over several lines. */
export function statusForm(header: string, types: readonly string[]): { type: string; raw: boolean } {
  for (const { type, parameters } of clausesOf(header)) {
    const served = parameters['as'] === undefined && !parameters['sv'] ? servedBy(type, types) : undefined
    if (served) return { type: served, raw: false }
  }
  return { type: JSON_TYPE, raw: true }
}

/** What a route of go-restful says to a client that takes nothing of what it produces; it knows no `application/*`. */
export function refusedByRoute(header: string | undefined, types: readonly string[]): string | null {
  if (!header) return null
  const asked = header.split(',').map((text) => text.split(';')[0]?.trim() ?? '')
  if (asked.some((type) => type === '*/*' || types.includes(type))) return null
  return `406: Not Acceptable\n\nAvailable representations: ${types.join(', ')}`
}

export function acceptsOf(header: string, call: Call, types: readonly string[]): Accepts {
  const clauses = clausesOf(header)
  const refused = call.resource && !call.resource.custom ? refusedByRoute(header, producedBy(call)) : null
  if (refused) throw fail(406, 'NotAcceptable', refused, {})
  for (const { type, parameters } of clauses) {
    const served = servedBy(type, types)
    if (!served) continue
    const { as, stream, sv } = parameters
    // Tables have no protobuf form, and custom objects have nothing but their metadata in it.
    if (served === PROTOBUF_TYPE && (as === 'Table' || (as === undefined && call.resource?.custom))) continue
    // Documents (discovery) have transforms of their own.
    if (as !== undefined && !call.resource) return plain()
    const accepts = as === undefined ? plain() : transform(as, parameters, call)
    if (!accepts || (stream && (stream !== 'watch' || served === YAML_TYPE)) || (sv && sv !== 'v1')) continue
    return { ...accepts, type: served, pretty: parameters['pretty'] === '1' }
  }
  if (!call.resource) return plain()
  throw fail(406, 'NotAcceptable', onlyThese(OBJECT_TYPES))
}

/** What the call's route can write. */
function producedBy({ verb, subresource }: Call): readonly string[] {
  if (subresource?.name === 'log') return ['text/plain', ...OBJECT_TYPES]
  return verb === 'list' || verb === 'watch' ? [...OBJECT_TYPES, ...STREAM_TYPES] : OBJECT_TYPES
}

function transform(as: string, parameters: Record<string, string>, call: Call): Accepts | null {
  const version = parameters['v'] ?? ''
  if (parameters['g'] !== 'meta.k8s.io' || (version !== 'v1' && version !== 'v1beta1')) return null
  if (as !== 'Table' && as !== 'PartialObjectMetadata' && as !== 'PartialObjectMetadataList') return null
  if (as === 'Table' && !hasTable(call)) return null
  return { ...plain(), as, metaVersion: version }
}

/** Questions that are only asked (reviews, tokens, evictions) have no columns. */
const hasTable = ({ resource, subresource }: Call): boolean =>
  !subresource?.handle && (resource?.verbs.some((verb) => verb === 'get' || verb === 'list') ?? false)

export const byAccept: Negotiation = { acceptsOf, statusForm }
