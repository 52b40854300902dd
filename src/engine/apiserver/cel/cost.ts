/** What a call costs while it runs (interpreter/runtimecost.go, k8s.io/apiserver/pkg/cel/library/cost.go). */
import { Format } from './library/formats.ts'
import { entries } from './raw.ts'
import { Custom, isMap, sizeOf } from './value.ts'

/** Of a text or bytes, per character. */
export const TRAVERSAL = 0.1
export const REGEX_LENGTH = 0.25
export const LIST_BASE = 10
export const MAP_BASE = 30
export const STRUCT_BASE = 40
/** An authorizer may be a webhook. */
export const CHECK = 350_000
const SELECTOR_REQUIREMENT = 0.5 * (LIST_BASE + STRUCT_BASE)

export const scaled = (size: number, factor: number): number => Math.ceil(size * factor)
const perSize = (value: unknown, times = 1): number => scaled(sizeOf(value), TRAVERSAL * times)

function traversal(value: unknown): number {
  if (typeof value === 'string' || value instanceof Uint8Array) return Math.floor(value.length * TRAVERSAL)
  if (Array.isArray(value)) return value.reduce((sum: number, one) => sum + traversal(one), 0)
  if (isMap(value)) return entries(value).reduce((sum, [key, one]) => sum + traversal(key) + traversal(one), 0)
  return 1
}

const regex = (text: unknown, pattern: number): number => scaled(1 + sizeOf(text), TRAVERSAL) * scaled(pattern, REGEX_LENGTH)

type Cost = (args: readonly unknown[], result: unknown, id: string) => number

const one: Cost = () => 1
const whole: Cost = ([first]) => traversal(first)
const once: Cost = ([first]) => perSize(first)
const twice: Cost = ([first]) => perSize(first, 2)
const search: Cost = ([text, pattern]) => regex(text, sizeOf(pattern))
const selector: Cost = ([, text]) => LIST_BASE + perSize(text) + scaled(sizeOf(text), SELECTOR_REQUIREMENT)
const smaller: Cost = ([a, b]) => (a instanceof Custom ? 1 : scaled(Math.min(sizeOf(a), sizeOf(b)), TRAVERSAL))
const textual: Cost = ([a, b]) =>
  typeof a === 'string' || a instanceof Uint8Array ? scaled(Math.min(sizeOf(a), sizeOf(b)), TRAVERSAL) : 1
const sum: Cost = ([a, b]) => (typeof a === 'string' || a instanceof Uint8Array ? scaled(sizeOf(a) + sizeOf(b), TRAVERSAL) : 1)
const containsIp: Cost = ([, other], _result, id) => 1 + (id.endsWith('string') ? perSize(other) : 0)

const each = (names: string, cost: Cost): [string, Cost][] => names.split(' ').map((name) => [name, cost])

const COSTS = new Map<string, Cost>([
  ...each('check', () => CHECK),
  ...each('fieldSelector labelSelector', selector),
  ...each('isSorted sum max min indexOf lastIndexOf', whole),
  ...each('url lowerAscii upperAscii substring trim jsonpatch.escapeKey', once),
  ...each('cidr isIP isCIDR quantity isQuantity semver isSemver startsWith endsWith format strings.quote', once),
  ...each('replace split ip.isCanonical', twice),
  ...each('join', (_args, result) => perSize(result, 2)),
  ...each('find findAll matches', search),
  ...each('ip', ([first], _result, id) => (id === 'cidr_ip' ? 1 : perSize(first))),
  ...each('containsIP', containsIp),
  ...each('containsCIDR', ([, other], _result, id) => 3 + (id.endsWith('string') ? perSize(other) : 0)),
  ...each('validate', ([format, text]) => (format instanceof Format ? regex(text, format.maxRegexSize) : 1)),
  ...each('_==_ _!=_', smaller),
  ...each('_<_ _<=_ _>_ _>=_', textual),
  ...each('_+_', sum),
  ...each('contains', ([text, part]) => perSize(text) * perSize(part)),
  ...each('@in', ([, within]) => (Array.isArray(within) ? sizeOf(within) : 1)),
  // O(n log n) and O(n²): cel-go's ext.Lists costs.
  ...each('sort @sortByAssociatedKeys', ([list]) => scaled(sizeOf(list) * Math.max(1, Math.log2(sizeOf(list) || 1)), 1)),
  ...each('distinct', ([list]) => sizeOf(list) ** 2 || 1),
  ...each('slice flatten reverse lists.range', (_args, result) => 1 + sizeOf(result)),
  ...each('sets.contains sets.intersects', ([a, b]) => sizeOf(a) * sizeOf(b) + 1),
  ...each('sets.equivalent', ([a, b]) => 2 * sizeOf(a) * sizeOf(b) + 1),
])

export function callCost(fn: string, id: string, args: readonly unknown[], result: unknown): number {
  if (id === 'string_to_bytes' || id === 'bytes_to_string') return perSize(args[0])
  return (COSTS.get(fn) ?? one)(args, result, id)
}
