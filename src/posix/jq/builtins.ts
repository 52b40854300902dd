/** Functions of jq that are not written in jq. */
import { byteLength } from '#api/bytes.ts'
import { add, split } from './arithmetic.ts'
import { dateFunctions } from './dates.ts'
import type { Native } from './evaluator.ts'
import { plain } from './formats.ts'
import {
  bsearch,
  contains,
  flatten,
  fromJson,
  has,
  implode,
  join,
  keysOf,
  lengthOf,
  listOf,
  text,
  toNumber,
  transpose,
  trims,
} from './functions.ts'
import { library } from './library.ts'
import { deletePaths, getPath, indices, type Path, setPath } from './paths.ts'
import { regexFunctions } from './regexes.ts'
import { each, type Spot } from './spots.ts'
import type { Node, Plain, Value } from './syntax.ts'
import { compare, described, isObject, JqError, kindOf, textOf } from './values.ts'

/** Runs for every combination of its arguments' values. */
export const native = (count: number, f: Plain): Native =>
  function* (on, args, env, { v }) {
    const values = (i: number): Value[] => [...on.run(args[i] as Node, env, { v, p: null })].map((spot) => spot.v)
    if (count === 0) yield { v: f(v), p: null }
    else if (count === 1) for (const a of values(0)) yield { v: f(v, a), p: null }
    else if (count === 2) for (const b of values(1)) for (const a of values(0)) yield { v: f(v, a, b), p: null }
    else for (const c of values(2)) for (const b of values(1)) for (const a of values(0)) yield { v: f(v, a, b, c), p: null }
  }

const halt = (status: number, text: string | null): JqError => new JqError({ __jq: 'halt', status, text })

const math = (f: (n: number) => number): Native =>
  native(0, (v) => {
    if (typeof v !== 'number') throw new JqError(`${described(v)} number required`)
    return f(v)
  })

// ——— by a key

const byKey = (use: (pairs: { key: Value; value: Value }[]) => Value): Native =>
  function* (on, [f], env, { v }) {
    const pairs = listOf(v, 'sorted').map((value) => ({
      key: [...on.run(f as Node, env, { v: value, p: null })].map((s) => s.v) as Value,
      value,
    }))
    yield { v: use(pairs), p: null }
  }
type Pairs = { key: Value; value: Value }[]
const sorted = (pairs: Pairs): Pairs => [...pairs].sort((a, b) => compare(a.key, b.key))

function grouped(pairs: Pairs): Pairs[] {
  const groups: Pairs[] = []
  for (const pair of sorted(pairs)) {
    const last = groups.at(-1)
    if (last && compare((last[0] as Pairs[number]).key, pair.key) === 0) last.push(pair)
    else groups.push([pair])
  }
  return groups
}

const most = (pairs: Pairs, sign: number): Value =>
  pairs.reduce<Pairs[number] | null>(
    (best, pair) => (!best || compare(pair.key, best.key) * sign >= (sign > 0 ? 0 : 1) ? pair : best),
    null,
  )?.value ?? null

const own = (v: Value): Pairs => listOf(v, 'sorted').map((value) => ({ key: value, value }))

// ——— those that run their arguments

