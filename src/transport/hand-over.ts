/** One thing that has come on a stream, told to its client. */
import type { StreamEvent, StreamHandlers } from '#api/request.ts'

export function handOver(event: StreamEvent, handlers: StreamHandlers): void {
  if ('open' in event) handlers.onOpen?.(event.open)
  else if ('data' in event) handlers.onData(event.channel, event.data)
  else if ('closed' in event) handlers.onClose?.(event.closed)
  else handlers.onEnd?.()
}
