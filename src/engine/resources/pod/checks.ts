/** The small steps that all validation is made of, in the words of apimachinery. */
import { type FieldError, invalid } from '#api/field-error.ts'
import type { LabelSelector } from '#api/meta.ts'
import { parseQuantity } from '#api/quantity.ts'
import { validateLabelSelector, validateLabels } from '../../apiserver/metadata/selector.ts'

/** Where checks put what they find, in order. */
export type Found = FieldError[]

export const NEGATIVE = 'must be greater than or equal to 0'

/** One error per message. */
export function flag(found: Found, path: string, value: unknown, messages: readonly string[]): void {
  for (const message of messages) found.push(invalid(path, value, message))
}

export function nonNegative(found: Found, path: string, value: number | undefined): void {
  if (value !== undefined && value < 0) found.push(invalid(path, value, NEGATIVE))
}

export function positive(found: Found, path: string, value: number): void {
  if (value <= 0) found.push(invalid(path, value, 'must be greater than zero'))
}

/** Numbers beyond 2^53 are kept exact by the quantity's own arithmetic. */
export const nanoOf = (value: unknown): bigint =>
  typeof value === 'string' || typeof value === 'number' ? (parseQuantity(value)?.nano ?? 0n) : 0n

export function labels(found: Found, path: string, map: Record<string, string> | undefined): void {
  if (map) found.push(...validateLabels(map, path))
}

export function labelSelector(found: Found, path: string, selector: LabelSelector | undefined): void {
  if (selector) found.push(...validateLabelSelector(selector, path))
}

/** One of each family (netutils.IsDualStack…). */
export const isDualStack = (texts: readonly string[]): boolean => new Set(texts.map((text) => text.includes(':'))).size === 2

/** validateLocalDescendingPath: relative, and never up. */
export function descendingPath(found: Found, path: string, target: string): void {
  if (target.startsWith('/')) found.push(invalid(path, target, 'must be a relative path'))
  noBacksteps(found, path, target)
}

export function noBacksteps(found: Found, path: string, target: string): void {
  if (target.split('/').includes('..')) found.push(invalid(path, target, "must not contain '..'"))
}

/** ValidateLocalNonReservedPath. */
export function localPath(found: Found, path: string, target: string): void {
  descendingPath(found, path, target)
  if (target.startsWith('..') && !target.startsWith('../')) found.push(invalid(path, target, "must not start with '..'"))
}

/**
 * Makes a check of a part that depends on nothing but the part itself: what was found right once is not looked at again,
 * for objects are immutable, and the Pods of one template share their parts.
 */
export function once<T extends object>(check: (found: Found, path: string, part: T) => void) {
  const right = new WeakSet<T>()
  return (found: Found, path: string, part: T | undefined): void => {
    if (part === undefined || right.has(part)) return
    const before = found.length
    check(found, path, part)
    if (found.length === before) right.add(part)
  }
}
