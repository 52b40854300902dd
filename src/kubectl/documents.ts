/** Documents of YAML or JSON, one after the other in a text. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { goJson } from '#api/go-json.ts'
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import { JsonSyntaxError, parseJson } from '#api/json-text.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Decoded, type Document, decoded } from './decoded.ts'
import { KubectlError } from './error.ts'
import { sortedKeys } from './print/sorted.ts'

/** The objects of a text; errors name the source and the line, as kubectl's decoder does. */
export function objectsOf(text: string, source: string): AnyObject[] {
  return documentsOf(text, source)
    .flatMap((read): Decoded[] => (read instanceof KubectlError ? [read] : decoded(read, source)))
    .map((read) => {
      if (read instanceof KubectlError) throw read
      return read.object
    })
}

/** What cannot be read ends them, and stands in its place: those before it can go on. */
export function documentsOf(text: string, source: string): (Document | KubectlError)[] {
  const found: (Document | KubectlError)[] = []
  try {
    for (const document of documentsIn(text, source))
      if (document.value !== null && document.value !== undefined) found.push(document)
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error
    found.push(error)
  }
  return found
}

/** What may be JSON is tried as such first; what is neither is told in JSON's words. */
function* documentsIn(text: string, source: string): Iterable<Document> {
  const fail = (why: string): never => {
    throw new KubectlError(`error parsing ${source}: ${why}`)
  }
  let rest = text
  let wrong = ''
  let read = 0
  let count = 0
  while (/^\s*\{/.test(rest) || count > 0) {
    if (rest.trim() === '') return
    const next = jsonIn(rest)
    if (typeof next === 'string') {
      yield { value: JSON.parse(next), json: next.trim() }
      count += 1
      read += bytesOf(next).length
      rest = rest.slice(next.length)
      continue
    }
    if (count > 1) fail(next.message)
    wrong = next.offset === undefined ? 'unexpected EOF' : `json: offset ${read + next.offset}: ${next.message}`
    break
  }
  const yaml = wrong ? asYaml(rest) : rest
  if (yaml === null) return fail(wrong)
  try {
    for (const one of separated(yaml)) {
      const { value } = yamlIn(one)
      yield { value, json: goJson(sortedKeys(value)) }
      wrong = ''
    }
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    fail(wrong || error.message)
  }
}

function yamlIn(text: string): { value: unknown } {
  try {
    return parseYaml(text)
  } catch (error) {
    if (error instanceof YamlError) throw new YamlError(`error converting YAML to JSON: ${error.message}`)
    throw error
  }
}

/** The text of the first value, with the space before it; what follows it is read anew. */
function jsonIn(text: string): string | JsonSyntaxError {
  try {
    parseJson(text)
    return text
  } catch (error) {
    if (!(error instanceof JsonSyntaxError)) throw error
    const { message, offset } = error
    if (offset === undefined || !message.includes('after top-level value')) return error
    return textOf(bytesOf(text).slice(0, offset - 1)).trimEnd()
  }
}

/** kubectl looks four bytes ahead: what is shorter is no YAML any more. */
const LOOK_AHEAD = 4

/** What is tried as YAML instead, from the next line on where nothing more stands on this one. */
function asYaml(text: string): string | null {
  const blank = /^[^\S\n]*\n?/.exec(text)?.[0].length ?? 0
  const last = text.charAt(blank - 1) === '\n' ? blank - 1 : blank
  return bytesOf(text.slice(last)).length < LOOK_AHEAD ? null : text.slice(blank)
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
