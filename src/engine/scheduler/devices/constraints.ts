/** What a claim asks of its devices together: one attribute alike in all of them, or different in each. */
import type { Attribute, Device } from './objects.ts'
import type { Candidate } from './pools.ts'

export interface Constraint {
  /** Whether the device may join those taken already; if so it has joined. */
  add(request: string, sub: string, candidate: Candidate): boolean
  remove(request: string, sub: string): void
}

/** An attribute by its full name; those of the driver itself may be written without it. */
function attributeOf({ attributes = {} }: Device, driver: string, name: string): Attribute | undefined {
  if (attributes[name]) return attributes[name]
  const cut = name.indexOf('/')
  return cut >= 0 && name.slice(0, cut) === driver ? attributes[name.slice(cut + 1)] : undefined
}

/** The attribute's value in the device, as a text that tells values apart; `null` when it has none. */
function textOf({ device, slice }: Candidate, attribute: string): string | null {
  const found = attributeOf(device, slice.driver, attribute)
  return found ? JSON.stringify([found.string, found.int, found.bool, found.version]) : null
}

const concerns = (names: readonly string[], request: string, sub: string): boolean =>
  names.length === 0 || names.includes(request) || (sub !== '' && names.includes(`${request}/${sub}`))

export function matching(names: readonly string[], attribute: string): Constraint {
  let value = ''
  let count = 0
  return {
    add(request, sub, candidate) {
      if (!concerns(names, request, sub)) return true
      const found = textOf(candidate, attribute)
      if (found === null || (count > 0 && found !== value)) return false
      value = found
      count += 1
      return true
    },
    remove(request, sub) {
      if (concerns(names, request, sub)) count -= 1
    },
  }
}

/** As upstream, one value is remembered for each request. */
export function distinct(names: readonly string[], attribute: string): Constraint {
  const values = new Map<string, string>()
  let count = 0
  return {
    add(request, sub, candidate) {
      if (!concerns(names, request, sub)) return true
      const value = textOf(candidate, attribute)
      if (value === null || (count > 0 && [...values.values()].includes(value))) return false
      values.set(request, value)
      count += 1
      return true
    },
    remove(request, sub) {
      if (!concerns(names, request, sub)) return
      values.delete(request)
      count -= 1
    },
  }
}
