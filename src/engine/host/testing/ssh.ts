/** A command on a machine, as a test types it. */
import type { StreamSession } from '../../machinery/streams.ts'
import type { TestCluster } from '../../testing/test-cluster.ts'

export interface Typed {
  out: string
  /** Null: it still runs. */
  status: number | null
}

export const begun = (t: TestCluster, machine: string, command: string): StreamSession =>
  t.cluster.open({ method: 'POST', path: `/ssh/${machine}?command=${encodeURIComponent(command)}&stdin=true` })

export function taken(session: StreamSession): Typed {
  const typed: Typed = { out: '', status: null }
  for (const event of session.take()) {
    if ('open' in event && event.open.status >= 300) typed.out += String(event.open.body)
    if (!('data' in event)) continue
    if (event.channel === 3) typed.status = JSON.parse(event.data).status
    else typed.out += event.data
  }
  return typed
}

/** What it has printed after so many seconds. */
export function ssh(t: TestCluster, machine: string, command: string, seconds = 5): Typed {
  const session = begun(t, machine, command)
  t.run(seconds)
  return taken(session)
}
