/** Watches over WebSockets: a browser keeps only six plain connections to one server, but sockets by the hundred. */
import type { ApiRequest, Stop, WatchEvent, WatchHandlers } from '#api/request.ts'
import type { OpenSocket } from './http-stream.ts'

/** Events arrive one per message; those of one task go out as one batch. */
export function watchBySocket(open: OpenSocket, server: string, request: ApiRequest, handlers: WatchHandlers): Stop {
  const socket = open(server.replace(/^http/, 'ws') + request.path, [])
  let state: 'opening' | 'open' | 'over' = 'opening'
  let batch: WatchEvent[] = []
  const flush = (): void => {
    const events = batch
    batch = []
    if (state === 'open' && events.length > 0) handlers.onEvents(events)
  }
  socket.onopen = () => {
    state = 'open'
    handlers.onOpen?.({ status: 200, headers: {}, body: null })
  }
  socket.onmessage = ({ data }: { data: string }) => {
    if (batch.length === 0) setTimeout(flush, 0)
    batch.push(JSON.parse(data) as WatchEvent)
  }
  socket.onclose = () => {
    if (state === 'over') return
    flush()
    // A browser does not tell why a socket was refused; the list that follows will.
    if (state === 'opening') handlers.onOpen?.({ status: 502, headers: {}, body: null })
    state = 'over'
    handlers.onEnd?.()
  }
  return () => {
    state = 'over'
    socket.close()
  }
}