const lazy: Record<string, Native> = {
  'empty/0': () => [],
  'error/0': (_on, _args, _env, { v }) => {
    throw new JqError(v)
  },
  *'path/1'(on, [f], env, { v }) {
    for (const path of on.paths(f as Node, env, v)) yield { v: path, p: null }
  },
  *'getpath/1'(on, [f], env, { v, p }) {
    for (const { v: path } of on.run(f as Node, env, { v, p: null })) {
      if (!Array.isArray(path)) throw new JqError('Path must be specified as an array')
      let found: Value = null
      try {
        found = getPath(v, path)
      } catch (error) {
        if (!p) throw error
      }
      yield { v: found, p: p && [...p, ...path] }
    }
  },
  *'first/1'(on, [f], env, spot) {
    for (const one of on.run(f as Node, env, spot)) {
      yield one
      return
    }
  },
  *'limit/2'(on, [n, f], env, spot) {
    for (const { v } of on.run(n as Node, env, { v: spot.v, p: null })) {
      let left = Number(v)
      if (left <= 0) continue
      for (const one of on.run(f as Node, env, spot)) {
        yield one
        if (--left <= 0) break
      }
    }
  },
  *'isempty/1'(on, [f], env, { v }) {
    yield { v: on.run(f as Node, env, { v, p: null }).next().done === true, p: null }
  },
  *'range/2'(on, [from, to], env, { v }) {
    for (const a of on.run(from as Node, env, { v, p: null }))
      for (const b of on.run(to as Node, env, { v, p: null }))
        for (let i = Number(a.v); i < Number(b.v); i++) {
          on.tick()
          yield { v: i, p: null }
        }
  },
  *'range/3'(on, [from, to, by], env, { v }) {
    for (const a of on.run(from as Node, env, { v, p: null }))
      for (const b of on.run(to as Node, env, { v, p: null }))
        for (const { v: step } of on.run(by as Node, env, { v, p: null })) {
          const s = Number(step)
          if (s === 0) continue
          for (let i = Number(a.v); s > 0 ? i < Number(b.v) : i > Number(b.v); i += s) {
            on.tick()
            yield { v: i, p: null }
          }
        }
  },
  *'input/0'(on) {
    const v = on.host.input()
    if (v === undefined) throw new JqError('No more inputs')
    yield { v, p: null }
  },
  *'debug/0'(on, _args, _env, spot) {
    on.host.debug(`["DEBUG:",${textOf(spot.v)}]\n`)
    yield spot
  },
  *'stderr/0'(on, _args, _env, spot) {
    on.host.debug(textOf(spot.v))
    yield spot
  },
  *'now/0'(on) {
    yield { v: on.host.now() / 1000, p: null }
  },
  *'recurse/0'(_on, _args, _env, spot) {
    const stack: Iterator<Spot>[] = [[spot][Symbol.iterator]()]
    while (stack.length > 0) {
      const next = (stack.at(-1) as Iterator<Spot>).next()
      if (next.done) stack.pop()
      else {
        yield next.value
        if (typeof next.value.v === 'object' && next.value.v !== null) stack.push(each(next.value))
      }
    }
  },
  'sort_by/1': byKey((pairs) => sorted(pairs).map(({ value }) => value)),
  'group_by/1': byKey((pairs) => grouped(pairs).map((group) => group.map(({ value }) => value))),
  'unique_by/1': byKey((pairs) => grouped(pairs).map((group) => (group[0] as Pairs[number]).value)),
  'min_by/1': byKey((pairs) => most(pairs, -1)),
  'max_by/1': byKey((pairs) => most(pairs, 1)),
}

