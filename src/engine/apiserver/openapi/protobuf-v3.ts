/** OpenAPI v3 as protobuf: gnostic's Document (OpenAPIv3.proto), made of the JSON document by the table of its messages. */
import { toYaml } from '../yaml-codec.ts'
import { Wire } from './wire.ts'

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

const isReference = (value: Json): boolean => typeof value['$ref'] === 'string'
/** Itself, or where it stands. */
function referable(wire: Wire, value: Json, message: string): void {
  if (isReference(value)) wire.message(2, () => text(wire, 1, value['$ref'] as string))
  else wire.message(1, () => encode(wire, message, value))
}
/** Empty texts are not written. */
function text(wire: Wire, number: number, value: string): void {
  if (value !== '') wire.text(number, value)
}
function named(wire: Wire, number: number, name: string, write: () => void): void {
  wire.message(number, () => {
    text(wire, 1, name)
    wire.message(2, write)
  })
}
const any = (wire: Wire, value: unknown): void => text(wire, 2, block(value))

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

type Write = (wire: Wire, field: Field, value: any, whole: Json) => void

/** How each kind is written; of `whole` where it has no name. */
const WRITE: Record<string, Write> = {
  s: (wire, { number }, value) => text(wire, number, value),
  b: (wire, { number }, value) => value === true && wire.flag(number),
  d: (wire, { number }, value) => wire.double(number, value),
  i: (wire, { number }, value) => wire.whole(number, value),
  S: (wire, { number }, value: string[]) => {
    for (const each of value) wire.text(number, each)
  },
  y: (wire, { number }, value) => wire.message(number, () => any(wire, value)),
  Y: (wire, { number }, value: unknown[]) => {
    for (const each of value) wire.message(number, () => any(wire, each))
  },
  m: (wire, { number, message }, value) => wire.message(number, () => encode(wire, message, value)),
  M: (wire, { number, message }, value: Json[]) => {
    for (const each of value) wire.message(number, () => encode(wire, message, each))
  },
  R: (wire, { number, message }, value) => wire.message(number, () => referable(wire, value, message)),
  L: (wire, { number, message }, value: Json[]) => {
    for (const each of value) wire.message(number, () => referable(wire, each, message))
  },
  N: (wire, { number, message }, value: Record<string, Json>) =>
    wire.message(number, () => {
      for (const [name, each] of Object.entries(value)) named(wire, 1, name, () => referable(wire, each, message))
    }),
  I: (wire, { number }, value: Json) => wire.message(number, () => wire.message(1, () => referable(wire, value, 'Schema'))),
  A: (wire, { number }, value: Json | boolean) =>
    wire.message(number, () => {
      if (typeof value === 'boolean') wire.flag(2, value)
      else wire.message(1, () => referable(wire, value, 'Schema'))
    }),
  D: (wire, { number }, value) => wire.message(number, () => defaultOf(wire, value)),
  P: (wire, { number, message }, _, whole) => {
    for (const [name, each] of own(whole)) named(wire, number, name, () => encode(wire, message, each as Json))
  },
  Q: (wire, { number, message }, _, whole) => {
    for (const [name, each] of own(whole))
      if (name !== 'default') named(wire, number, name, () => referable(wire, each as Json, message))
  },
  T: (wire, { number }, _, whole) => {
    for (const [name, each] of Object.entries(whole))
      named(wire, number, name, () => {
        for (const one of each as string[]) wire.text(1, one)
      })
  },
  x: (wire, { number }, _, whole) => {
    for (const [name, each] of Object.entries(whole)) if (name.startsWith('x-')) named(wire, number, name, () => any(wire, each))
  },
}
const WHOLE = 'PQTx'

/** Defaults are numbers, booleans or texts; of others nothing is kept. */
function defaultOf(wire: Wire, value: unknown): void {
  if (typeof value === 'number') wire.double(1, value)
  if (typeof value === 'boolean') wire.flag(2, value)
  if (typeof value === 'string') wire.text(3, value)
}

function encode(wire: Wire, message: string, value: Json): void {
  for (const field of fieldsOf(message)) {
    const given = WHOLE.includes(field.kind) ? value : value[field.name]
    if (given !== undefined) (WRITE[field.kind] as Write)(wire, field, given, value)
  }
}

export function documentV3Protobuf(document: object): Uint8Array {
  const wire = new Wire()
  encode(wire, 'Document', document as Json)
  return wire.done()
}
