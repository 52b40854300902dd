/** The media types that objects come as, and who says which of them a client takes. */
import { later } from '../sim/later.ts'
import type { Accepts, Call } from './call.ts'
import type { ApiServer } from './server.ts'

export const JSON_TYPE = 'application/json'
export const YAML_TYPE = 'application/yaml'
export const PROTOBUF_TYPE = 'application/vnd.kubernetes.protobuf'
/** What objects may come as, in the server's order of preference. */
export const OBJECT_TYPES = [JSON_TYPE, YAML_TYPE, PROTOBUF_TYPE]
export const STREAM_TYPES = [`${JSON_TYPE};stream=watch`, `${PROTOBUF_TYPE};stream=watch`]

/** What of them is written here: protobuf where the host brings it. */
export const writtenBy = ({ protobuf }: ApiServer): readonly string[] => OBJECT_TYPES.slice(0, protobuf ? 3 : 2)

/** What an Accept header comes to that is more than "anything" or "JSON". */
export interface Negotiation {
  acceptsOf(header: string, call: Call, types: readonly string[]): Accepts
  /** How a Status is written: nothing stands in its way, and whoever asked for what can't be gets it laid out over several lines. */
  statusForm(header: string, types: readonly string[]): { type: string; raw: boolean }
}

export const negotiation = later<Negotiation>('content negotiation')

export const saysLittle = (header: string | undefined): boolean => !header || header === '*/*' || header === JSON_TYPE

export const plain = (): Accepts => ({ as: null, metaVersion: 'v1', type: JSON_TYPE, pretty: false })

/** NewNotAcceptableError's words. */
export const onlyThese = (types: readonly string[]): string => `only the following media types are accepted: ${types.join(', ')}`
