/** What happens on a busy day: each in its hours, at a time that follows from the seed. */
import type { Pod } from '#api/kinds.ts'
import type { Fault } from '#api/request.ts'
import type { Context } from '../../machinery/controller.ts'

const HOUR_MS = 3_600_000
/** Until a machine without power is repaired. */
const REPAIR_MS = 2 * HOUR_MS

export interface Incident {
  at: number
  what: { power: 'off' } | { power: 'on'; node: string } | { fault: Fault }
}

/** Some time between two hours. */
const between = ({ world }: Context, from: number, to: number, stream = 'busy day'): number =>
  Math.round((from + (to - from) * world.random(stream).fraction()) * HOUR_MS)

/** After so long a new version is released. */
export const releaseAt = (context: Context): number => between(context, 13, 16, 'colleague')

/** In the order of time. */
export function incidentsOf(context: Context): Incident[] {
  const registry = (state: 'slow' | 'well'): Incident['what'] => ({ fault: { kind: 'registry', registry: '', state } })
  return [
    { at: between(context, 8, 11), what: { power: 'off' } } as const,
    { at: between(context, 17.2, 17.7), what: registry('slow') },
    { at: between(context, 19.5, 20.5), what: registry('well') },
  ]
}

/** A machine that carries pods of the shop loses its power: which, the seed says. */
export function unlucky({ cache, world }: Context, labels: Readonly<Record<string, string>>): string | undefined {
  const carrying = new Set<string>()
  for (const pod of cache<Pod>('pods').all())
    if (pod.spec.nodeName && Object.entries(labels).every(([key, value]) => pod.metadata.labels?.[key] === value))
      carrying.add(pod.spec.nodeName)
  return carrying.size === 0 ? undefined : world.random('busy day').pick([...carrying].sort())
}

/** In its place among those that are still to come. */
export const andRepaired = (incidents: readonly Incident[], now: number, node: string): Incident[] =>
  [...incidents, { at: now + REPAIR_MS, what: { power: 'on', node } } as const].sort((a, b) => a.at - b.at)
