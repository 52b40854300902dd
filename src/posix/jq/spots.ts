/** What a running jq program handles: values with their places, what it asks of its surroundings, and ways out. */
import type { Path } from './paths.ts'
import type { Pattern, Value } from './syntax.ts'
import { described, isObject, JqError } from './values.ts'

/** A value and, when paths are followed, where it was found. */
export interface Spot {
  v: Value
  p: Path | null
}

/** On its way out of a `label`. */
export class Break {
  readonly label: object
  constructor(label: object) {
    this.label = label
  }
}

/** What a program may ask of its surroundings. */
export interface JqHost {
  now(): number
  /** The next input; undefined when there is none. */
  input(): Value | undefined
  env: Readonly<Record<string, string>>
  debug(text: string): void
}

/** A value that was made here has no place; only the input itself and what is in it have. */
export const pathless = (p: Path | null, value: Value): Path | null => (p && value === null ? p : null)

export function* each({ v, p }: Spot): Generator<Spot> {
  if (Array.isArray(v)) for (const [i, one] of v.entries()) yield { v: one, p: p && [...p, i] }
  else if (isObject(v)) for (const key of Object.keys(v)) yield { v: v[key] as Value, p: p && [...p, key] }
  else throw new JqError(`Cannot iterate over ${described(v)}`)
}

export function namesOf(pattern: Pattern): string[] {
  if (pattern.k === 'var') return [pattern.name]
  if (pattern.k === 'list') return pattern.items.flatMap(namesOf)
  return pattern.entries.flatMap(({ name, pattern: inner }) => [...(name ? [name] : []), ...(inner ? namesOf(inner) : [])])
}
