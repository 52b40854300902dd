/** What a value's schema finds wrong, before it becomes a field error (kube-openapi's validation errors). */
import { type FieldError, goQuote, invalid, required, tooLong, tooMany, typeInvalid, unsupported } from '#api/field-error.ts'
import { isMap } from './json-schema.ts'

export type ProblemCode = 'required' | 'enum' | 'too long' | 'too many' | 'type' | 'invalid' | 'plain'

export interface Problem {
  code: ProblemCode
  /** Where, as the validator counts: without the part that stands before the schema's root. */
  path: string
  message: string
  value?: unknown
  /** The allowed values, or the limit. */
  valid?: unknown
}

export interface Found {
  problems: Problem[]
  /** How many checks went well: of several alternatives the one that fits best is told of. */
  matches: number
}

export const found = (): Found => ({ problems: [], matches: 0 })

/** The same message is told once. */
export function add(into: Found, problem: Problem | null): void {
  if (problem && !into.problems.some(({ message }) => message === problem.message)) into.problems.push(problem)
}

export function merge(into: Found, from: Found | null): void {
  if (!from) return
  for (const problem of from.problems) add(into, problem)
  into.matches += from.matches
}

/** Objects as Go prints maps: with their keys sorted. */
export function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder)
  if (!isMap(value)) return value
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, inOrder(value[key])]),
  )
}

const NOWHERE = '<nil>'

/** `below` is the path of what the schema is of, empty for a whole object. */
export function fieldErrorOf(problem: Problem, below: string): FieldError {
  const { code, path, message, valid } = problem
  const rest = path.replace(/^\./, '')
  const field = rest === '' || path === '.' ? below || NOWHERE : below ? `${below}.${rest}` : rest
  const value = problem.value === undefined || problem.value === null ? '' : inOrder(problem.value)
  switch (code) {
    case 'required':
      return required(field)
    case 'enum':
      return unsupported(field, inOrder(problem.value), (valid as unknown[]).map(shownChoice))
    case 'too long':
      return tooLong(field, valid as number)
    case 'too many':
      return tooMany(field, problem.value as number, valid as number)
    case 'type':
      return typeInvalid(field, value, message)
    case 'invalid':
      return invalid(field, value, message)
    default:
      return invalid(below || NOWHERE, '', message)
  }
}

const shownChoice = (choice: unknown): string => (typeof choice === 'string' ? choice : JSON.stringify(choice))

/** `%q` of a path. */
export const quoted = goQuote
