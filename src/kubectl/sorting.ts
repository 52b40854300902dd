/** `--sort-by`: objects in the order of a field, with kubectl's natural order of texts. */
import { compareQuantities, parseQuantity } from '#api/quantity.ts'
import { KubectlError } from './error.ts'
import { pathTrouble, pathValues } from './print/json-path.ts'

/** Two values that have no order: kubectl dies of them. */
export class Unsortable extends Error {}

/** Sorts by a path; null when none of the items has the field. */
export function sortedBy<T>(items: readonly T[], path: string, objectOf: (item: T) => unknown): T[] | null {
  if (!path) return [...items]
  const keyed = items.map((item) => [item, pathValues(path, objectOf(item))[0]] as const)
  // Only up to the first that has the field it matters whether the path can be followed.
  for (const [item, value] of keyed) {
    const trouble = value === undefined && pathTrouble(path, objectOf(item))
    if (trouble) throw new KubectlError(trouble)
    if (value !== undefined) break
  }
  if (items.length > 0 && keyed.every(([, value]) => value === undefined)) return null
  return goSorted(keyed, ([, a], [, b]) => less(a, b)).map(([item]) => item)
}

/** What has no such field goes before everything, even before its like. */
const less = (a: unknown, b: unknown): boolean => a === undefined || (b !== undefined && compare(a, b) < 0)

/** So few are sorted by insertion in Go, which shows where nothing is before everything. */
const FEW = 12

function goSorted<T>(items: T[], before: (a: T, b: T) => boolean): T[] {
  if (items.length > FEW) return items.sort((a, b) => Number(before(b, a)) - Number(before(a, b)))
  const sorted: T[] = []
  for (const item of items) {
    let at = sorted.length
    while (at > 0 && before(item, sorted[at - 1] as T)) at -= 1
    sorted.splice(at, 0, item)
  }
  return sorted
}

function compare(a: unknown, b: unknown): number {
  if (a === undefined || a === null || b === undefined || b === null) return Number(a != null) - Number(b != null)
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'object') throw new Unsortable(Array.isArray(a) ? '[]interface {}' : 'map[string]interface {}')
  const [x, y] = [String(a), String(b)]
  if (parseQuantity(x) && parseQuantity(y)) return compareQuantities(x, y)
  return natural(x, y)
}

/** Runs of digits count as numbers. */
function natural(a: string, b: string): number {
  const [x, y] = [a.match(/\d+|\D/g) ?? [], b.match(/\d+|\D/g) ?? []]
  for (let i = 0; i < Math.min(x.length, y.length); i++) {
    const [p, q] = [x[i] as string, y[i] as string]
    if (p === q) continue
    if (/^\d/.test(p) && /^\d/.test(q)) {
      const difference = Number(p) - Number(q)
      if (difference !== 0) return difference
      if (p.length !== q.length) return p.length - q.length
    }
    return p < q ? -1 : 1
  }
  return x.length - y.length
}
