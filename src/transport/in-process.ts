/** The in-process transport: requests go straight into a cluster in the same thread; time is moved by whoever holds it. */
import type { ApiRequest, ApiResponse, Stop, Stream, StreamHandlers, Transport, UserInfo, WatchHandlers } from '#api/request.ts'
import type { Cluster, StreamSession } from '#engine'
import { answered } from './answered.ts'
import { handOver } from './hand-over.ts'
import { laidOut } from './laid-out.ts'

/** Answers come in a microtask. Watch events are delivered in batches, in a microtask after they happened. */
export function inProcess(cluster: Cluster, user?: UserInfo): Transport {
  const as = (request: ApiRequest): ApiRequest => (user && !request.user ? { ...request, user } : request)
  return {
    request: async (request): Promise<ApiResponse> => laidOut(request, answered(cluster.request(as(request)))),
    watch: (request, handlers) => openWatch(cluster, as(request), handlers, (flush) => queueMicrotask(flush)),
    stream: (request, handlers) => openStream(cluster.open(as(request)), handlers, (flush) => queueMicrotask(flush)),
  }
}

/** Opens a watch and flushes its events when `schedule` says so. */
export function openWatch(
  cluster: Cluster,
  request: ApiRequest,
  handlers: WatchHandlers,
  schedule: (flush: () => void) => void,
): Stop {
  const { response, session } = cluster.watch(request)
  let stopped = false
  let waiting = false
  const flush = (): void => {
    waiting = false
    if (stopped || !session) return
    const events = session.take()
    if (events.length > 0) handlers.onEvents(events)
    if (session.ended) {
      stopped = true
      handlers.onEnd?.()
    }
  }
  const wake = (): void => {
    if (waiting || stopped) return
    waiting = true
    schedule(flush)
  }
  schedule(() => {
    if (stopped) return
    handlers.onOpen?.(response)
    if (!session) handlers.onEnd?.()
  })
  if (session) {
    session.onReady = wake
    wake()
  }
  return () => {
    stopped = true
    session?.stop()
  }
}

/** Connects a stream of the engine with its client; what comes is handed over when `schedule` says so. */
export function openStream(session: StreamSession, handlers: StreamHandlers, schedule: (flush: () => void) => void): Stream {
  let stopped = false
  let waiting = false
  const flush = (): void => {
    waiting = false
    for (const event of session.take()) if (!stopped) handOver(event, handlers)
  }
  const wake = (): void => {
    if (waiting || stopped) return
    waiting = true
    schedule(flush)
  }
  session.onReady = wake
  wake()
  return {
    send: (channel, data) => session.send(channel, data),
    close: (channel) => session.close(channel),
    stop() {
      stopped = true
      session.stop()
    },
  }
}