const simple: Record<string, [number, Plain]> = {
  'length/0': [0, lengthOf],
  'utf8bytelength/0': [
    0,
    text(
      (s) => byteLength(s),
      (v) => `${described(v)} only strings have UTF-8 byte length`,
    ),
  ],
  'keys/0': [0, (v) => keysOf(v, true)],
  'keys_unsorted/0': [0, (v) => keysOf(v, false)],
  'has/1': [1, has],
  'contains/1': [1, contains],
  'type/0': [0, kindOf],
  'add/0': [0, (v) => (isObject(v) ? Object.values(v) : listOf(v, 'added')).reduce<Value>(add, null)],
  'tostring/0': [0, plain],
  'tonumber/0': [0, toNumber],
  'tojson/0': [0, (v) => textOf(v)],
  'fromjson/0': [0, fromJson],
  'error/1': [
    1,
    (_v, e) => {
      throw new JqError(e)
    },
  ],
  'sort/0': [0, (v) => [...listOf(v, 'sorted')].sort(compare)],
  'min/0': [0, (v) => most(own(v), -1)],
  'max/0': [0, (v) => most(own(v), 1)],
  'unique/0': [0, (v) => grouped(own(v)).map((group) => (group[0] as Pairs[number]).value)],
  'reverse/0': [
    0,
    (v) => (v === null ? [] : typeof v === 'string' ? [...v].reverse().join('') : [...listOf(v, 'reversed')].reverse()),
  ],
  'flatten/0': [0, (v) => flatten(v, 1000)],
  'flatten/1': [1, flatten],
  'transpose/0': [0, transpose],
  'bsearch/1': [1, bsearch],
  'join/1': [1, join],
  'split/1': [
    1,
    (v, by) => {
      if (typeof v !== 'string' || typeof by !== 'string') throw new JqError('split input and separator must be strings')
      return split(v, by)
    },
  ],
  'startswith/1': [
    1,
    (v, s) => {
      if (typeof v !== 'string' || typeof s !== 'string') throw new JqError('startswith() requires string inputs')
      return v.startsWith(s)
    },
  ],
  'endswith/1': [
    1,
    (v, s) => {
      if (typeof v !== 'string' || typeof s !== 'string') throw new JqError('endswith() requires string inputs')
      return v.endsWith(s)
    },
  ],
  'ltrimstr/1': [1, (v, s) => (typeof v === 'string' && typeof s === 'string' && v.startsWith(s) ? v.slice(s.length) : v)],
  'rtrimstr/1': [
    1,
    (v, s) => (typeof v === 'string' && typeof s === 'string' && s !== '' && v.endsWith(s) ? v.slice(0, -s.length) : v),
  ],
  'trim/0': [0, trims((s) => s.trim())],
  'ltrim/0': [0, trims((s) => s.trimStart())],
  'rtrim/0': [0, trims((s) => s.trimEnd())],
  'ascii_downcase/0': [
    0,
    text(
      (s) => s.replace(/[A-Z]/g, (c) => c.toLowerCase()),
      () => 'ascii_downcase input must be a string',
    ),
  ],
  'ascii_upcase/0': [
    0,
    text(
      (s) => s.replace(/[a-z]/g, (c) => c.toUpperCase()),
      () => 'ascii_upcase input must be a string',
    ),
  ],
  'explode/0': [
    0,
    text(
      (s) => [...s].map((c) => c.codePointAt(0) as number),
      (v) => `${described(v)} cannot be exploded`,
    ),
  ],
  'implode/0': [0, implode],
  'indices/1': [1, indices],
  'index/1': [1, (v, s) => (indices(v, s) as Value[] | null)?.[0] ?? null],
  'rindex/1': [1, (v, s) => (indices(v, s) as Value[] | null)?.at(-1) ?? null],
  'setpath/2': [
    2,
    (v, path, next) => {
      if (!Array.isArray(path)) throw new JqError('Path must be specified as an array')
      return setPath(v, path, next)
    },
  ],
  'delpaths/1': [1, (v, paths) => deletePaths(v, paths as Path[])],
  'infinite/0': [0, () => Number.POSITIVE_INFINITY],
  'nan/0': [0, () => Number.NaN],
  'isinfinite/0': [0, (v) => typeof v === 'number' && !Number.isFinite(v) && !Number.isNaN(v)],
  'isnan/0': [0, (v) => typeof v === 'number' && Number.isNaN(v)],
  'isnormal/0': [0, (v) => typeof v === 'number' && Number.isFinite(v) && v !== 0],
  'pow/2': [2, (_v, a, b) => Number(a) ** Number(b)],
  'halt/0': [
    0,
    () => {
      throw halt(0, null)
    },
  ],
  'halt_error/1': [
    1,
    (v, status) => {
      throw halt(Number(status), typeof v === 'string' ? v : `${textOf(v)}\n`)
    },
  ],
  'input_filename/0': [0, () => null],
  'input_line_number/0': [0, () => 0],
  'builtins/0': [0, () => [...Object.keys(natives), ...library().functions.keys()]],
}

const FUNCTIONS: Readonly<Record<string, (n: number) => number>> = {
  floor: Math.floor,
  ceil: Math.ceil,
  round: Math.round,
  sqrt: Math.sqrt,
  fabs: Math.abs,
  exp: Math.exp,
  log: Math.log,
  log2: Math.log2,
  log10: Math.log10,
  exp2: (n) => 2 ** n,
  exp10: (n) => 10 ** n,
  sin: Math.sin,
  cos: Math.cos,
  tan: Math.tan,
  asin: Math.asin,
  acos: Math.acos,
  atan: Math.atan,
  trunc: Math.trunc,
  cbrt: Math.cbrt,
  significand: (n) => n / 2 ** Math.floor(Math.log2(Math.abs(n) || 1)),
}

export const natives: Readonly<Record<string, Native>> = {
  ...lazy,
  ...Object.fromEntries(Object.entries(simple).map(([name, [count, f]]) => [name, native(count, f)])),
  ...Object.fromEntries(Object.entries(FUNCTIONS).map(([name, f]) => [`${name}/0`, math(f)])),
  ...Object.fromEntries(
    Object.entries({ ...dateFunctions, ...regexFunctions }).map(([name, [count, f]]) => [name, native(count, f)]),
  ),
}
