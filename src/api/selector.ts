/** Label selectors: as objects (`LabelSelector`), as query strings, and the plain maps of Services. */
import type { LabelSelector } from './meta.ts'

export type Labels = Record<string, string> | undefined

export interface Requirement {
  key: string
  op: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt'
  values: string[]
}

/** All requirements must hold; none at all matches everything. */
export type Selector = Requirement[]

export const everything: Selector = []

function holds({ key, op, values }: Requirement, labels: Labels): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (op) {
    case 'In':
      return value !== undefined && values.includes(value)
    case 'NotIn':
      return value === undefined || !values.includes(value)
    case 'Exists':
      return value !== undefined
    case 'DoesNotExist':
      return value === undefined
    case 'Gt':
      return value !== undefined && /^-?\d+$/.test(value) && Number(value) > Number(values[0])
    case 'Lt':
      return value !== undefined && /^-?\d+$/.test(value) && Number(value) < Number(values[0])
  }
}

export const matches = (selector: Selector, labels: Labels): boolean => {
  for (const requirement of selector) if (!holds(requirement, labels)) return false
  return true
}

const compiled = new WeakMap<object, Selector>()

/**
 * Compiles a `LabelSelector`; remembered per object, for objects are immutable.
 * An empty one matches everything, an absent one nothing (apimachinery LabelSelectorAsSelector): `null` says nothing.
 */
export function selectorOf(selector: LabelSelector | null | undefined): Selector | null {
  if (!selector) return null
  const known = compiled.get(selector)
  if (known) return known
  const list: Selector = [
    ...Object.entries(selector.matchLabels ?? {}).map(([key, value]): Requirement => ({ key, op: 'In', values: [value] })),
    ...(selector.matchExpressions ?? []).map(
      (e): Requirement => ({ key: e.key, op: e.operator as Requirement['op'], values: e.values ?? [] }),
    ),
  ]
  compiled.set(selector, list)
  return list
}

/** Whether a `LabelSelector` selects these labels. */
export function selects(selector: LabelSelector | null | undefined, labels: Labels): boolean {
  const list = selectorOf(selector)
  return list !== null && matches(list, labels)
}

/** Whether a plain map, as in a Service, selects these labels; an empty map selects nothing. */
export function mapSelects(map: Record<string, string> | undefined, labels: Labels): boolean {
  if (!map) return false
  let any = false
  for (const key in map) {
    any = true
    if (labels === undefined || labels[key] !== map[key]) return false
  }
  return any
}
