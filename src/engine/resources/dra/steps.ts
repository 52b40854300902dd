/** The small steps that validation of devices is made of (pkg/apis/resource/validation). */
import { duplicate, invalid, required, tooLong, tooMany } from '#api/field-error.ts'
import { isDns1123Label, isDns1123Subdomain, regexProblem } from '#api/names.ts'
import { type Found, flag } from '../pod/checks.ts'

export type Fields = Record<string, any>
export type Check<T> = (found: Found, path: string, item: T) => void

const LONGEST_DRIVER = 63
const LONGEST_ID = 32
const LONGEST_KEY = LONGEST_DRIVER + 1 + LONGEST_ID
const LONGEST_POOL = 253
const IDENTIFIER = '[A-Za-z_][A-Za-z0-9_]*'
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Every item, unless there are too many of them. */
export function list<T>(found: Found, path: string, items: readonly T[] | undefined, most: number, check: Check<T>): boolean {
  if (!items) return true
  if (items.length > most) {
    found.push(tooMany(path, items.length, most))
    return false
  }
  for (const [i, item] of items.entries()) check(found, `${path}[${i}]`, item)
  return true
}

/** Likewise, and none twice. */
export function set<T>(
  found: Found,
  path: string,
  items: readonly T[] | undefined,
  most: number,
  check: Check<T>,
  keyOf: (item: T) => string,
): void {
  if (!list(found, path, items, most, check)) return
  const seen = new Set<string>()
  for (const [i, item] of (items ?? []).entries()) {
    const key = keyOf(item)
    if (seen.has(key)) found.push(duplicate(`${path}[${i}]`, key))
    seen.add(key)
  }
}

/** Keys longer than they may be are shown with their middle left out. */
function shown(key: string, longest: number): string {
  if (key.length <= longest) return key
  const left = longest - 3
  return `${key.slice(0, (left + 1) >> 1)}...${key.slice(key.length - (left >> 1))}`
}

export function map<T>(found: Found, path: string, items: Record<string, T> | undefined, key: Check<string>, check: Check<T>) {
  for (const [name, item] of Object.entries(items ?? {})) {
    key(found, path, name)
    check(found, `${path}[${shown(name, LONGEST_KEY)}]`, item)
  }
}

export function driverName(found: Found, path: string, name = ''): void {
  if (name === '') {
    found.push(required(path))
    return
  }
  if (name.length > LONGEST_DRIVER) found.push(tooLong(path, LONGEST_DRIVER))
  flag(found, path, name, isDns1123Subdomain(name.toLowerCase()))
}

export const label: Check<string | undefined> = (found, path, name = '') => flag(found, path, name, isDns1123Label(name))

/** Like {@link label}, of what must be there at all. */
export function namedLabel(found: Found, path: string, name = ''): void {
  if (name === '') found.push(required(path))
  else label(found, path, name)
}

export function className(found: Found, path: string, name = ''): void {
  if (name === '') found.push(required(path))
  else flag(found, path, name, isDns1123Subdomain(name))
}

export function poolName(found: Found, path: string, name = ''): void {
  if (name === '') {
    found.push(required(path))
    return
  }
  if (name.length > LONGEST_POOL) found.push(tooLong(path, LONGEST_POOL))
  for (const part of name.split('/')) flag(found, path, part, isDns1123Subdomain(part))
}

export function shareId(found: Found, path: string, uid: string): void {
  if (UUID.test(uid)) return
  const words = UUID.test(uid.toLowerCase())
    ? 'uid must be in RFC 4122 normalized form, `xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx` with lowercase hexadecimal characters'
    : `error validating uid: ${uid.length === 36 ? 'invalid UUID format' : `invalid UUID length: ${uid.length}`}`
  found.push(invalid(path, uid, words))
}

function identifier(found: Found, path: string, id: string): void {
  if (id.length > LONGEST_ID) found.push(tooLong(path, LONGEST_ID))
  if (!new RegExp(`^${IDENTIFIER}$`).test(id)) {
    const words =
      "a valid C identifier must start with alphabetic character or '_', followed by a string of alphanumeric characters or '_'"
    found.push(invalid(path, id, regexProblem(words, IDENTIFIER, 'my_name', 'MY_NAME', 'MyName')))
  }
}

/** The names of attributes and capacities; with two slashes nobody looks. */
export function qualified(found: Found, path: string, name: string): void {
  const [first = '', second, third] = name.split('/')
  if (third !== undefined) return
  if (second === undefined) {
    identifier(found, path, first)
    return
  }
  if (first === '') found.push(invalid(path, '', 'the domain must not be empty'))
  else driverName(found, path, first)
  if (second === '') found.push(invalid(path, '', 'the name must not be empty'))
  else identifier(found, path, second)
}

export function fullyQualified(found: Found, path: string, name: string): void {
  qualified(found, path, name)
  if (!name.includes('/')) {
    found.push(invalid(path, name, 'a fully qualified name must be a domain and a name separated by a slash'))
  }
}

/** What drivers alone understand: any JSON object that isn't too large. */
export function opaqueData(found: Found, path: string, value: unknown): void {
  const longest = 10 * 1024
  if (value === undefined || value === null) found.push(required(path))
  else if (JSON.stringify(value).length > longest) found.push(tooLong(path, longest))
  else if (typeof value !== 'object' || Array.isArray(value)) {
    found.push(invalid(path, '<value omitted>', 'must be a valid JSON object'))
  }
}
