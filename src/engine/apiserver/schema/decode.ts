/** Decodes bodies: text or parsed values to objects of a kind, in the words of Kubernetes' decoders. */

import { YamlError } from '#api/go-yaml/error.ts'
import { JsonSyntaxError, type ParsedJson, parseJson } from '#api/json-text.ts'
import type { AnyObject } from '#api/meta.ts'
import { type ApiError, badRequest, fail } from '#api/status.ts'
import { parseYaml } from '../yaml-codec.ts'
import { type Identity, interpret, refuseOther } from './identity.ts'
import { withReset } from './owners.ts'
import { splitGroupVersion } from './packed.ts'
import type { Schemas } from './schema.ts'
import { decodeTyped, plainValue } from './typed.ts'

/** Bytes of a request's body, as the API server limits them. */
export const BODY_LIMIT = 3_145_728

export interface DecodeOptions {
  /** Text as it came, or an already parsed value. */
  body: unknown
  /** The text is YAML. */
  yaml: boolean
  /** The text claims to be Kubernetes' protobuf. */
  protobuf?: boolean
  /** Name of the definition. */
  schema: string
  schemas: Schemas
  /** What the URL says the object is; fills what the body leaves out. */
  apiVersion: string
  kind: string
  fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  warn(text: string): void
  /** A custom resource: no types are checked here, and unknown fields are pruned by its structural schema. */
  custom?: CustomDecoder
}

/** Reads the rest of a custom resource, once its metadata has been read. */
export interface CustomDecoder {
  decode(object: Record<string, unknown>): { value: Record<string, unknown>; unknown: string[]; error: string | null }
}

interface Parsed {
  value: unknown
  doubled?: ParsedJson['doubled']
  repeated?: string[]
}

/**
 * The body as an object of the kind, canonical as Go's types make it: unknown fields and zero values that Go leaves out
 * are gone, quantities and times rewritten. Parsed values in which nothing changes come back as they are.
 * Throws 400 for what can't be read or, when `Strict`, isn't known; 413 beyond {@link BODY_LIMIT}.
 */
export function decodeBody(options: DecodeOptions): AnyObject {
  const { apiVersion, kind, schemas } = options
  const parsed = parse(options)
  const said = interpret(parsed.value)
  if ('error' in said) throw unrecognized(kind, said.error, options.body)
  if (options.custom) return customBody(parsed, said, options, options.custom)
  const actual = { apiVersion: said.apiVersion || apiVersion, kind: said.kind || kind }
  const ownError = (definition: string) => decodeTyped(parsed.value, definition, schemas, parsed.doubled).error
  const isOptions = kind.endsWith('Options') && actual.kind === kind
  if (!isOptions) refuseOther(actual, { apiVersion, kind }, schemas, ownError)
  const value = parsed.value ?? {}
  const read = decodeTyped(value, options.schema, schemas, parsed.doubled)
  const prefix = `${kind} in version "${splitGroupVersion(apiVersion).version}" cannot be handled as a ${kind}: `
  if (read.error !== null) throw badRequest(prefix + read.error)
  complain(parsed.repeated ?? [], read.strict, prefix, options)
  const object = read.value as AnyObject
  const whole = object.apiVersion === apiVersion && object.kind === kind ? object : { ...object, apiVersion, kind }
  return withReset(value, whole)
}

/** The body of a patch: JSON, or YAML for an apply; a parsed value is returned as it is. `note` is told of keys that stand twice. */
export function parseBody(body: unknown, yaml: boolean, note: (problem: string) => void = () => {}): unknown {
  if (typeof body !== 'string') return body
  limit(body)
  try {
    const parsed: Parsed = yaml ? parseYaml(body) : parseJson(body)
    for (const problem of parsed.repeated ?? repetitions(parsed.value, parsed.doubled)) note(problem)
    return plainValue(parsed.value) ?? null
  } catch (error) {
    if (error instanceof YamlError) throw badRequest(`error decoding YAML: error converting YAML to JSON: ${error.message}`)
    if (error instanceof JsonSyntaxError) throw badRequest(`error decoding patch: ${error.message}`)
    throw error
  }
}

function parse({ body: sent, yaml, protobuf, kind }: DecodeOptions): Parsed {
  // No body at all is an empty one.
  const body = sent === undefined ? '' : sent
  if (typeof body !== 'string') return { value: body }
  limit(body)
  if (protobuf && !body.startsWith('k8s\0')) {
    const words = 'provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]'
    throw unrecognized(kind, words, body)
  }
  try {
    return yaml ? parseYaml(body) : parseJson(body)
  } catch (error) {
    if (error instanceof YamlError) throw unrecognized(kind, error.message, body)
    if (!(error instanceof JsonSyntaxError)) throw error
    throw unrecognized(kind, `couldn't get version/kind; json parse error: ${error.message}`, body)
  }
}

function limit(body: string): void {
  if (body.length * 3 <= BODY_LIMIT) return
  if (bytesOf(body) > BODY_LIMIT) {
    throw fail(413, 'RequestEntityTooLarge', `Request entity too large: limit is ${BODY_LIMIT}`)
  }
}

