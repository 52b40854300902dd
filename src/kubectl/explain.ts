/** How `kubectl explain` reads OpenAPI schemas: references, guessed types, lists of fields, wrapped texts. */

export interface Schema {
  $ref?: string
  type?: string
  description?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  additionalProperties?: Schema | boolean
  allOf?: Schema[]
  enum?: unknown[]
  externalDocs?: { description?: string; url?: string }
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}

export class Schemas {
  readonly #all: Record<string, Schema>
  constructor(document: { components?: { schemas?: Record<string, Schema> } }) {
    this.#all = document.components?.schemas ?? {}
  }

  ofKind(group: string, version: string, kind: string): Schema | undefined {
    return Object.values(this.#all).find((schema) =>
      schema['x-kubernetes-group-version-kind']?.some(
        (gvk) => gvk.group === group && gvk.version === version && gvk.kind === kind,
      ),
    )
  }

  /** The schema behind a reference, or the schema itself. */
  resolve(schema: Schema): Schema {
    return (schema.$ref && this.#all[schema.$ref.split('/').at(-1) as string]) || schema
  }

  /** A field, looked for inside lists, maps and alternatives as well. */
  property(schema: Schema, name: string, seen: readonly string[] = []): Schema | undefined {
    if (schema.$ref && seen.includes(schema.$ref)) return undefined
    const here = schema.$ref ? [...seen, schema.$ref] : seen
    const at = this.resolve(schema)
    if (at.properties && Object.hasOwn(at.properties, name)) return at.properties[name]
    for (const inner of this.inner(at)) {
      const found = this.property(inner, name, here)
      if (found) return found
    }
    return undefined
  }

  /** What a list, a map or a reference with words of its own consists of. */
  inner({ items, additionalProperties, allOf = [] }: Schema): Schema[] {
    return [...allOf, ...(items ? [items] : []), ...(typeof additionalProperties === 'object' ? [additionalProperties] : [])]
  }

  /** `string`, `[]Container`, `map[string]string`, `Object`. */
  typeOf(schema: Schema): string {
    const { items, additionalProperties, allOf, properties, $ref, type } = schema
    if (items) return `[]${this.typeOf(items)}`
    if (typeof additionalProperties === 'object') return `map[string]${this.typeOf(additionalProperties)}`
    if (allOf?.length === 1 && !properties) return this.typeOf(allOf[0] as Schema)
    if (!$ref) return type === 'object' ? 'Object' : (type ?? 'Object')
    const target = this.resolve(schema)
    if (target !== schema && target.type && target.type !== 'object') return target.type
    return $ref.split('/').at(-1)?.split('.').at(-1) || 'Object'
  }
}

/** The schema's own words, then those of what it refers to. */
export function descriptionText(schemas: Schemas, schema: Schema): string {
  const at = schemas.resolve(schema)
  const own = at.description ? `${at.description}\n` : ''
  return (
    own +
    schemas
      .inner(at)
      .map((inner) => descriptionText(schemas, inner))
      .join('')
  )
}

export function fieldList(
  schemas: Schemas,
  schema: Schema,
  recursive: boolean,
  detail: (schema: Schema, name: string, level: number) => string,
  level = 1,
  seen: readonly string[] = [],
): string {
  if (schema.$ref && seen.includes(schema.$ref)) return ''
  const here = schema.$ref ? [...seen, schema.$ref] : seen
  const at = schemas.resolve(schema)
  const fields = Object.entries(at.properties ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  const own = fields.map(
    ([name, field]) => detail(at, name, level) + (recursive ? fieldList(schemas, field, recursive, detail, level + 1, here) : ''),
  )
  return (
    own.join('') +
    schemas
      .inner(at)
      .map((inner) => fieldList(schemas, inner, recursive, detail, level, here))
      .join('')
  )
}

const ENUM_LIMIT = 4

export function fieldDetail(
  schemas: Schemas,
  { properties = {}, required = [] }: Schema,
  name: string,
  level: number,
  short: boolean,
): string {
  const schema = properties[name] as Schema
  const indent = ' '.repeat(level * 2)
  const values = schema.enum?.slice(0, ENUM_LIMIT).map((value) => (value === '' ? '""' : String(value)))
  const more = (schema.enum?.length ?? 0) > ENUM_LIMIT ? ', ....' : ''
  const line = `${indent}${name}\t<${schemas.typeOf(schema)}>${required.includes(name) ? ' -required-' : ''}`
  const head = `${line}${values ? `\n${indent}enum: ${values.join(', ')}${more}` : ''}\n`
  if (short) return head
  return `${head}${wrapped(schema.description || '<no description>', 78 - level * 2, level * 2 + 2)}\n\n`
}

/** Wrapped at spaces to a width, then indented; lines that are longer than the width stay whole. */
export function wrapped(text: string, width: number, indent: number): string {
  const pad = ' '.repeat(indent)
  return wrap(text, width)
    .split('\n')
    .map((line) => pad + line)
    .join('\n')
}

/** go-wordwrap: spaces at a break are dropped, others kept. */
function wrap(text: string, limit: number): string {
  let out = ''
  let current = 0
  let word = ''
  let space = ''
  for (const char of text) {
    if (char === '\n') {
      if (word !== '' || current + space.length <= limit) out += space + word
      out += '\n'
      current = 0
      word = ''
      space = ''
    } else if (/\s/.test(char) && char !== '\u00a0') {
      if (space === '' || word !== '') {
        current += space.length + word.length
        out += space + word
        word = ''
        space = ''
      }
      space += char
    } else {
      word += char
      if (current + word.length + space.length > limit && word.length < limit) {
        out += '\n'
        current = 0
        space = ''
      }
    }
  }
  return word !== '' || current + space.length <= limit ? out + space + word : out
}
