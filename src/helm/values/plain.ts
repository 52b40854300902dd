/** Template values as plain data, and Go's JSON of them. */
import { htmlSafe } from '#api/go-json.ts'
import { GoInt, GoObject } from '#gotemplate/index.ts'

/** Numbers of Go's types become numbers, maps with methods plain maps. */
export function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number(value)
  if (value instanceof GoInt) return Number(value.value)
  if (value instanceof GoObject) return plain(value.map ?? value.fields ?? null)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value ?? null
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, plain(each)]))
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return Object.fromEntries(entries.map(([key, each]) => [key, sorted(each)]))
}

/** JSON as Go's encoder writes it: keys sorted, `<`, `>` and `&` escaped unless `raw`. */
export function goJson(value: unknown, { indent = '', raw = false } = {}): string {
  const json = JSON.stringify(sorted(plain(value)), null, indent)
  return raw ? json : htmlSafe(json)
}
