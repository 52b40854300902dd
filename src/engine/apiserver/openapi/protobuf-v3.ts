/** OpenAPI v3 as protobuf: gnostic's Document (OpenAPIv3.proto), made of the JSON document by the table of its messages. */
import { utf8 } from '#api/base64.ts'
import { toYaml } from '../yaml-codec.ts'

type Json = Record<string, unknown>

/**
 * A message each: `number kind name`. Kinds: s text, b boolean, d double, i whole number, S texts, y anything (as YAML), Y a list
 * of such, x the `x-…` fields; with a message's name behind: m one, M a list, P its fields by name (field 1 of it), and
 * R one that may be a reference (a message of two: itself, or 2), L a list of those, N a map of those (P: field 2 for responses).
 */
const MESSAGES: Record<string, string> = {
  Document: '1s openapi,2m info Info,4m paths Paths,5m components Components,6M security Requirement,9x',
  Info: '1s title,2s description,6s version,7x,8s summary',
  Paths: '1P PathItem,2x',
  PathItem:
    '2s summary,3s description,4m get Operation,5m put Operation,6m post Operation,7m delete Operation,8m options Operation,9m head Operation,10m patch Operation,13L parameters Parameter,14x',
  Operation:
    '1S tags,2s summary,3s description,5s operationId,6L parameters Parameter,7R requestBody RequestBody,8m responses Responses,10b deprecated,11M security Requirement,13x',
  Parameter:
    '1s name,2s in,3s description,4b required,5b deprecated,6b allowEmptyValue,7s style,8b explode,9b allowReserved,10R schema Schema,11y example,13m content MediaTypes,14x',
  RequestBody: '1s description,2m content MediaTypes,3b required,4x',
  MediaTypes: '1P MediaType',
  MediaType: '1R schema Schema,5x',
  Responses: '1R default Response,2Q Response,3x',
  Response: '1s description,3m content MediaTypes,5x',
  Components: '1N schemas Schema,3N parameters Parameter,7N securitySchemes Scheme,10x',
  Scheme: '1s type,2s description,3s name,4s in,5s scheme,6s bearerFormat,9x',
  Requirement: '1T',
  Schema:
    '1b nullable,3b readOnly,4b writeOnly,7y example,8b deprecated,9s title,10d multipleOf,11d maximum,12b exclusiveMaximum,13d minimum,14b exclusiveMinimum,15i maxLength,16i minLength,17s pattern,18i maxItems,19i minItems,20b uniqueItems,21i maxProperties,22i minProperties,23S required,24Y enum,25s type,26L allOf Schema,27L oneOf Schema,28L anyOf Schema,29m not Schema,30I items,31N properties Schema,32A additionalProperties,33D default,34s description,35s format,36x',
}

interface Field {
  number: number
  kind: string
  name: string
  message: string
}

const tables = new Map<string, readonly Field[]>()

function fieldsOf(message: string): readonly Field[] {
  let fields = tables.get(message)
  if (!fields) {
    fields = (MESSAGES[message] ?? '').split(',').map((text) => {
      const [, number = '', kind = '', name = '', of = ''] = /^(\d+)(\w) ?(\w*) ?(\w*)$/.exec(text) ?? []
      // What is found by its kind has no name of its own.
      return 'PQ'.includes(kind)
        ? { number: Number(number), kind, name: '', message: name }
        : { number: Number(number), kind, name, message: of }
    })
    tables.set(message, fields)
  }
  return fields
}

function varint(value: number | bigint): number[] {
  const out: number[] = []
  let left = BigInt.asUintN(64, BigInt(value))
  for (; left > 127n; left >>= 7n) out.push(Number(left & 127n) | 128)
  out.push(Number(left))
  return out
}

const bytes = (number: number, body: readonly number[]): number[] => varint(number * 8 + 2).concat(varint(body.length), body)
const text = (number: number, value: string): number[] => (value === '' ? [] : bytes(number, utf8(value)))
const flag = (number: number, value: unknown): number[] => (value === true ? [...varint(number * 8), 1] : [])

function double(number: number, value: number): number[] {
  return [...varint(number * 8 + 1), ...new Uint8Array(new Float64Array([value]).buffer)]
}

