/** Which rule a request meets: the order of the Gateway API's own precedence, and how each match is tried. */
import { compileRegexp } from '#api/regexp/index.ts'
import type { Route, RouteMatch, ValueMatch } from './kinds.ts'
import type { JudgedRule } from './rules.ts'

/** One match of one rule, as it stands in the table. */
export interface Entry {
  route: Route
  rule: JudgedRule
  match: RouteMatch
  /** Place of the rule and of the match in it. */
  at: number
}

export interface Question {
  method: string
  /** Without its query. */
  path: string
  query: ReadonlyMap<string, string>
  headers: Readonly<Record<string, string>>
}

const RANK: Readonly<Record<string, number>> = { Exact: 2, RegularExpression: 1 }
const kindOf = ({ path }: RouteMatch): number => RANK[path?.type ?? ''] ?? 0
const lengthOf = ({ path }: RouteMatch): number => path?.value?.length ?? 1
const ageOf = ({ metadata }: Route): string => metadata.creationTimestamp ?? ''
const nameOf = ({ metadata }: Route): string => `${metadata.namespace}/${metadata.name}`
const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Exact paths, then the longest; a method; more headers, more parameters; the older route, the one that is named first. */
export function precedence(a: Entry, b: Entry): number {
  const [x, y] = [a.match, b.match]
  return (
    kindOf(y) - kindOf(x) ||
    lengthOf(y) - lengthOf(x) ||
    Number(y.method !== undefined) - Number(x.method !== undefined) ||
    (y.headers?.length ?? 0) - (x.headers?.length ?? 0) ||
    (y.queryParams?.length ?? 0) - (x.queryParams?.length ?? 0) ||
    byText(ageOf(a.route), ageOf(b.route)) ||
    byText(nameOf(a.route), nameOf(b.route)) ||
    a.at - b.at
  )
}

function isLike(pattern: string, value: string): boolean {
  const compiled = compileRegexp(`^(?:${pattern})`)
  return typeof compiled !== 'string' && compiled.test(value)
}

function pathFits({ type = 'PathPrefix', value = '/' }: NonNullable<RouteMatch['path']>, path: string): boolean {
  if (type === 'Exact') return path === value
  if (type === 'RegularExpression') return isLike(value, path)
  const prefix = value.replace(/\/$/, '')
  return path === prefix || path.startsWith(`${prefix}/`)
}

const valueFits = ({ type, value }: ValueMatch, given: string | undefined): boolean =>
  given !== undefined && (type === 'RegularExpression' ? isLike(value, given) : given === value)

export function fits({ path, method, headers = [], queryParams = [] }: RouteMatch, question: Question): boolean {
  return (
    (path === undefined || pathFits(path, question.path)) &&
    (method === undefined || method === question.method) &&
    headers.every((each) => valueFits(each, question.headers[each.name.toLowerCase()])) &&
    queryParams.every((each) => valueFits(each, question.query.get(each.name)))
  )
}
