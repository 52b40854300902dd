/** endpoints.kubernetes.io/last-change-trigger-time: what change of a Pod or Service led to the present endpoints (util/trigger_time_tracker.go). */
import type { Pod, Service } from '#api/kinds.ts'
import { parseTime } from '#api/time.ts'
import type { Context } from '../../machinery/controller.ts'
import { readyCondition } from '../pods.ts'

export const TRIGGER_TIME = 'endpoints.kubernetes.io/last-change-trigger-time'

interface Seen {
  service: string
  pods: Record<string, string>
}

const name = (key: string): string => `trigger/${key}`

/** Earliest of the changes since the last look, as text; undefined when nothing that has a time has changed. */
export function triggerTime(key: string, service: Service, pods: readonly Pod[], { memory }: Context): string | undefined {
  const seen: Seen | undefined = memory.get(name(key))
  const times: Record<string, string> = {}
  let earliest: string | undefined
  const consider = (time: string, before: string | undefined): void => {
    const isNew = before === undefined || parseTime(time) > parseTime(before)
    if (isNew && (earliest === undefined || parseTime(time) < parseTime(earliest))) earliest = time
  }
  for (const pod of pods) {
    const time = readyCondition(pod)?.lastTransitionTime
    if (!time) continue
    times[pod.metadata.name] = time
    if (seen?.pods[pod.metadata.name] !== time) consider(time, seen?.pods[pod.metadata.name])
  }
  const created = service.metadata.creationTimestamp ?? ''
  if (seen && seen.service !== created) consider(created, seen.service)
  memory.set(name(key), { service: created, pods: times } satisfies Seen)
  return seen ? earliest : created || undefined
}

export function forgetTrigger(key: string, { memory }: Context): void {
  memory.delete(name(key))
}

/** Annotations with the trigger time set or, without one, taken away. */
export function withTrigger(annotations: Record<string, string> | undefined, time: string | undefined): Record<string, string> {
  const { [TRIGGER_TIME]: _, ...rest } = annotations ?? {}
  return time === undefined ? rest : { ...rest, [TRIGGER_TIME]: time }
}