const isReference = (value: Json): boolean => typeof value['$ref'] === 'string'
/** Itself, or where it stands. */
const referable = (value: Json, message: string): number[] =>
  isReference(value) ? bytes(2, text(1, value['$ref'] as string)) : bytes(1, encode(message, value))
const named = (name: string, body: number[]): number[] => [...text(1, name), ...bytes(2, body)]
const any = (value: unknown): number[] => text(2, block(value))

/** YAML in block style with keys in the document's order, as go-yaml writes back what it has read. */
function block(value: unknown): string {
  if (Array.isArray(value) && value.length > 0) {
    return value.map((each) => `- ${block(each).trimEnd().replaceAll('\n', '\n  ')}\n`).join('')
  }
  const isMap = value !== null && typeof value === 'object' && !Array.isArray(value)
  const flat = isMap && Object.values(value).every((each) => each === null || typeof each !== 'object')
  return flat && Object.keys(value).length > 0
    ? Object.entries(value)
        .map(([key, each]) => `${key}: ${toYaml(each)}`)
        .join('')
    : toYaml(value)
}

const own = (value: Json): [string, unknown][] => Object.entries(value).filter(([key]) => !key.startsWith('x-'))

/** How each kind is written; of `whole` where it has no name. */
const WRITE: Record<string, (field: Field, value: any, whole: Json) => number[]> = {
  s: ({ number }, value) => text(number, value),
  b: ({ number }, value) => flag(number, value),
  d: ({ number }, value) => double(number, value),
  i: ({ number }, value) => [...varint(number * 8), ...varint(value)],
  S: ({ number }, value: string[]) => value.flatMap((each) => bytes(number, utf8(each))),
  y: ({ number }, value) => bytes(number, any(value)),
  Y: ({ number }, value: unknown[]) => value.flatMap((each) => bytes(number, any(each))),
  m: ({ number, message }, value) => bytes(number, encode(message, value)),
  M: ({ number, message }, value: Json[]) => value.flatMap((each) => bytes(number, encode(message, each))),
  R: ({ number, message }, value) => bytes(number, referable(value, message)),
  L: ({ number, message }, value: Json[]) => value.flatMap((each) => bytes(number, referable(each, message))),
  N: ({ number, message }, value: Record<string, Json>) =>
    bytes(
      number,
      Object.entries(value).flatMap(([name, each]) => bytes(1, named(name, referable(each, message)))),
    ),
  I: ({ number }, value: Json) => bytes(number, bytes(1, referable(value, 'Schema'))),
  A: ({ number }, value: Json | boolean) =>
    bytes(number, typeof value === 'boolean' ? [...varint(16), value ? 1 : 0] : bytes(1, referable(value, 'Schema'))),
  D: ({ number }, value) => bytes(number, defaultOf(value)),
  P: ({ number, message }, _, whole) =>
    own(whole).flatMap(([name, each]) => bytes(number, named(name, encode(message, each as Json)))),
  Q: ({ number, message }, _, whole) =>
    own(whole)
      .filter(([name]) => name !== 'default')
      .flatMap(([name, each]) => bytes(number, named(name, referable(each as Json, message)))),
  T: ({ number }, _, whole) =>
    Object.entries(whole).flatMap(([name, each]) =>
      bytes(
        number,
        named(
          name,
          (each as string[]).flatMap((one) => bytes(1, utf8(one))),
        ),
      ),
    ),
  x: ({ number }, _, whole) =>
    Object.entries(whole)
      .filter(([name]) => name.startsWith('x-'))
      .flatMap(([name, each]) => bytes(number, named(name, any(each)))),
}
const WHOLE = 'PQTx'

/** Defaults are numbers, booleans or texts; of others nothing is kept. */
function defaultOf(value: unknown): number[] {
  if (typeof value === 'number') return double(1, value)
  if (typeof value === 'boolean') return [...varint(16), value ? 1 : 0]
  return typeof value === 'string' ? bytes(3, utf8(value)) : []
}

function encode(message: string, value: Json): number[] {
  return fieldsOf(message).flatMap((field) => {
    const given = WHOLE.includes(field.kind) ? value : value[field.name]
    return given === undefined ? [] : (WRITE[field.kind] as (typeof WRITE)[string])(field, given, value)
  })
}

export const documentV3Protobuf = (document: object): Uint8Array => Uint8Array.from(encode('Document', document as Json))
