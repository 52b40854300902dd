/** Which types fit which: the unification behind overloads, lists and maps (cel-go's checker/types.go). */
import { type CelType, DYN, isLoose, sameType } from './types.ts'

/** What type parameters stand for so far. */
export type Mapping = Map<string, CelType>

/** A mapping that is being tried: what it held before, to go back when it doesn't work out. */
interface Trial {
  readonly mapping: Mapping
  readonly before: [name: string, type: CelType | undefined][]
}

const PRIMITIVE = new Set(['bool', 'int', 'uint', 'double', 'string', 'bytes', 'timestamp', 'duration'])

/** The more general of two types that fit. */
export const mostGeneral = (a: CelType, b: CelType): CelType => (lessSpecific(a, b) ? a : b)

function lessSpecific(a: CelType, b: CelType): boolean {
  if (a.kind === 'dyn' || a.kind === 'param') return true
  if (b.kind === 'dyn' || b.kind === 'param' || a.kind !== b.kind) return false
  if (a.kind === 'type') return true
  if (a.kind === 'list' || a.kind === 'map' || a.kind === 'opaque') {
    if (a.name !== b.name || a.params.length !== b.params.length) return false
    return a.params.every((one, i) => lessSpecific(one, b.params[i] as CelType))
  }
  return sameType(a, b)
}

const nullable = ({ kind }: CelType): boolean =>
  kind === 'opaque' || kind === 'object' || kind === 'duration' || kind === 'timestamp' || kind === 'null'

function absent(mapping: Mapping, name: string, within: CelType): boolean {
  if (within.kind === 'param') {
    if (within.name === name) return false
    const found = mapping.get(within.name)
    return found === undefined || absent(mapping, name, found)
  }
  return within.params.every((one) => absent(mapping, name, one))
}

/** Whether `type` may stand for the parameter: `null` when it has no meaning yet and may not take this one. */
function stands(trial: Trial, type: CelType, parameter: CelType): boolean | null {
  const { mapping } = trial
  if (type.kind === 'param' && type.name === parameter.name) return true
  const known = mapping.get(parameter.name)
  if (known) {
    if (sameType(type, known)) return true
    if (!fits(trial, type, known)) return false
    const general = mostGeneral(type, known)
    if (absent(mapping, parameter.name, general)) put(trial, parameter.name, general)
    return true
  }
  if (!absent(mapping, parameter.name, type)) return null
  put(trial, parameter.name, type)
  return true
}

function put({ mapping, before }: Trial, name: string, type: CelType): void {
  before.push([name, mapping.get(name)])
  mapping.set(name, type)
}

function fits(trial: Trial, a: CelType, b: CelType): boolean {
  if (b.kind === 'param') {
    const valid = stands(trial, a, b)
    if (valid !== null) return valid
  }
  if (a.kind === 'param') return stands(trial, b, a) === true
  if (isLoose(a) || isLoose(b)) return true
  if (a.kind === 'null') return nullable(b)
  if (b.kind === 'null') return nullable(a)
  if (PRIMITIVE.has(a.kind)) return a.kind === b.kind
  if (a.kind === 'object') return b.kind === 'object' && a.name === b.name
  if (a.kind === 'type') return b.kind === 'type'
  if (a.kind !== b.kind || a.name !== b.name || a.params.length !== b.params.length) return false
  return a.params.every((one, i) => fits(trial, one, b.params[i] as CelType))
}

/** Puts the one list where the other is asked for; the mapping stays as it was when it doesn't fit. */
export function assign(mapping: Mapping, given: readonly CelType[], wanted: readonly CelType[]): boolean {
  if (given.length !== wanted.length) return false
  const trial: Trial = { mapping, before: [] }
  if (given.every((one, i) => fits(trial, one, wanted[i] as CelType))) return true
  for (const [name, type] of trial.before.reverse()) {
    if (type) mapping.set(name, type)
    else mapping.delete(name)
  }
  return false
}

/** A type with its parameters replaced by what they stand for; those that stand for nothing yet stay, or become dyn. */
export function substitute(mapping: Mapping, type: CelType, toDyn = false): CelType {
  if (type.kind === 'param') {
    const found = mapping.get(type.name)
    if (found) return substitute(mapping, found, toDyn)
    return toDyn ? DYN : type
  }
  if (type.params.length === 0) return type
  const params = type.params.map((one) => substitute(mapping, one, toDyn))
  return params.every((one, i) => one === type.params[i]) ? type : { ...type, params }
}
