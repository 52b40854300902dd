/** Path elements of list items: `k:{"name":"web"}` by key, `v:"x"` by value. */
import { goJson } from '#api/go-json.ts'
import type { ListShape } from './shape.ts'

/** How many single keys a list type remembers. */
const REMEMBERED = 2000

/** The element under which an item is known; an Error's words when it has none. */
export function elementOf(list: ListShape, item: unknown): string | { error: string } {
  if (!list.keys) return setElement(item)
  if (item === null || item === undefined) return { error: 'associative list with keys may not have a null element' }
  if (typeof item !== 'object' || Array.isArray(item))
    return { error: 'associative list with keys may not have non-map elements' }
  const only = list.keys.length === 1 ? list.keys[0] : undefined
  const single = only && (item as Record<string, unknown>)[only.name]
  if (typeof single === 'string') {
    const known = list.elements.get(single)
    if (known !== undefined) return known
  }
  const element = keyElement(list, item as Record<string, unknown>)
  if (typeof single === 'string' && typeof element === 'string' && list.elements.size < REMEMBERED)
    list.elements.set(single, element)
  return element
}

function keyElement(list: ListShape, item: Record<string, unknown>): string | { error: string } {
  let text = ''
  for (const key of list.keys ?? []) {
    const value = item[key.name] !== undefined ? item[key.name] : key.default
    if (value === undefined || value === null) continue
    text += `${text === '' ? '' : ','}${key.prefix}${goJson(value)}`
  }
  if (text !== '') return `k:{${text}}`
  const names = (list.keys ?? []).map((key) => JSON.stringify(key.name)).join(' ')
  return {
    error: `associative list with keys has an element that omits all key fields [${names}] (and doesn't have default values for any key fields)`,
  }
}

function setElement(item: unknown): string | { error: string } {
  if (item === null || item === undefined)
    return { error: "associative list without keys has an element that's an explicit null" }
  if (Array.isArray(item)) return { error: 'not supported: associative list with lists as elements' }
  if (typeof item === 'object') return { error: "associative list without keys has an element that's a map type" }
  return `v:${goJson(item)}`
}

/** An item that is known under nothing: then nobody can say who owns what of the whole object. */
export class Untrackable extends Error {}

/** The items of a list by element, in order. */
export function byElement(list: ListShape, items: readonly unknown[]): Map<string, unknown[]> {
  const found = new Map<string, unknown[]>()
  for (const item of items) {
    const element = elementOf(list, item)
    if (typeof element !== 'string') throw new Untrackable(element.error)
    const same = found.get(element)
    if (same) same.push(item)
    else found.set(element, [item])
  }
  return found
}
