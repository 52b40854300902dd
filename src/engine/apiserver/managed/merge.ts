/** Lays an applied configuration over the live object, by schema: structured-merge-diff's Merge, keeping the right side. */
import { equal } from '#api/equal.ts'
import { asList, asMap, isEmptyMap, kindOf } from './compare.ts'
import { elementOf } from './elements.ts'
import type { ListShape, MapShape, Shape } from './shape.ts'

type Dict = Record<string, unknown>

/** The merged value; `undefined` stands for absent. Shares the live parts, and is `live` itself when nothing changes. */
export function merge(shape: Shape, live: unknown, applied: unknown): unknown {
  if (applied === undefined || live === applied) return live
  if (live === undefined) return applied
  const kind = kindOf(shape, applied)
  if (kindOf(shape, live) !== kind) return applied
  if (kind === 'map') return mergeMaps(shape.map as MapShape, live, applied)
  if (kind === 'list') return mergeLists(shape.list as ListShape, live, applied)
  return applied
}

const kept = (live: unknown, applied: unknown): unknown => (equal(live, applied) ? live : applied)

function mergeMaps(shape: MapShape, live: unknown, applied: unknown): unknown {
  const [left, right] = [asMap(live), asMap(applied)]
  if (shape.atomic || (isEmptyMap(left) && isEmptyMap(right))) return kept(live, applied)
  if (left === null || right === null) return right ?? left
  let next: Dict | null = null
  for (const key in right) {
    const inner = shape.fields?.get(key)?.shape ?? shape.values
    const merged = inner ? merge(inner, left[key], right[key]) : right[key]
    if (merged === left[key]) continue
    next ??= { ...left }
    next[key] = merged
  }
  return next ?? left
}

function mergeLists(shape: ListShape, live: unknown, applied: unknown): unknown {
  const [left, right] = [asList(live), asList(applied)]
  if (shape.atomic || (!left?.length && !right?.length)) return kept(live, applied)
  if (!left?.length || !right?.length) return right?.length ? right : left
  const items = mergeItems(shape, left, right)
  return items.length === left.length && items.every((item, i) => item === left[i]) ? left : items
}

/** Items with their elements; of repeated ones on the live side none is merged with. */
function indexed(shape: ListShape, items: readonly unknown[]): { elements: string[]; values: Map<string, unknown> } {
  const elements: string[] = []
  const values = new Map<string, unknown>()
  for (const item of items) {
    const element = elementOf(shape, item)
    if (typeof element !== 'string') continue
    values.set(element, values.has(element) ? null : item)
    elements.push(element)
  }
  return { elements, values }
}

/**
 * Walks both lists at once: shared items come in the applied order, live ones stay where they are between them
 * (typed/merge.go visitListItems).
 */
function mergeItems(shape: ListShape, left: readonly unknown[], right: readonly unknown[]): unknown[] {
  const [l, r] = [indexed(shape, left), indexed(shape, right)]
  const shared = r.elements.filter((element) => l.values.has(element))
  const merged = new Set<string>()
  const result: unknown[] = []
  const take = (element: string) => result.push(merge(shape.items, l.values.get(element), r.values.get(element)))
  let next = 0
  for (let i = 0, j = 0; i < l.elements.length || j < r.elements.length; ) {
    const [mine, theirs] = [l.elements[i], r.elements[j]]
    if (mine !== undefined && theirs !== undefined) {
      if (mine === theirs) {
        merged.add(mine)
        take(mine)
        i += 1
        j += 1
        next += 1
        continue
      }
      if (r.values.has(mine) && next < shared.length && shared[next] !== mine) {
        i += 1
        continue
      }
    }
    if (mine !== undefined) {
      if (!r.values.has(mine)) {
        result.push(left[i])
        i += 1
        continue
      }
      if (merged.has(mine)) i += 1
    }
    if (theirs !== undefined) {
      merged.add(theirs)
      take(theirs)
      j += 1
      if (shared[next] === theirs) next += 1
    }
  }
  return result
}
