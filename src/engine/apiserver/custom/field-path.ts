/** Paths of fields in rules and selectable fields: `.spec.color`, `.labels['a.b']` (schema/cel ValidFieldPath). */
import { child, type JsonSchema, propertyOf, valuesOf } from './json-schema.ts'

export interface FieldPath {
  /** As messages print it. */
  text: string
  /** The names on the way. */
  steps: string[]
  schema: JsonSchema
}

/** Cut at dots and brackets; a quoted name is one piece. */
function tokensOf(path: string): string[] {
  return path.match(/'(?:\\.|[^'\\])*'|[.[\]]|[^.[\]]+/g) ?? []
}

const ESCAPES: Record<string, string> = { a: '\x07', b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v', "'": "'", '\\': '\\' }

function unquoted(token: string): string | { error: string } {
  let wrong = ''
  const text = token.slice(1, -1).replace(/\\(.)/g, (all, char: string) => {
    if (!(char in ESCAPES)) wrong = all
    return ESCAPES[char] ?? ''
  })
  return wrong ? { error: `invalid string literal: invalid escape char ${wrong}` } : text
}

/** The path, or why it is none in this schema. */
export function fieldPath(path: string, schema: JsonSchema, brackets = true): FieldPath | { error: string } {
  const tokens = tokensOf(path)
  const found: FieldPath = { text: '', steps: [], schema }
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i] as string
    if (token !== '.' && token !== '[') return { error: `expected [ or . but got: ${token}` }
    if (token === '[' && !brackets) return { error: 'array notation is not allowed' }
    const next = tokens[++i]
    if (next === undefined) return { error: 'unexpected end of JSON path' }
    let name: string | { error: string } = next
    if (token === '[') {
      if (!/^'.*'$/s.test(next) || next.length < 2) return { error: `expected single quoted string but got ${next}` }
      name = unquoted(next)
      if (typeof name !== 'string') return name
    }
    const why = step(found, name)
    if (why !== null) return { error: why }
    if (token !== '[') continue
    const close = tokens[++i]
    if (close === undefined) return { error: 'unexpected end of JSON path' }
    if (close !== ']') return { error: `expected ] but got ${close}` }
  }
  return found
}

function step(found: FieldPath, name: string): string | null {
  const { schema } = found
  found.steps.push(name)
  if (schema.properties && Object.keys(schema.properties).length > 0) {
    found.text = child(found.text, name)
    const next = propertyOf(schema, name)
    if (!next) return 'does not refer to a valid field'
    found.schema = next
    return null
  }
  if (schema.additionalProperties === undefined) return 'does not refer to a valid field'
  found.text = `${found.text}[${name}]`
  found.schema = valuesOf(schema) ?? {}
  return null
}
