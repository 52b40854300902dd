/** Documents of YAML or JSON as objects; Lists are taken apart. */
import { LineCounter, parseAllDocuments } from 'yaml'
import type { AnyObject } from '#api/meta.ts'
import { KubectlError } from './error.ts'

/** Aliases may not grow a document beyond this (yaml's own guard against billion laughs). */
const MAX_ALIASES = 100

/** Go's words for what the parser finds. */
const WORDS: Record<string, string> = {
  TAB_AS_INDENT: 'found character that cannot start any token',
  BAD_INDENT: 'did not find expected key',
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  UNEXPECTED_TOKEN: 'did not find expected node content',
}

/** The objects of a text; errors name the source and the line, as kubectl's decoder does. */
export function objectsOf(text: string, source: string): AnyObject[] {
  const counter = new LineCounter()
  const documents = parseAllDocuments(text, { version: '1.1', lineCounter: counter, uniqueKeys: false })
  const objects: AnyObject[] = []
  for (const document of 'empty' in documents ? [] : documents) {
    const [error] = document.errors
    if (error) {
      const line = error.linePos?.[0].line
      throw new KubectlError(
        `error parsing ${source}: error converting YAML to JSON: yaml: ${line ? `line ${line}: ` : ''}${WORDS[error.code] ?? error.message.split('\n')[0]}`,
      )
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    if (value === null || value === undefined) continue
    objects.push(...checked(value, source))
  }
  return objects
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
