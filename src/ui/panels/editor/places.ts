/** Which lines of a text stand for which object: what lights up when something is chosen in the graph, and the way back. */
import { controllerOf, keyOf } from '#api/meta.ts'
import type { Ref } from '../../state/choices.ts'
import type { Desk } from '../../state/desk.ts'
import { tableOf } from '../../state/scene.ts'

export interface Span {
  from: number
  to: number
}

interface Part extends Span {
  kind: string
  name: string
  namespace: string
}

/** The documents of a text, found by their lines alone: it may be broken elsewhere. */
function partsOf(text: string): Part[] {
  const parts: Part[] = []
  let from = 1
  let lines: string[] = []
  const end = (to: number): void => {
    const field = (pattern: RegExp): string =>
      lines.map((line) => pattern.exec(line)?.[1]).find((found) => found !== undefined) ?? ''
    const kind = field(/^kind:\s*["']?([\w]+)/)
    const name = field(/^ {1,4}name:\s*["']?([\w.-]+)/)
    if (kind && name) parts.push({ kind, name, namespace: field(/^ {1,4}namespace:\s*["']?([\w.-]+)/) || 'default', from, to })
    lines = []
    from = to + 2
  }
  const all = text.split('\n')
  all.forEach((line, i) => {
    if (/^---(?:\s|$)/.test(line)) end(i)
    else lines.push(line)
  })
  end(all.length)
  return parts
}

/** Lines of the document that made the chosen object: itself, or the controller above it (then of its template alone). */
export function spanOf(desk: Desk, text: string, ref: Ref | null): Span | null {
  const object = ref && desk.mirror.get(ref.table, ref.key)
  if (!object || text === '') return null
  const parts = partsOf(text)
  const chain = [object, ...desk.scene.owners(object)]
  for (const [i, one] of chain.entries()) {
    const found = parts.find(
      (part) =>
        part.kind === one.kind &&
        part.name === one.metadata.name &&
        (one.metadata.namespace === undefined || part.namespace === one.metadata.namespace),
    )
    if (found) return i > 0 && object.kind === 'Pod' ? templateIn(text, found) : found
  }
  return null
}

function templateIn(text: string, part: Part): Span {
  const lines = text.split('\n')
  const at = lines.findIndex((line, i) => i >= part.from - 1 && i < part.to && /^\s+template:/.test(line))
  if (at < 0) return part
  const indent = /^\s*/.exec(lines[at] ?? '')?.[0].length ?? 0
  let end = at + 1
  while (end < part.to && (/^\s*$/.test(lines[end] ?? '') || (/^\s*/.exec(lines[end] ?? '')?.[0].length ?? 0) > indent)) end += 1
  return { from: at + 1, to: end }
}

/** The object on the graph that a line is about; null when there is none yet. */
export function refAt(desk: Desk, text: string, line: number): Ref | null {
  const part = partsOf(text).find(({ from, to }) => line >= from && line <= to)
  const table = part && tableOf(part.kind)
  if (!part || !table) return null
  for (const key of [`${part.namespace}/${part.name}`, part.name]) {
    const object = desk.mirror.get(table, key)
    if (object) return { table, key: keyOf(object.metadata) }
  }
  return null
}

/** Whether a ref is what is chosen already, or hangs below it. */
export function isAbout(desk: Desk, chosen: Ref | null, ref: Ref): boolean {
  if (!chosen) return false
  if (chosen.table === ref.table && chosen.key === ref.key) return true
  const object = desk.mirror.get(chosen.table, chosen.key)
  if (!object || !controllerOf(object.metadata)) return false
  return desk.scene.owners(object).some((owner) => tableOf(owner.kind) === ref.table && keyOf(owner.metadata) === ref.key)
}
