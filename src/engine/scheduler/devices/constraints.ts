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

const textOf = ({ string, int, bool, version }: Attribute): string => JSON.stringify([string, int, bool, version])

const concerns = (names: readonly string[], request: string, sub: string): boolean =>
  names.length === 0 || names.includes(request) || (sub !== '' && names.includes(`${request}/${sub}`))

export function matching(names: readonly string[], attribute: string): Constraint {
  let value = ''
  let count = 0
  return {
    add(request, sub, { device, slice }) {
      if (!concerns(names, request, sub)) return true
      const found = attributeOf(device, slice.driver, attribute)
      if (!found) return false
      if (count === 0) value = textOf(found)
      else if (textOf(found) !== value) return false
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
    add(request, sub, { device, slice }) {
      if (!concerns(names, request, sub)) return true
      const found = attributeOf(device, slice.driver, attribute)
      if (!found) return false
      const value = textOf(found)
      if (count > 0 && [...values.values()].includes(value)) return false
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
