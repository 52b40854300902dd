/** Many embeds on one page, one engine: a shared worker in which each has a cluster of its own; else each a worker of its own. */
import type { PortLike } from '#transport/worker-port.ts'
import type { Hire } from './hire.ts'

/** `name` is the host page's: embeds of other pages have another engine. `own` is the way out where sharing is refused. */
export const shared =
  (name: string, own: Hire): Hire =>
  () => {
    let worker: SharedWorker
    try {
      worker = new SharedWorker(new URL('../../worker.ts', import.meta.url), { type: 'module', name: `clusters ${name}` })
    } catch {
      // Frames whose storage is blocked may share nothing.
      return own()
    }
    const { port: line } = worker
    let tell: (message: string) => void = () => {}
    const port: PortLike = { onmessage: null, postMessage: (message) => line.postMessage(message) }
    line.onmessage = (event: MessageEvent<unknown>) => {
      const { data } = event
      if (typeof data === 'object' && data !== null && 'broken' in data) tell(String(data.broken))
      else port.onmessage?.(event)
    }
    worker.onerror = () => tell('')
    const end = (): void => {
      line.postMessage('end')
      line.close()
    }
    addEventListener('pagehide', end, { once: true })
    return {
      port,
      end,
      failed(how) {
        tell = how
      },
    }
  }
