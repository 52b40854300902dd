/** Waiting for one object: list it, watch it, and again when the watch ends, until it is as wanted or time is over. */
import type { AnyObject } from '#api/meta.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, durationMs } from './command.ts'
import { logHead } from './klog.ts'

/** `--request-timeout` cuts a watch; client-go tells of it at level 5. */
export function cutAtTimeout({ flags, io }: Context, stop: () => void): void {
  const limit = durationMs(flags.text('request-timeout'))
  if (!(limit > 0)) return
  void io.sleep(limit).then(() => {
    if (!io.signal.aborted && flags.int('v') >= 5) io.err(`${logHead('I', 'streamwatcher.go:123', io.now())} ${CUT}\n`)
    stop()
  })
}

const CUT =
  '"Unable to decode an event from the watch stream" err="net/http: request canceled (Client.Timeout or context cancellation while reading body)"'

export interface Watched {
  info: ResourceInfo
  namespace: string
  name: string
}

/** `see` is shown each state, undefined when there is no such object; true from it ends the wait. `until`: milliseconds since 1970. */
export async function watchUntil(
  { client, io }: Context,
  { info, namespace, name }: Watched,
  until: number,
  see: (object: AnyObject | undefined) => boolean,
): Promise<'seen' | 'late' | 'stopped'> {
  const fieldSelector = `metadata.name=${name}`
  while (!io.signal.aborted) {
    const list = await client.list(info, namespace, { fieldSelector })
    if (see(list.items[0])) return 'seen'
    if (io.now() >= until) return 'late'
    const query = { fieldSelector, resourceVersion: list.metadata.resourceVersion, watch: 'true' }
    const stream = client.watch(client.path(info, namespace, '', '', query))
    io.signal.addEventListener('abort', stream.stop, { once: true })
    let late = false
    if (Number.isFinite(until)) {
      void io.sleep(until - io.now()).then(() => {
        late = true
        stream.stop()
      })
    }
    try {
      for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
        for (const { type, object } of batch) {
          if (type === 'BOOKMARK' || type === 'ERROR') continue
          if (see(type === 'DELETED' ? undefined : object)) return 'seen'
        }
      }
    } finally {
      stream.stop()
    }
    if (late) return 'late'
  }
  return 'stopped'
}