/** Length in UTF-8. */
function bytesOf(text: string): number {
  let bytes = text.length
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i)
    // A surrogate pair is four bytes: one more for each half.
    if (unit >= 0x80) bytes += unit >= 0x800 && (unit < 0xd800 || unit > 0xdfff) ? 2 : 1
  }
  return bytes
}

const unrecognized = (kind: string, words: string, body: unknown): ApiError =>
  badRequest(`the object provided is unrecognized (must be of type ${kind}): ${words} (${summary(body)})`)

const SUMMARY_BYTES = 30

/** The beginning of the body: as text when it looks like JSON, else in hexadecimal. */
function summary(body: unknown): string {
  const text = typeof body === 'string' ? body : JSON.stringify(body ?? null)
  if (text === '') return '<empty>'
  const bytes = utf8(text, SUMMARY_BYTES + 1)
  const more = bytes.length > SUMMARY_BYTES ? ' ...' : ''
  if (text.startsWith('{')) return text.slice(0, SUMMARY_BYTES) + more
  return (
    bytes
      .slice(0, SUMMARY_BYTES)
      .map((byte) => byte.toString(16).padStart(2, '0'))
      .join('') + more
  )
}

/** The first bytes of a text in UTF-8; at least `count` when there are so many. */
function utf8(text: string, count: number): number[] {
  const bytes: number[] = []
  for (const char of text) {
    if (bytes.length >= count) break
    const code = char.codePointAt(0) as number
    if (code < 0x80) bytes.push(code)
    else if (code < 0x800) bytes.push(0xc0 | (code >> 6), 0x80 | (code & 0x3f))
    else if (code < 0x10000) bytes.push(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
    else bytes.push(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 0x3f), 0x80 | ((code >> 6) & 0x3f), 0x80 | (code & 0x3f))
  }
  return bytes
}

/** Strict mode refuses with the whole list, Warn warns of each; Ignore says nothing. */
function complain(repeated: string[], strict: string[], prefix: string, { fieldValidation, warn }: DecodeOptions): void {
  if (fieldValidation === 'Ignore' || repeated.length + strict.length === 0) return
  if (fieldValidation === 'Warn') {
    for (const text of [...repeated, ...strict]) warn(text)
    return
  }
  const yaml = repeated.length > 0 ? [`yaml: unmarshal errors:\n  ${repeated.join('\n  ')}`] : []
  throw badRequest(`${prefix}strict decoding error: ${[...yaml, ...strict].join(', ')}`)
}

const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta'

/** Custom kinds have no types: a body must say what it is, and what is not quite right about that is left to validation. */
function customBody(parsed: Parsed, said: Identity, options: DecodeOptions, custom: CustomDecoder): AnyObject {
  const { apiVersion, kind, body, schemas } = options
  if (said.kind === '') {
    const text = typeof body === 'string' ? body : JSON.stringify(body ?? {})
    throw unrecognized(kind, `Object 'Kind' is missing in '${text}'`, body)
  }
  if (said.apiVersion !== apiVersion) {
    const [group, expected] = [splitGroupVersion(said.apiVersion), splitGroupVersion(apiVersion)]
    if (group.group !== expected.group || group.version !== expected.version) {
      const words = `the API version in the data (${said.apiVersion}) does not match the expected API version (${apiVersion})`
      throw badRequest(words)
    }
  }
  const read = readCustom(parsed.value ?? {}, parsed.doubled, custom, schemas)
  const prefix = `${said.kind} in version "${splitGroupVersion(apiVersion).version}" cannot be handled as a ${kind}: `
  if (read.error !== null) throw badRequest(prefix + read.error)
  complain(parsed.repeated ?? [], read.strict, prefix, options)
  return read.value as AnyObject
}

/** Metadata is typed as everywhere; the rest is only pruned, for its types are the validation's business. */
export function readCustom(value: unknown, doubled: ParsedJson['doubled'] | undefined, custom: CustomDecoder, schemas: Schemas) {
  const object = plainValue(value) as Record<string, unknown>
  const sent = object['metadata']
  const metadata = sent === undefined || sent === null ? null : decodeTyped(sent, OBJECT_META, schemas)
  if (metadata?.error) return metadata
  const { value: pruned, unknown, error } = custom.decode(object)
  const strict = [
    ...repetitions(value, doubled),
    ...(metadata?.strict.map((text) => text.replace('field "', 'field "metadata.')) ?? []),
    ...unknown.map((path) => `unknown field ${JSON.stringify(path)}`),
  ]
  const same = metadata === null || metadata.value === sent
  return { value: same ? pruned : { ...pruned, metadata: metadata.value }, error, strict }
}

/** Keys that stand more than once, wherever. */
function repetitions(value: unknown, doubled: ParsedJson['doubled'] | undefined, path = ''): string[] {
  if (!doubled?.size || typeof value !== 'object' || value === null) return []
  if (Array.isArray(value)) return value.flatMap((each, i) => repetitions(each, doubled, `${path}[${i}]`))
  const seen = new Set<string>()
  const found: string[] = []
  for (const [key, each] of doubled.get(value) ?? Object.entries(value)) {
    const at = path ? `${path}.${key}` : key
    if (seen.has(key)) found.push(`duplicate field ${JSON.stringify(at)}`)
    seen.add(key)
    found.push(...repetitions(each, doubled, at))
  }
  return found
}
