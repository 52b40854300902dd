/** Cells that several tables share: names, ages, containers, selectors (pkg/printers/internalversion). */
import type { KubeObject, LabelSelector } from '#api/meta.ts'
import { humanDuration, parseTime } from '#api/time.ts'
import type { Column } from '../../apiserver/resource.ts'
import type { World } from '../../sim/world.ts'

/** How long ago a time was, or `<unknown>`. */
export const since = (time: string | null | undefined, world: World): string =>
  time ? humanDuration(world.now - parseTime(time)) : '<unknown>'

export const nameColumn: Column<any> = {
  name: 'Name',
  type: 'string',
  format: 'name',
  priority: 0,
  // A bookmark's object has no name.
  cell: (object: KubeObject) => object.metadata.name ?? '',
}

export const ageColumn: Column<any> = {
  name: 'Age',
  type: 'string',
  priority: 0,
  cell: (object: KubeObject, world) => since(object.metadata.creationTimestamp, world),
}

export function column<T>(name: string, cell: (object: T, world: World) => string | number, description?: string): Column<T> {
  return { name, type: 'string', priority: 0, cell, ...(description ? { description } : {}) }
}

export const integer = <T>(name: string, cell: (object: T) => number, description?: string): Column<T> => ({
  ...column<T>(name, cell, description),
  type: 'integer',
})

/** Shown with `-o wide` only. */
export const wide = <T>(name: string, cell: (object: T) => string, description?: string): Column<T> => ({
  ...column<T>(name, cell, description),
  priority: 1,
})

interface Templated {
  spec: { template?: { spec: { containers: { name: string; image?: string }[] } } }
}

const containersOf = (object: Templated) => object.spec.template?.spec.containers ?? []

export const containerNames = wide<any>(
  'Containers',
  (object: Templated) =>
    containersOf(object)
      .map((c) => c.name)
      .join(','),
  'Names of each container in the template.',
)
export const containerImages = wide<any>(
  'Images',
  (object: Templated) =>
    containersOf(object)
      .map((c) => c.image ?? '')
      .join(','),
  'Images referenced by each container in the template.',
)

/** labels.FormatLabels: `a=b,c=d`, or `<none>`. */
export function formatLabels(labels: Record<string, string> | undefined): string {
  const pairs = Object.entries(labels ?? {}).map(([key, value]) => `${key}=${value}`)
  return pairs.sort().join(',') || '<none>'
}

const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)

/** A label selector as text, requirements in the order of their keys (labels.Selector.String); empty for everything. */
export function selectorText(selector: LabelSelector | undefined): string {
  const equal = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => ({ key, text: `${key}=${value}` }))
  const others = (selector?.matchExpressions ?? []).map(({ key, operator, values }) => {
    const list = [...(values ?? [])].sort().join(',')
    if (operator === 'In') return { key, text: `${key} in (${list})` }
    if (operator === 'NotIn') return { key, text: `${key} notin (${list})` }
    return { key, text: operator === 'DoesNotExist' ? `!${key}` : key }
  })
  return [...equal, ...others]
    .sort(byKey)
    .map((r) => r.text)
    .join(',')
}

/** metav1.FormatLabelSelector. */
export const selectorCell = (selector: LabelSelector | undefined): string => selectorText(selector) || '<none>'

/** A plain map as selector text: what scales of ReplicationControllers show. */
export const mapSelectorText = (map: Record<string, string> | undefined): string => selectorText({ matchLabels: map ?? {} })
