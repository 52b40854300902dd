/** One document's value as objects, as kubectl decodes it: what it must have, and its words where something is missing or of a wrong type. */
import type { AnyObject } from '#api/meta.ts'
import { KubectlError } from './error.ts'
import { metadataProblem } from './metadata-types.ts'

type Fields = Record<string, unknown>

/** A document's value, and its text as JSON: what is told of it is told with that. */
export interface Document {
  value: unknown
  json: string
}

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value)

/** Whatever has `items` is one. */
export const isList = (value: unknown): boolean => isFields(value) && value['items'] !== undefined

export interface Listed {
  object: AnyObject
  /** It is an item of a list: then errors are told as one of several may be. */
  listed: boolean
}

/** An error stands in for an object that could not be made out. */
export type Decoded = Listed | KubectlError

/** What is wrong with one object alone stands in its place. */
export function decoded({ value, json }: Document, source: string): Decoded[] {
  const shown = JSON.stringify(source)
  const undecodable = (why: string): KubectlError[] => [new KubectlError(`unable to decode ${shown}: ${why}`)]
  if (!isFields(value))
    return undecodable(`json: cannot unmarshal ${jsonType(value)} into Go value of type unstructured.detector`)
  const { items } = value
  if (items !== undefined && items !== null && !Array.isArray(items))
    return undecodable(
      `json: cannot unmarshal ${jsonType(items)} into Go struct field decodeList.items of type []json.RawMessage`,
    )
  const odd = ((items ?? []) as unknown[]).find((item) => item !== null && !isFields(item))
  if (odd !== undefined)
    return undecodable(`json: cannot unmarshal ${jsonType(odd)} into Go value of type map[string]interface {}`)
  if (!kindOf(value)) return undecodable(`Object 'Kind' is missing in '${json}'`)
  const wrong = metadataProblem(value)
  if (wrong) return undecodable(wrong)
  return isList(value) ? itemsOf(value) : [{ object: value as unknown as AnyObject, listed: false }]
}

/** What an object has to say of itself, and does not. */
export function kindProblems(value: unknown): string[] {
  if (!isFields(value)) return ['invalid object to validate']
  const { apiVersion = null, kind = null } = value
  const wrong: string[] = []
  if (apiVersion === null) wrong.push('apiVersion not set')
  else if (typeof apiVersion !== 'string') wrong.push("apiVersion isn't string type")
  else if (!isVersion(apiVersion)) wrong.push(`unexpected GroupVersion string: ${apiVersion}`)
  if (kind === null) wrong.push('kind not set')
  else if (typeof kind !== 'string') wrong.push("kind isn't string type")
  return wrong
}

const isVersion = (apiVersion: string): boolean => apiVersion.split('/').length <= 2

/** Without a version that can be read there is no kind either. */
function kindOf({ apiVersion, kind }: Fields): string {
  if (typeof apiVersion === 'string' && !isVersion(apiVersion)) return ''
  return typeof kind === 'string' ? kind : ''
}

/** Whatever has `items` is a list; those that say nothing of themselves are what its kind says. */
function itemsOf({ apiVersion, kind, items }: Fields): Decoded[] {
  const all: Decoded[] = []
  for (const item of (items ?? []) as (Fields | null)[]) {
    const { apiVersion: ownVersion, kind: ownKind } = item ?? {}
    const object = !ownVersion && !ownKind ? { ...item, apiVersion, kind: String(kind).replace(/List$/, '') } : (item as Fields)
    if (Array.isArray(object['items']))
      return [new KubectlError('*unstructured.Unstructured is not a list: no Items field in this object')]
    const lacks = kindOf(object) ? (object['apiVersion'] ? '' : 'apiVersion') : 'Kind'
    const words = lacks === 'Kind' ? 'object has no kind field ' : 'object has no apiVersion field'
    if (lacks)
      all.push(
        new KubectlError(
          `unable to get type info from the object "*unstructured.Unstructured": Object '${lacks}' is missing in '${words}'`,
          1,
          true,
        ),
      )
    else all.push({ object: object as unknown as AnyObject, listed: true })
  }
  return all
}

/** encoding/json's word for what stands there. */
const jsonType = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value)
