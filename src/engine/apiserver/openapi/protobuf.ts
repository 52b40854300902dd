/** OpenAPI v2 as protobuf (gnostic's Document): what client-go and older kubectls read. Written from the document as JSON, field by field. */
import { Wire } from './wire.ts'

type Node = Readonly<Record<string, any>>

/** How a key of the JSON becomes a field; `yaml` is any value, as text. */
type Kind = 'text' | 'texts' | 'flag' | 'whole' | 'double' | 'yaml' | 'yamls'
type Fields = Readonly<Record<string, readonly [number, Kind]>>

function plain(wire: Wire, node: Node, fields: Fields, extensions: number): void {
  for (const [key, value] of Object.entries(node)) {
    const [field, kind] = Object.hasOwn(fields, key) ? (fields[key] as readonly [number, Kind]) : [0, '']
    if (key.startsWith('x-')) {
      wire.message(extensions, () => {
        wire.text(1, key)
        wire.message(2, () => yaml(wire, value))
      })
    } else if (kind === 'text') wire.text(field, String(value))
    else if (kind === 'texts') for (const each of [value].flat()) wire.text(field, String(each))
    else if (kind === 'flag' && value) wire.flag(field)
    else if (kind === 'whole') wire.whole(field, Number(value))
    else if (kind === 'double') wire.double(field, Number(value))
    else if (kind === 'yaml') wire.message(field, () => yaml(wire, value))
    else if (kind === 'yamls') for (const each of value) wire.message(field, () => yaml(wire, each))
  }
}

/** JSON is YAML. */
const yaml = (wire: Wire, value: unknown): void => wire.text(2, `${JSON.stringify(value)}\n`)

function named(wire: Wire, field: number, all: Node, write: (value: any) => void): void {
  for (const [name, value] of Object.entries(all))
    wire.message(field, () => {
      wire.text(1, name)
      wire.message(2, () => write(value))
    })
}

const LIMITS = 'maxLength minLength pattern maxItems minItems uniqueItems'
const SCHEMA: Fields = {
  $ref: [1, 'text'],
  format: [2, 'text'],
  title: [3, 'text'],
  description: [4, 'text'],
  default: [5, 'yaml'],
  multipleOf: [6, 'double'],
  maximum: [7, 'double'],
  exclusiveMaximum: [8, 'flag'],
  minimum: [9, 'double'],
  exclusiveMinimum: [10, 'flag'],
  maxLength: [11, 'whole'],
  minLength: [12, 'whole'],
  pattern: [13, 'text'],
  maxItems: [14, 'whole'],
  minItems: [15, 'whole'],
  uniqueItems: [16, 'flag'],
  maxProperties: [17, 'whole'],
  minProperties: [18, 'whole'],
  required: [19, 'texts'],
  enum: [20, 'yamls'],
  readOnly: [27, 'flag'],
  example: [30, 'yaml'],
}

function schema(wire: Wire, node: Node): void {
  plain(wire, node, SCHEMA, 31)
  const { additionalProperties, type, items, allOf = [], properties, externalDocs } = node
  if (additionalProperties === true) wire.message(21, () => wire.flag(2))
  else if (additionalProperties) wire.message(21, () => wire.message(1, () => schema(wire, additionalProperties)))
  if (type !== undefined) wire.message(22, () => plain(wire, { type }, { type: [1, 'texts'] }, 0))
  if (items) wire.message(23, () => wire.message(1, () => schema(wire, items)))
  for (const each of allOf) wire.message(24, () => schema(wire, each))
  if (properties) wire.message(25, () => named(wire, 1, properties, (value) => schema(wire, value)))
  if (externalDocs) wire.message(29, () => plain(wire, externalDocs, { description: [1, 'text'], url: [2, 'text'] }, 3))
}

/** Where a parameter is from the second field on; one in a query has one more at the fifth place. */
const parameterFields = (query: boolean): Fields => {
  const at = query ? 1 : 0
  return {
    required: [1, 'flag'],
    in: [2, 'text'],
    description: [3, 'text'],
    name: [4, 'text'],
    type: [5 + at, 'text'],
    format: [6 + at, 'text'],
    default: [9 + at, 'yaml'],
    ...Object.fromEntries(
      LIMITS.split(' ').map((name, i): [string, readonly [number, Kind]] => [
        name,
        [14 + at + i, (SCHEMA[name] as readonly [number, Kind])[1]],
      ]),
    ),
    enum: [20 + at, 'yamls'],
  }
}
const IN_QUERY = parameterFields(true)
const IN_PATH = parameterFields(false)
const IN_BODY: Fields = { description: [1, 'text'], name: [2, 'text'], in: [3, 'text'], required: [4, 'flag'] }

function parameter(wire: Wire, node: Node): void {
  if (node['in'] === 'body')
    wire.message(1, () => {
      plain(wire, node, IN_BODY, 6)
      wire.message(5, () => schema(wire, node['schema'] ?? {}))
    })
  else {
    const query = node['in'] === 'query'
    wire.message(2, () => wire.message(query ? 3 : 4, () => plain(wire, node, query ? IN_QUERY : IN_PATH, query ? 23 : 22)))
  }
}

function parameterItem(wire: Wire, node: Node): void {
  if (node['$ref']) wire.message(2, () => wire.text(1, node['$ref']))
  else wire.message(1, () => parameter(wire, node))
}

function response(wire: Wire, node: Node): void {
  wire.message(1, () => {
    wire.text(1, node['description'] ?? '')
    if (node['schema']) wire.message(2, () => wire.message(1, () => schema(wire, node['schema'])))
  })
}

const OPERATION: Fields = {
  tags: [1, 'texts'],
  summary: [2, 'text'],
  description: [3, 'text'],
  operationId: [5, 'text'],
  produces: [6, 'texts'],
  consumes: [7, 'texts'],
  schemes: [10, 'texts'],
  deprecated: [11, 'flag'],
}

function operation(wire: Wire, node: Node): void {
  plain(wire, node, OPERATION, 13)
  for (const each of node['parameters'] ?? []) wire.message(8, () => parameterItem(wire, each))
  wire.message(9, () => named(wire, 1, node['responses'] ?? {}, (value) => response(wire, value)))
}

const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']

function path(wire: Wire, node: Node): void {
  for (const [i, method] of METHODS.entries()) if (node[method]) wire.message(2 + i, () => operation(wire, node[method]))
  for (const each of node['parameters'] ?? []) wire.message(9, () => parameterItem(wire, each))
}

const KEY: Fields = { type: [1, 'text'], name: [2, 'text'], in: [3, 'text'], description: [4, 'text'] }

export function documentV2Protobuf(document: Node): Uint8Array {
  const wire = new Wire()
  const { swagger, info = {}, paths = {}, definitions = {}, parameters, security = [], securityDefinitions } = document
  wire.text(1, swagger)
  wire.message(2, () => plain(wire, info, { title: [1, 'text'], version: [2, 'text'], description: [3, 'text'] }, 7))
  wire.message(8, () => named(wire, 2, paths, (value) => path(wire, value)))
  wire.message(9, () => named(wire, 1, definitions, (value) => schema(wire, value)))
  if (parameters) wire.message(10, () => named(wire, 1, parameters, (value) => parameter(wire, value)))
  for (const each of security)
    wire.message(12, () => named(wire, 1, each, (scopes) => plain(wire, { scopes }, { scopes: [1, 'texts'] }, 0)))
  if (securityDefinitions)
    wire.message(13, () => named(wire, 1, securityDefinitions, (key) => wire.message(2, () => plain(wire, key, KEY, 5))))
  return wire.done()
}
