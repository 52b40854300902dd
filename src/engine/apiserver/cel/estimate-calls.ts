/** What calls cost at most, by function and overload. */
import type { Call, Expr } from './ast.ts'
import { CHECK, LIST_BASE, REGEX_LENGTH, STRUCT_BASE, TRAVERSAL } from './cost.ts'
import { add, type Bounds, fixed, MOST, multiply, scale, union } from './estimate-bounds.ts'
import type { CelType } from './types.ts'

/** A value with what is known of its size. */
export interface Sized {
  readonly expr: Expr
  readonly type: CelType
  readonly path: readonly string[] | null
  readonly size: Bounds | null
}

export interface Estimate {
  readonly cost: Bounds
  readonly size?: Bounds | null
  /** The arguments' costs are in it already. */
  readonly complete?: boolean
}

interface Asked {
  readonly id: string
  readonly target: Sized | null
  readonly args: readonly Sized[]
  readonly costs: readonly Bounds[]
  itemSize(list: Sized): Bounds | null
}

const UNKNOWN: Bounds = { min: 0, max: MOST }
const sizeOf = (one: Sized | null | undefined): Bounds => one?.size ?? UNKNOWN
const ADDRESS: Bounds = { min: 4, max: 16 }
const LONGEST_FORMAT_REGEX = 128

type Rule = (asked: Asked) => Estimate | null

const one: Rule = () => ({ cost: fixed(1) })
const textOf = (one: Sized | null | undefined, times = 1): Bounds => scale(sizeOf(one), TRAVERSAL * times)

const walk: Rule = ({ target, itemSize }) => {
  if (!target) return null
  const item = target.type.kind === 'list' ? target.type.params[0] : null
  if (!item) return { cost: textOf(target) }
  const text = item.kind === 'string' || item.kind === 'bytes'
  const each = text ? add(fixed(1), scale(itemSize(target) ?? UNKNOWN, TRAVERSAL)) : fixed(1)
  return { cost: multiply(sizeOf(target), each) }
}
const argument: Rule = ({ args }) => ({ cost: textOf(args[0]) })
const sameArgument: Rule = ({ args }) => ({ cost: textOf(args[0]), size: sizeOf(args[0]) })
const sameTarget: Rule = ({ target }) => (target ? { cost: textOf(target), size: sizeOf(target) } : null)

function regexCost(text: Sized | null | undefined, pattern: Sized | undefined): Bounds {
  return multiply(scale(add(sizeOf(text), fixed(1)), TRAVERSAL), scale(sizeOf(pattern), REGEX_LENGTH))
}
const search: Rule = ({ target, args }) =>
  target ? { cost: regexCost(target, args[0]), size: { min: 0, max: sizeOf(target).max } } : null
const matches: Rule = ({ target, args }) => (target ? { cost: regexCost(target, args[0]) } : null)

/** One bound of what `replace` makes. */
function replaced(size: number, old: number, by: number, oldEmpty: boolean): number {
  if (oldEmpty) return Math.min(MOST, (size + 1) * by + size)
  return by <= old ? size : Math.min(MOST, Math.ceil(size / old) * by)
}
const replace: Rule = ({ target, args }) => {
  if (!target) return null
  const [size, old, by] = [sizeOf(target), sizeOf(args[0]), sizeOf(args[1])]
  const max = replaced(size.max, old.min, by.max, old.min === 0)
  const min =
    old.max === 0
      ? replaced(size.min, old.max, by.min, true)
      : old.max <= by.min
        ? size.min
        : Math.ceil(size.min / old.max) * by.min
  return { cost: textOf(target, 2), size: { min, max } }
}
const split: Rule = ({ target, args }) => {
  if (!target) return null
  const limit = args[1]?.expr
  const most = limit?.kind === 'literal' && typeof limit.value === 'bigint' ? Number(limit.value) : sizeOf(target).max
  return { cost: textOf(target, 2), size: { min: 0, max: most < 0 ? MOST : most } }
}
const join: Rule = ({ target, args, itemSize }) => {
  if (!target) return null
  const count = sizeOf(target)
  const items = multiply(count, itemSize(target) ?? UNKNOWN)
  const gaps = { min: Math.max(0, count.min - 1), max: Math.max(0, count.max - 1) }
  const size = args[0] ? add(items, multiply(sizeOf(args[0]), gaps)) : items
  return { cost: scale(size, TRAVERSAL), size }
}
const containsIp: Rule = ({ id, args }) => {
  const base = scale(add(ADDRESS, ADDRESS), TRAVERSAL)
  return { cost: id === 'cidr_contains_ip_string' ? add(base, textOf(args[0])) : base }
}
const containsCidr: Rule = ({ id, args }) => {
  const base = add(add(scale(add(ADDRESS, ADDRESS), TRAVERSAL), scale(ADDRESS, TRAVERSAL)), fixed(1))
  return { cost: id === 'cidr_contains_cidr_string' ? add(base, textOf(args[0])) : base }
}
const selector: Rule = ({ args }) => {
  const size = sizeOf(args[0])
  return { cost: add(add(fixed(LIST_BASE), scale(size, TRAVERSAL)), scale(size, 0.5 * (LIST_BASE + STRUCT_BASE))) }
}
const equality: Rule = ({ args }) => {
  const [a, b] = args
  if (a?.type.kind === 'opaque' && a.type.name === b?.type.name && /^(?:net|kubernetes)\./.test(a.type.name))
    return one({} as Asked)
  return smaller({ args } as unknown as Asked)
}
const smaller: Rule = ({ args }) => {
  const max = Math.min(sizeOf(args[0]).max, sizeOf(args[1]).max)
  return { cost: scale({ min: max > 0 ? 1 : 0, max }, TRAVERSAL) }
}
const ordered: Rule = (asked) => (/_(?:string|bytes)$/.test(asked.id) ? smaller(asked) : one(asked))
const logic: Rule = ({ costs }) => {
  const [a, b] = costs as [Bounds, Bounds]
  return { cost: { min: a.min, max: add(a, b).max }, complete: true }
}
const conditional: Rule = ({ costs, args }) => {
  const [condition, yes, no] = costs as [Bounds, Bounds, Bounds]
  return { cost: add(condition, union(yes, no)), size: union(sizeOf(args[1]), sizeOf(args[2])), complete: true }
}
const plus: Rule = ({ id, args }) => {
  if (!/^add_(?:list|string|bytes)/.test(id)) return one({} as Asked)
  const size = add(sizeOf(args[0]), sizeOf(args[1]))
  return { cost: id === 'add_list' ? fixed(1) : scale(size, TRAVERSAL), size }
}
const conversionTo =
  (overload: string, grow: (size: Bounds) => Bounds): Rule =>
  ({ id, args }) =>
    id === overload ? { cost: textOf(args[0]), size: grow(sizeOf(args[0])) } : one({} as Asked)

