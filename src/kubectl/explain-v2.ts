/** The older rendering of `kubectl explain` (`--output=plaintext-openapiv2`), from the server's OpenAPI v2 document. */

/** A definition, or a part of one. */
export interface Definition {
  $ref?: string
  type?: string
  description?: string
  properties?: Record<string, Definition>
  required?: string[]
  items?: Definition
  additionalProperties?: Definition | boolean
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}

export interface SwaggerDocument {
  definitions?: Record<string, Definition>
}

export interface Asked {
  group: string
  version: string
  kind: string
  path: readonly string[]
  recursive: boolean
}

const [WIDTH, FIELD_INDENT, TEXT_INDENT, FIELD_TEXT_INDENT, LEVEL_INDENT] = [80, 3, 5, 2, 3]

/** What is printed (pkg/explain of kubectl); throws plain errors in its words. */
export function explainedByV2(document: SwaggerDocument, { group, version, kind, path, recursive }: Asked): string {
  const definitions = new Definitions(document)
  const start = definitions.ofKind(group, version, kind)
  if (!start) throw new Error(`couldn't find resource for ${JSON.stringify(`${group}/${version}, Kind=${kind}`)}`)
  const head = `KIND:     ${kind}\nVERSION:  ${group ? `${group}/` : ''}${version}\n\n`
  return head + described(definitions, definitions.at(start, path), path.at(-1) ?? '', recursive)
}

class Definitions {
  readonly #all: Record<string, Definition>

  constructor({ definitions = {} }: SwaggerDocument) {
    this.#all = definitions
  }

  ofKind(group: string, version: string, kind: string): Definition | undefined {
    const meant = (gvk: { group: string; version: string; kind: string }): boolean =>
      gvk.group === group && gvk.version === version && gvk.kind === kind
    return Object.values(this.#all).find((definition) => definition['x-kubernetes-group-version-kind']?.some(meant))
  }

  /** What a reference, a list or a map leads to; undefined for what has fields, for scalars, and for anything at all. */
  inner(definition: Definition): Definition | undefined {
    const { $ref, items, type, properties, additionalProperties } = definition
    if ($ref !== undefined) return this.#all[$ref.slice($ref.lastIndexOf('/') + 1)]
    if (items) return items
    if (type !== 'object' || properties) return undefined
    return typeof additionalProperties === 'object' ? additionalProperties : { description: definition.description ?? '' }
  }

  /** Follows a path through lists, maps and references. What has no fields is the end of any path. */
  at(start: Definition, [field, ...rest]: readonly string[]): Definition {
    if (field === undefined) return start
    const within = this.inner(start)
    if (within) return this.at(within, [field, ...rest])
    if (!start.properties) return start
    if (!Object.hasOwn(start.properties, field)) throw new Error(`field ${JSON.stringify(field)} does not exist`)
    return this.at(start.properties[field] as Definition, rest)
  }

  typeOf(definition: Definition): string {
    const within = this.inner(definition)
    if (!within) return definition.properties ? 'Object' : (definition.type ?? '')
    const name = this.typeOf(within)
    return definition.$ref !== undefined ? name : definition.items ? `[]${name}` : `map[string]${name}`
  }
}

/** Words of each step on the way to what has fields or none, then those fields. */
function described(definitions: Definitions, start: Definition, name: string, recursive: boolean): string {
  const texts: string[] = []
  let at = start
  for (let next = definitions.inner(at); next; next = definitions.inner(at)) {
    texts.push(at.description ?? '')
    at = next
  }
  texts.push(at.description ?? '')
  const description = `DESCRIPTION:\n${textsOf(texts)}`
  // References alone have no type of their own.
  let typed = start
  while (typed.$ref !== undefined) typed = definitions.inner(typed) as Definition
  const type = definitions.typeOf(typed)
  if (!at.properties) return at.type === undefined ? description : `FIELD:    ${name} <${type}>\n\n${description}`
  const fields = recursive ? allFields(definitions, at, FIELD_INDENT, []) : ownFields(definitions, at)
  return `${name ? `RESOURCE: ${name} <${type}>\n\n` : ''}${description}\nFIELDS:\n${fields}`
}

function textsOf(texts: readonly string[]): string {
  const shown = texts.map((text, i) => (text === '' ? '' : (i === 0 ? '' : '\n') + wrapped(text, TEXT_INDENT))).join('')
  return shown || `${' '.repeat(TEXT_INDENT)}<empty>\n`
}

const fieldsOf = ({ properties = {} }: Definition): [string, Definition][] =>
  Object.entries(properties).sort(([a], [b]) => (a < b ? -1 : 1))

function ownFields(definitions: Definitions, of: Definition): string {
  const lines = fieldsOf(of).map(([name, field]) => {
    const required = of.required?.includes(name) ? ' -required-' : ''
    const head = `${' '.repeat(FIELD_INDENT)}${name}\t<${definitions.typeOf(field)}>${required}\n`
    return `${head}${wrapped(field.description ?? '', FIELD_INDENT + FIELD_TEXT_INDENT)}\n`
  })
  return lines.join('')
}

/** `above`: references that are being shown, which are not entered again. */
function allFields(definitions: Definitions, of: Definition, indent: number, above: readonly string[]): string {
  const lines = fieldsOf(of).map(([name, field]) => {
    const head = `${' '.repeat(indent)}${name}\t<${definitions.typeOf(field)}>\n`
    let [at, within]: [Definition, readonly string[]] = [field, above]
    for (let next = definitions.inner(at); next; next = definitions.inner(at)) {
      if (at.$ref !== undefined && within.includes(at.$ref)) return head
      if (at.$ref !== undefined) within = [...within, at.$ref]
      at = next
    }
    return head + allFields(definitions, at, indent + LEVEL_INDENT, within)
  })
  return lines.join('')
}

/** Words are filled into lines of 80; empty lines, code and the beginnings of list items stay where they are. */
function wrapped(text: string, indent: number): string {
  const pad = ' '.repeat(indent)
  return fill(text, WIDTH - indent)
    .map((line) => (line === '' ? '\n' : `${pad}${line}\n`))
    .join('')
}

const ITEM = /^(\d+\.?|-|\*)\s/

function fill(text: string, width: number): string[] {
  const lines: string[] = []
  let line = ''
  const flush = (): void => {
    if (line !== '') lines.push(line)
    line = ''
  }
  for (const source of text.split('\n')) {
    const bare = source.trim()
    if (source.startsWith('    ') || (lines.length > 0 && bare === '')) {
      flush()
      lines.push(bare === '' ? source.trim() : source)
      continue
    }
    if (line.endsWith(':') || bare === '' || ITEM.test(bare)) flush()
    for (const word of bare.split(/\s+/).filter(Boolean)) {
      if (line !== '' && line.length + 1 + word.length > width) flush()
      line = line === '' ? word : `${line} ${word}`
    }
  }
  flush()
  return lines
}
