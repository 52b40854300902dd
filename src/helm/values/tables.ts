/** Values as tables: copies, paths, and helm's two ways of laying one over the other (chartutil's coalesce). */
import type { Chart, Values } from '../chart/chart.ts'
import { HelmError } from '../io.ts'

export const isTable = (value: unknown): value is Values =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.getPrototypeOf(value) === Object.prototype

export function copied<T>(value: T): T {
  if (Array.isArray(value)) return value.map(copied) as T
  return isTable(value) ? (Object.fromEntries(Object.entries(value).map(([key, each]) => [key, copied(each)])) as T) : value
}

/** The table at `a.b.c`, or undefined. */
export function tableAt(values: Values, path: string): Values | undefined {
  let at: unknown = values
  for (const name of path.split('.')) {
    if (!isTable(at) || !Object.hasOwn(at, name)) return undefined
    at = at[name]
  }
  return isTable(at) ? at : undefined
}

/** The value at `a.b.c` that is no table; undefined where there is none. */
export function valueAt(values: Values, path: string): unknown {
  const names = path.split('.')
  const last = names.pop() as string
  const table = names.length === 0 ? values : tableAt(values, names.join('.'))
  const value = table && Object.hasOwn(table, last) ? table[last] : undefined
  return isTable(value) ? undefined : value
}

export type Warn = (text: string) => void

/** The chart's values under those given; a null takes a key away. Nothing that is given is changed. */
export const coalesceValues = (chart: Chart, values: Values, warn: Warn = () => {}): Values =>
  new Coalescing(false, warn).chart(chart, copied(values), '')

/** Likewise, keeping nulls: for a pass that comes before another. */
export const mergeValues = (chart: Chart, values: Values, warn: Warn = () => {}): Values =>
  new Coalescing(true, warn).chart(chart, copied(values), '')

/** Fills `to` with what only `from` has; changes both. */
export const coalesceTables = (to: Values, from: Values, warn: Warn = () => {}): Values =>
  new Coalescing(false, warn).tables(to, from, '', false)
export const mergeTables = (to: Values, from: Values, warn: Warn = () => {}): Values =>
  new Coalescing(true, warn).tables(to, from, '', true)

const joined = (a: string, b: string): string => (a ? `${a}.${b}` : b)

class Coalescing {
  readonly #merge: boolean
  readonly #warn: Warn
  constructor(merge: boolean, warn: Warn) {
    this.#merge = merge
    this.#warn = warn
  }

  chart(chart: Chart, to: Values, prefix: string): Values {
    this.#own(chart, to, prefix)
    for (const child of chart.dependencies) {
      const { name } = child.metadata
      to[name] ??= {}
      const table = to[name]
      if (!isTable(table)) throw new HelmError(`type mismatch on ${name}: %!t(${goType(table)}=${table})`)
      const inner = joined(prefix, chart.metadata.name)
      this.#globals(table, to, inner)
      to[name] = this.chart(child, table, inner)
    }
    return to
  }

  #own(chart: Chart, to: Values, prefix: string): void {
    const where = joined(prefix, chart.metadata.name)
    for (const [key, value] of Object.entries(copied(chart.values))) {
      if (!Object.hasOwn(to, key)) {
        to[key] = value
        continue
      }
      const given = to[key]
      if (given === null && !this.#merge) delete to[key]
      else if (isTable(given)) {
        const merge = this.#merge || chart.dependencies.some((child) => child.metadata.name === key)
        if (isTable(value)) this.tables(given, value, joined(where, key), merge)
        else if (value !== null) this.#warn(`warning: skipped value for ${where}.${key}: Not a table.`)
      }
    }
  }

  #globals(to: Values, from: Values, prefix: string): void {
    const theirs = to['global'] ?? {}
    const ours = from['global'] ?? {}
    if (!isTable(theirs)) return this.#warn('warning: skipping globals because destination global is not a table.')
    if (!isTable(ours)) return this.#warn('warning: skipping globals because source global is not a table.')
    for (const [key, value] of Object.entries(ours)) {
      const there = theirs[key]
      if (isTable(value)) {
        const copy = { ...value }
        if (!Object.hasOwn(theirs, key)) theirs[key] = copy
        else if (isTable(there)) {
          this.tables(copy, there, joined(prefix, key), true)
          theirs[key] = copy
        } else this.#warn(`Conflict: cannot merge map onto non-map for ${JSON.stringify(key)}. Skipping.`)
      } else if (isTable(there)) this.#warn(`key ${key} is table. Skipping`)
      else theirs[key] = value
    }
    to['global'] = theirs
  }

  tables(to: Values, from: Values, prefix: string, merge: boolean): Values {
    const real = new Set(Object.keys(from).filter((key) => from[key] !== null))
    for (const [key, value] of Object.entries(to)) if (value === null) from[key] = null
    for (const [key, value] of Object.entries(from)) {
      const where = joined(prefix, key)
      const there = to[key]
      if (Object.hasOwn(to, key) && !merge && there === null && real.has(key)) delete to[key]
      else if (!Object.hasOwn(to, key)) to[key] = value
      else if (isTable(value)) {
        if (isTable(there)) this.tables(there, value, where, merge)
        else this.#warn(`warning: cannot overwrite table with non table for ${where} (${JSON.stringify(value)})`)
      } else if (isTable(there) && value !== null)
        this.#warn(`warning: destination for ${where} is a table. Ignoring non-table value (${value})`)
    }
    return to
  }
}

const goType = (value: unknown): string =>
  typeof value === 'string'
    ? 'string'
    : typeof value === 'number'
      ? 'float64'
      : Array.isArray(value)
        ? '[]interface {}'
        : typeof value