const each = (names: string, rule: Rule): [string, Rule][] => names.split(' ').map((name) => [name, rule])

const RULES = new Map<string, Rule>([
  ...each('check', () => ({ cost: fixed(CHECK) })),
  ...each('fieldSelector labelSelector', selector),
  ...each('isSorted sum max min indexOf lastIndexOf', walk),
  ...each('url jsonpatch.escapeKey', sameArgument),
  ...each('lowerAscii upperAscii substring trim', sameTarget),
  ...each('replace', replace),
  ...each('split', split),
  ...each('join', join),
  ...each('find findAll', search),
  ...each('matches', matches),
  ...each('cidr isIP isCIDR quantity isQuantity semver isSemver startsWith endsWith', argument),
  ...each('ip', (asked) => (asked.id === 'cidr_ip' ? one(asked) : argument(asked))),
  ...each('ip.isCanonical', ({ args }) => ({ cost: textOf(args[0], 2) })),
  ...each('containsIP', containsIp),
  ...each('containsCIDR', containsCidr),
  ...each('validate', ({ args }) => ({ cost: scale(textOf(args[0]), LONGEST_FORMAT_REGEX * REGEX_LENGTH) })),
  ...each('_==_ _!=_', equality),
  ...each('_<_ _<=_ _>_ _>=_', ordered),
  ...each('_&&_ _||_', logic),
  ...each('_?_:_', conditional),
  ...each('_+_', plus),
  ...each('@in', (asked) => (asked.id === 'in_list' ? { cost: sizeOf(asked.args[1]) } : one(asked))),
  ...each('contains', ({ target, args }) => ({ cost: multiply(textOf(target), textOf(args[0])) })),
  ...each('format', ({ target }) => ({ cost: textOf(target) })),
  ...each('strings.quote', ({ args }) => ({
    cost: textOf(args[0]),
    size: { min: sizeOf(args[0]).min + 2, max: sizeOf(args[0]).max * 2 + 2 },
  })),
  ...each(
    'bytes',
    conversionTo('string_to_bytes', ({ min, max }) => ({ min, max: Math.min(MOST, max * 4) })),
  ),
  ...each(
    'string',
    conversionTo('bytes_to_string', ({ min, max }) => ({ min: min / 4, max })),
  ),
  ...each('sets.contains sets.intersects', ({ args }) => ({ cost: add(multiply(sizeOf(args[0]), sizeOf(args[1])), fixed(1)) })),
  ...each('sets.equivalent', ({ args }) => ({ cost: add(scale(multiply(sizeOf(args[0]), sizeOf(args[1])), 2), fixed(1)) })),
  ...each('distinct', ({ target }) => ({ cost: multiply(sizeOf(target), sizeOf(target)), size: sizeOf(target) })),
  ...each('sort @sortByAssociatedKeys reverse slice flatten', ({ target }) => ({
    cost: add(sizeOf(target), fixed(1)),
    size: sizeOf(target),
  })),
])

export function callEstimate(
  { fn }: Call,
  id: string,
  target: Sized | null,
  args: readonly Sized[],
  costs: readonly Bounds[],
  itemSize: (list: Sized) => Bounds | null,
): Estimate {
  const asked: Asked = { id, target, args, costs, itemSize }
  return (RULES.get(fn) ?? one)(asked) ?? { cost: fixed(1) }
}
