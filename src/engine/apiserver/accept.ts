/** The Accept header, read and weighed as goautoneg does. */
import type { ApiServer } from './server.ts'

export interface Clause {
  type: string
  parameters: Record<string, string>
  weight: number
}

export const JSON_TYPE = 'application/json'
export const YAML_TYPE = 'application/yaml'
export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf'
/** What objects may come as, in the server's order of preference. */
export const OBJECT_TYPES = [JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE]
export const STREAM_TYPES = [`${JSON_TYPE};stream=watch`, `${PROTOBUF_TYPE};stream=watch`]

/** What of them is written here: protobuf where the host brings it. */
export const writtenBy = ({ protobuf }: ApiServer): readonly string[] => OBJECT_TYPES.slice(0, protobuf ? 3 : 2)

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
export function statusForm(header: string | undefined, types: readonly string[]): { type: string; raw: boolean } {
  for (const { type, parameters } of clausesOf(header || JSON_TYPE)) {
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

/** NewNotAcceptableError's words. */
export const onlyThese = (types: readonly string[]): string => `only the following media types are accepted: ${types.join(', ')}`
