/** What a Pod asks for, as the scheduler counts it: containers and sidecars together, or the largest step of its beginning if that is more. */
import type { Container, Pod } from '#api/kinds.ts'
import { parseQuantity } from '#api/quantity.ts'

export const amount = (value: string | number | undefined): number =>
  value === undefined ? 0 : Number(parseQuantity(value)?.nano ?? 0n) / 1e9

/** Remembered per object, for objects are immutable. */
const known = new WeakMap<Pod, Record<string, number>>()

/** Done Pods hold nothing. */
export const isDone = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'

export function asks(pod: Pod, what: string): number {
  const found = known.get(pod) ?? {}
  known.set(pod, found)
  found[what] ??= isDone(pod) ? 0 : askedBy(pod, what)
  return found[what]
}

function askedBy({ spec }: Pod, what: string): number {
  const of = (c: Container): number => amount(c.resources?.requests?.[what])
  let total = spec.containers.reduce((sum, c) => sum + of(c), 0)
  let sidecars = 0
  let peak = 0
  for (const c of spec.initContainers ?? []) {
    const step = of(c)
    peak = Math.max(peak, sidecars + step)
    if (c.restartPolicy === 'Always') {
      sidecars += step
      total += step
    }
  }
  const whole = spec.resources?.requests?.[what]
  return (whole === undefined ? Math.max(total, peak) : amount(whole)) + amount(spec.overhead?.[what])
}
