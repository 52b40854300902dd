/** Daemons that have ended are deleted so that others take their place; failed ones ever more slowly. */
import type { Pod } from '#api/kinds.ts'
import type { Daemons } from './manage.ts'

interface Failure {
  readonly waitMs: number
  readonly at: number
}

const FIRST_MS = 1000
const LONGEST_MS = 900_000

const failuresKey = (key: string): string => `failures/${key}`

/** Whether this Pod, which has ended, is to be deleted now. */
export function mayDelete({ context, key, set }: Daemons, pod: Pod, node: string): boolean {
  const { events, memory, now } = context
  const { namespace, name } = pod.metadata
  if (pod.status?.phase === 'Succeeded') {
    const message = `Found succeeded daemon pod ${namespace}/${name} on node ${node}, will try to delete it`
    events.record(set, 'Normal', 'SucceededDaemonPod', message)
    return true
  }
  const all: Record<string, Failure> = memory.get(failuresKey(key)) ?? {}
  const id = `${set.status?.observedGeneration ?? 0}/${node}`
  const last = all[id]
  const current = last && now - last.at <= 2 * LONGEST_MS ? last : undefined
  if (current && now - current.at < current.waitMs) {
    context.later(key, current.waitMs)
    return false
  }
  const waitMs = current ? Math.min(current.waitMs * 2, LONGEST_MS) : FIRST_MS
  memory.set(failuresKey(key), { ...all, [id]: { waitMs, at: now } })
  const message = `Found failed daemon pod ${namespace}/${name} on node ${node}, will try to kill it`
  events.record(set, 'Warning', 'FailedDaemonPod', message)
  return true
}

export function forgetFailures({ memory }: Daemons['context'], key: string): void {
  memory.delete(failuresKey(key))
}
