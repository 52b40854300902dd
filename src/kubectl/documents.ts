/** Documents of YAML or JSON as objects; Lists are taken apart. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { goJson } from '#api/go-json.ts'
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import { JsonSyntaxError, parseJson } from '#api/json-text.ts'
import type { AnyObject } from '#api/meta.ts'
import { KubectlError } from './error.ts'
import { sortedKeys } from './print/sorted.ts'

/** The objects of a text; errors name the source and the line, as kubectl's decoder does. */
export function objectsOf(text: string, source: string): AnyObject[] {
  return objectsOrErrors(text, source).map((read) => {
    if (read instanceof KubectlError) throw read
    return read
  })
}

/** What is wrong with one object stands in its place: those before it can go on, and others where it is only decoded badly. */
export function objectsOrErrors(text: string, source: string, validates = true): (AnyObject | KubectlError)[] {
  const found: (AnyObject | KubectlError)[] = []
  try {
    for (const value of documentsIn(text, source))
      if (value !== null && value !== undefined) found.push(...checked(value, source, validates))
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error
    found.push(error)
  }
  return found
}

/** What may be JSON is tried as such first; what is neither is told in JSON's words. */
function* documentsIn(text: string, source: string): Iterable<unknown> {
  let wrong = ''
  if (/^\s*\{/.test(text)) {
    try {
      parseJson(text)
      yield JSON.parse(text)
      return
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error
      const both = twoIn(text, error)
      if (both) {
        yield JSON.parse(both[0])
        yield* documentsIn(both[1], source)
        return
      }
      wrong = error.offset === undefined ? 'unexpected EOF' : `json: offset ${error.offset}: ${error.message}`
    }
  }
  try {
    for (const one of separated(text)) yield parseYaml(one).value
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const why = wrong || (error.message.startsWith('yaml: ') ? `error converting YAML to JSON: ${error.message}` : error.message)
    throw new KubectlError(`error parsing ${source}: ${why}`)
  }
}

/** What follows an object of JSON is read anew. */
function twoIn(text: string, { message, offset }: JsonSyntaxError): [string, string] | null {
  if (offset === undefined || !message.includes('after top-level value')) return null
  const bytes = bytesOf(text)
  return [textOf(bytes.slice(0, offset - 1)), textOf(bytes.slice(offset - 1))]
}

/** A line `---` ends a document, with nothing but a comment behind it. */
function separated(text: string): string[] {
  const documents: string[] = []
  let current = ''
  for (const line of text.split(/(?<=\n)/)) {
    const behind = line.startsWith('---') ? line.slice(3).trim() : null
    if (behind && !behind.startsWith('#')) throw new YamlError(`invalid Yaml document separator: ${behind}`)
    if (behind !== null && current !== '') {
      documents.push(current)
      current = ''
    } else current += line
  }
  return current === '' ? documents : [...documents, current]
}

function checked(value: unknown, source: string, validates: boolean): (AnyObject | KubectlError)[] {
  const shown = JSON.stringify(source)
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new KubectlError(
      validates
        ? `error validating ${shown}: error validating data: invalid object to validate; if you choose to ignore these errors, turn validation off with --validate=false`
        : `unable to decode ${shown}: json: cannot unmarshal ${jsonType(value)} into Go value of type unstructured.detector`,
    )
  }
  const object = value as AnyObject
  if (!object.kind && !validates)
    return [new KubectlError(`unable to decode ${shown}: Object 'Kind' is missing in '${goJson(sortedKeys(object))}'`)]
  if (!object.kind && !object.apiVersion)
    throw new KubectlError(
      `error validating ${shown}: error validating data: [apiVersion not set, kind not set]; if you choose to ignore these errors, turn validation off with --validate=false`,
    )
  if (!object.kind)
    throw new KubectlError(
      `error validating ${shown}: error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    )
  if (!object.apiVersion)
    throw new KubectlError(
      `error validating ${shown}: error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    )
  if (object.kind.endsWith('List') && Array.isArray(object['items']))
    return (object['items'] as unknown[]).flatMap((item) => checked(item, source, validates))
  return [metadataProblem(object, shown) ?? object]
}

/** encoding/json's word for what stands there. */
const jsonType = (value: unknown): string => (Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value)

const TEXTS = ['name', 'generateName', 'namespace']
const TEXT_MAPS = ['labels', 'annotations']

/** kubectl reads the metadata itself, and stops at the first field of a wrong type. */
function metadataProblem(object: AnyObject, shown: string): KubectlError | null {
  const wrong = (value: unknown, field: string, type: string) =>
    new KubectlError(
      `unable to decode ${shown}: json: cannot unmarshal ${jsonType(value)} into Go struct field ObjectMeta.metadata.${field} of type ${type}`,
    )
  const metadata = (object.metadata ?? {}) as unknown as Record<string, unknown>
  for (const field of Object.keys(metadata).sort()) {
    const value = metadata[field]
    if (value === null || value === undefined) continue
    if (TEXTS.includes(field) && typeof value !== 'string') return wrong(value, field, 'string')
    if (!TEXT_MAPS.includes(field)) continue
    if (typeof value !== 'object' || Array.isArray(value)) return wrong(value, field, 'map[string]string')
    const odd = Object.values(value).find((each) => each !== null && typeof each !== 'string')
    if (odd !== undefined) return wrong(odd, field, 'string')
  }
  return null
}
