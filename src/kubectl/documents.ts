/** Documents of YAML or JSON as objects; Lists are taken apart. */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import { JsonSyntaxError, parseJson } from '#api/json-text.ts'
import type { AnyObject } from '#api/meta.ts'
import { KubectlError } from './error.ts'

/** The objects of a text; errors name the source and the line, as kubectl's decoder does. */
export function objectsOf(text: string, source: string): AnyObject[] {
  const objects: AnyObject[] = []
  for (const value of documentsIn(text, source))
    if (value !== null && value !== undefined) objects.push(...checked(value, source))
  return objects
}

/** What may be JSON is tried as such first; what is neither is told in JSON's words. */
function documentsIn(text: string, source: string): unknown[] {
  let wrong = ''
  if (/^\s*\{/.test(text)) {
    try {
      parseJson(text)
      return [JSON.parse(text)]
    } catch (error) {
      if (!(error instanceof JsonSyntaxError)) throw error
      wrong = error.offset === undefined ? 'unexpected EOF' : `json: offset ${error.offset}: ${error.message}`
    }
  }
  try {
    return separated(text).map((one) => parseYaml(one).value)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    const why = wrong || (error.message.startsWith('yaml: ') ? `error converting YAML to JSON: ${error.message}` : error.message)
    throw new KubectlError(`error parsing ${source}: ${why}`)
  }
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

function checked(value: unknown, source: string): AnyObject[] {
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new KubectlError(
      `error parsing ${source}: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type unstructured.detector`,
      1,
    )
  }
  const object = value as AnyObject
  const shown = JSON.stringify(source)
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
    return (object['items'] as unknown[]).flatMap((item) => checked(item, source))
  return [object]
}
