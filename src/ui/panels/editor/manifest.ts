/** Manifests as text: documents to objects, and field paths back to lines. YAML 1.1, as kubectl reads it. */
import { type Document, isMap, isNode, isPair, isScalar, isSeq, LineCounter, type Node, type Pair, parseAllDocuments } from 'yaml'

export interface Problem {
  /** One-based. */
  line: number
  column: number
  endColumn?: number
  message: string
}

export interface ManifestDocument {
  /** Which document of the text, counting only those that hold something. */
  index: number
  line: number
  /** Plain JSON; absent when the document cannot be read. */
  value?: unknown
  problem?: Problem
}

/** Aliases may not grow a document beyond this (yaml's own guard against billion laughs). */
const MAX_ALIASES = 100

const parse = (text: string, counter: LineCounter): Document[] => {
  const found = parseAllDocuments(text, {
    version: '1.1',
    lineCounter: counter,
    uniqueKeys: false,
    // Go's decoder reads times and base-60 numbers as text.
    customTags: (tags) =>
      tags.filter((t) => typeof t === 'string' || (!/timestamp|binary|omap|set|pairs/.test(t.tag) && t.format !== 'TIME')),
  })
  return 'empty' in found ? [] : (found as Document[])
}

export function readDocuments(text: string): ManifestDocument[] {
  const counter = new LineCounter()
  const documents: ManifestDocument[] = []
  for (const document of parse(text, counter)) {
    const start = counter.linePos(document.contents?.range?.[0] ?? document.range?.[0] ?? 0)
    const [error] = document.errors
    const [from, to] = error?.linePos ?? []
    if (error) {
      const message = `error converting YAML to JSON: yaml: line ${from?.line ?? start.line}: ${error.message.split('\n')[0]?.replace(/ at line .*$/, '')}`
      documents.push({
        index: documents.length,
        line: start.line,
        problem: { line: from?.line ?? start.line, column: from?.col ?? 1, ...(to ? { endColumn: to.col } : {}), message },
      })
      continue
    }
    try {
      const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
      if (value !== null && value !== undefined) documents.push({ index: documents.length, line: start.line, value })
    } catch (thrown) {
      const message = thrown instanceof Error ? thrown.message : String(thrown)
      documents.push({ index: documents.length, line: start.line, problem: { line: start.line, column: 1, message } })
    }
  }
  return documents
}

/** `spec.containers[0].ports[1].name`, `metadata.labels[a.b/c]` as its steps. */
export function stepsOf(path: string): string[] {
  return [...path.matchAll(/\[([^\]]*)\]|([^.[\]]+)/g)].map((m) => m[1] ?? m[2] ?? '').filter((step) => step !== '')
}

/** Where a field stands: its key, or of what is absent the nearest thing around it. */
export function locate(text: string, index: number, path: string): Problem {
  const counter = new LineCounter()
  const documents = parse(text, counter).filter(
    (d) => d.errors.length > 0 || (d.contents && !(isScalar(d.contents) && d.contents.value === null)),
  )
  const document = documents[index]
  let node: unknown = document?.contents
  let range = isNode(node) ? node.range : undefined
  for (const step of stepsOf(path)) {
    const next = childOf(node, step)
    if (!next) break
    const key = isPair(next) ? (next.key as Node | null) : next
    range = key?.range ?? range
    node = isPair(next) ? next.value : next
  }
  const from = counter.linePos(range?.[0] ?? 0)
  const to = counter.linePos(range?.[1] ?? 0)
  return {
    line: Math.max(1, from.line),
    column: Math.max(1, from.col),
    ...(to.line === from.line ? { endColumn: to.col } : {}),
    message: '',
  }
}

/** The element, pair, or (when a path leaves the index out) the pair inside any element. */
function childOf(node: unknown, step: string): Node | Pair | undefined {
  if (isMap(node)) return node.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === step)
  if (!isSeq(node)) return undefined
  const at = node.items[Number(step)]
  if (/^\d+$/.test(step)) return isNode(at) ? at : undefined
  for (const item of node.items) {
    const inside = childOf(item, step)
    if (inside) return inside
  }
  return undefined
}

/** Paths of the fields that an answer of the server complains about. */
export function fieldsIn(
  message: string,
  causes: { field?: string; message?: string }[] = [],
): { path: string; message: string }[] {
  if (causes.some((c) => c.field))
    return causes.map((c) => ({ path: c.field ?? '', message: `${c.field}: ${c.message ?? message}` }))
  const unknown = [...message.matchAll(/(unknown|duplicate) field "([^"]+)"/g)]
  if (unknown.length > 0) return unknown.map((m) => ({ path: m[2] ?? '', message: `${m[1]} field "${m[2]}"` }))
  const typed = /Go struct field \w+\.([\w.[\]]+) of type/.exec(message)
  return [{ path: typed?.[1] ?? '', message }]
}
