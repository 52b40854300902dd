/** Reads the first YAML 1.1 document of a text as sigs.k8s.io/yaml turns it into JSON, with go-yaml's words for what is wrong. */
import { Composer, type Document, isAlias, isMap, isScalar, isSeq, type Node, type Pair, Parser, type Scalar } from 'yaml'
import { goSyntaxOf } from '../go-syntax.ts'
import { setKey } from '../set-key.ts'
import { byBytes } from '../text-order.ts'
import { YamlError } from './error.ts'
import { checkSyntax } from './grammar.ts'

export { YamlError } from './error.ts'

export interface ParsedYaml {
  value: unknown
  /** `line 3: key "name" already set in map`, for the strict mode. */
  repeated: string[]
}

/** Types of YAML 1.1 that go-yaml does not resolve: sexagesimals, times, sets. */
const NOT_IN_GO = new Set([
  'tag:yaml.org,2002:timestamp',
  'tag:yaml.org,2002:set',
  'tag:yaml.org,2002:omap',
  'tag:yaml.org,2002:pairs',
])
const isForGo = (tag: unknown): boolean => {
  const { tag: name, format } = tag as { tag?: string; format?: string }
  return !NOT_IN_GO.has(name ?? '') && format !== 'TIME'
}
const CONTROL = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/

export function parseYaml(text: string): ParsedYaml {
  if (CONTROL.test(text)) throw new YamlError('yaml: control characters are not allowed')
  const inner = checkSyntax(text)
  const first = firstOf(text)
  if (!first) return { value: null, repeated: [] }
  // Lines within brackets may stand further left for go-yaml than for the library.
  if (first.errors.length === 0) return new Converter(first, text).convert()
  const indented = text
    .split(/(?<=\r\n|[\r\n\u0085\u2028\u2029])(?!(?<=\r)\n)/)
    .map((line, i) => ' '.repeat(inner.get(i) ?? 0) + line)
    .join('')
  return new Converter(firstOf(indented) as Document.Parsed, indented).convert()
}

function firstOf(text: string): Document.Parsed | undefined {
  const composer = new Composer({
    version: '1.1',
    uniqueKeys: false,
    prettyErrors: false,
    customTags: (tags) => tags.filter(isForGo),
    logLevel: 'silent',
  })
  return composer.compose(new Parser().parse(text)).next().value as Document.Parsed | undefined
}

/** go-yaml gives up on a document whose aliases make up nearly all of what is read (a "billion laughs"). */
const FREE_ALIASES = 100
const FREE_NODES = 1000
const RATIO_LOW = 400_000
const RATIO_HIGH = 4_000_000

function allowedAliasRatio(nodes: number): number {
  if (nodes <= RATIO_LOW) return 0.99
  if (nodes >= RATIO_HIGH) return 0.1
  return 0.99 - 0.89 * ((nodes - RATIO_LOW) / (RATIO_HIGH - RATIO_LOW))
}

const MAX_DEPTH = 1000
const OCTAL = /^0o[0-7_]+$/

class Converter {
  readonly #document: Document.Parsed
  readonly #text: string
  #repeated: string[] = []
  #nodes = 0
  #aliased = 0
  #aliasDepth = 0
  #depth = 0
  #open = new Set<Node>()

  constructor(document: Document.Parsed, text: string) {
    this.#document = document
    this.#text = text
  }

  convert(): ParsedYaml {
    const value = this.#value(this.#document.contents)
    return { value, repeated: this.#repeated }
  }

  #value(node: unknown): unknown {
    this.#nodes += 1
    if (this.#aliasDepth > 0) this.#aliased += 1
    if (
      this.#aliased > FREE_ALIASES &&
      this.#nodes > FREE_NODES &&
      this.#aliased / this.#nodes > allowedAliasRatio(this.#nodes)
    ) {
      throw new YamlError('yaml: document contains excessive aliasing')
    }
    if (isAlias(node)) return this.#alias(node)
    if (!isMap(node) && !isSeq(node)) return isScalar(node) ? this.#scalar(node) : null
    this.#depth += 1
    if (this.#depth > MAX_DEPTH) throw new YamlError('yaml: exceeded max depth')
    this.#open.add(node)
    const value = isMap(node) ? this.#map(node.items) : node.items.map((item) => this.#value(item))
    this.#open.delete(node)
    this.#depth -= 1
    return value
  }

  #alias(node: Node & { source: string }): unknown {
    const target = (node as unknown as { resolve(document: Document): Node | undefined }).resolve(this.#document)
    if (!target) throw new YamlError(`yaml: unknown anchor '${node.source}' referenced`)
    if (this.#open.has(target)) throw new YamlError(`yaml: anchor '${node.source}' value contains itself`)
    this.#aliasDepth += 1
    const value = this.#value(target)
    this.#aliasDepth -= 1
    return value
  }

  #scalar(node: Scalar): unknown {
    const { value, source = '' } = node
    // What has no digits is no number there: `e2`, a dot.
    if (Number.isNaN(value) && !/nan$/i.test(source)) return source
    if (value instanceof Uint8Array) return String.fromCharCode(...value)
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new YamlError(`json: unsupported value: ${Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'}`)
    }
    // YAML 1.2's octal, which go-yaml takes as well.
    if (typeof value === 'string' && node.type === 'PLAIN' && OCTAL.test(value)) return Number(value.replaceAll('_', ''))
    return typeof value === 'bigint' ? Number(value) : typeof value === 'symbol' ? node.source : value
  }

  /** Go marshals the map it read, so that the keys come sorted; of a repeated key the last one counts. */
  #map(items: Pair[]): Record<string, unknown> {
    const found = new Map<string, unknown>()
    const own = new Set<string>()
    for (const { key, value } of items) {
      if (isMerge(key)) {
        for (const [k, v] of this.#merged(value)) if (!own.has(k)) found.set(k, v)
        continue
      }
      const raw = this.#value(key)
      const name = keyText(raw, value, (node) => this.#value(node))
      if (own.has(name)) this.#repeated.push(`line ${this.#lineOf(key)}: key ${goSyntaxOf(raw)} already set in map`)
      own.add(name)
      found.set(name, this.#value(value))
    }
    const out: Record<string, unknown> = {}
    for (const key of [...found.keys()].sort(byBytes)) setKey(out, key, found.get(key))
    return out
  }

  #merged(node: unknown): [string, unknown][] {
    const target = isAlias(node) ? node.resolve(this.#document) : node
    const sources = isSeq(target) ? [...target.items].reverse() : [node]
    return sources.flatMap((source) => {
      const value = this.#value(source)
      if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new YamlError('yaml: map merge requires map or sequence of maps as the value')
      }
      return Object.entries(value)
    })
  }

  #lineOf(node: unknown): number {
    const start = (node as { range?: [number, number, number] | null }).range?.[0] ?? 0
    return this.#text.slice(0, start).split('\n').length
  }
}

const isMerge = (key: unknown): boolean =>
  isScalar(key) && (typeof key.value === 'symbol' || (key.value === '<<' && key.type === 'PLAIN'))

/** JSON's keys are text: numbers and booleans are written out, lists and maps are refused. */
function keyText(key: unknown, value: unknown, read: (node: unknown) => unknown): string {
  if (typeof key === 'string') return key
  if (typeof key === 'number' || typeof key === 'boolean') return String(key)
  if (key === null) {
    throw new YamlError(`unsupported map key of type: %!s(<nil>), key: <nil>, value: ${goSyntaxOf(read(value))}`)
  }
  throw new YamlError(`yaml: invalid map key: ${goSyntaxOf(key)}`)
}
