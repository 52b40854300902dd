/** The expressions that choose devices: what they may name (dynamic-resource-allocation/cel). */
import { type Compiled, compile, types } from '../../apiserver/cel/index.ts'

const MOST = 32
const sized = (max: number) => types.withMax(types.STRING, max)
const id = sized(32)
const domain = sized(63)
const maps = (of: types.CelType) => types.mapOf(domain, types.mapOf(id, of, MOST), MOST)

const fields: Record<string, types.CelType> = {
  driver: sized(63),
  allowMultipleAllocations: types.BOOL,
  attributes: maps(types.withMax(types.DYN, 64)),
  capacity: maps(types.opaque('kubernetes.Quantity')),
}
const DEVICE = types.objectType('kubernetes.DRADevice', (name) => (Object.hasOwn(fields, name) ? fields[name] : undefined))

/** Compiled, when it can tell whether a device is meant; else why not, in Kubernetes' words. */
export function compileSelector(expression: string): Compiled {
  const compiled = compile(expression, { variables: { device: DEVICE }, bind: true })
  if (!compiled.ok) return { ok: false, error: `compilation failed: ${compiled.error}` }
  const { type } = compiled.program
  if (type.kind === 'bool' || type.kind === 'dyn') return compiled
  return { ok: false, error: `must evaluate to bool or the unknown type, not ${types.typeText(type)}` }
}
