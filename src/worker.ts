/** Entry: the worker that runs the cluster; owns the only wall clock. */
import { FirstLooks } from '#transport/first-looks.ts'
import type { Picture } from '#transport/first-picture.ts'
import type { ToWorker } from '#transport/port-messages.ts'
import picture from './generated/first-picture.json'

/** setTimeout is clamped to 4 ms; a message to oneself is not. */
function soon(wake: () => void): () => void {
  let cancelled = false
  const { port1, port2 } = new MessageChannel()
  port1.onmessage = () => {
    port1.close()
    if (!cancelled) wake()
  }
  port2.postMessage(null)
  return () => {
    cancelled = true
  }
}

function later(wake: () => void, delayMs: number): () => void {
  if (delayMs < 4) return soon(wake)
  const timer = setTimeout(wake, delayMs)
  return () => clearTimeout(timer)
}

/** Loaded at once, for it takes a while; it begins when a page has seen the first picture, or needs more than that. */
const engine = import('#transport/worker-host.ts')
/** The first scene does without this part of the engine: it is asked for last, and follows while the scene is looked at. */
let askForRest: () => void = () => {}
const rest = new Promise<void>((resolve) => {
  // Kubelets read YAML, too, and are to find it whenever a past is lived through again.
  const parts = () =>
    Promise.all([
      import('#engine/rest.ts'),
      import('#engine/yaml.ts'),
      import('#transport/protobuf-encode.ts'),
      import('#posix/late.ts'),
      import('#engine/servers.ts'),
      import('#engine/shells.ts'),
    ])
  askForRest = () =>
    resolve(
      parts().then(
        ([
          { enableRest, protobufWriter },
          { enableYaml },
          { encodeProtobuf },
          { enableLate },
          { enableServers },
          { enableShells },
        ]) => {
          enableYaml()
          enableLate()
          enableServers()
          enableShells()
          // As etcd's clients see what is stored.
          protobufWriter.provide(encodeProtobuf)
          enableRest()
        },
      ),
    )
})

/** A page's side of the line: the worker itself, or one port of a shared one. */
interface Line {
  postMessage(message: unknown): void
  onmessage: ((event: MessageEvent<ToWorker | 'end'>) => void) | null
  close(): void
}

/** One cluster for one page. `broken` tells the page; a page that has gone leaves its cluster standing still. */
function serve(line: Line, broken: (error: unknown) => void): void {
  const looks = new FirstLooks(picture as unknown as Picture, (batch) => line.postMessage(batch))
  line.onmessage = ({ data }) => {
    try {
      if (data !== 'end') return looks.receive(data)
      line.onmessage = null
      looks.receive({ type: 'simulation', id: 0, call: 'setSpeed', args: ['paused'] })
      line.close()
    } catch (error) {
      broken(error)
    }
  }
  const takeOver = async (): Promise<void> => {
    await looks.wanted
    const { WorkerHost } = await engine
    askForRest()
    askForRest = () => {}
    let complete: Promise<unknown> = rest
    looks.handOver((post) => {
      const host = new WorkerHost({ now: () => performance.now(), later }, post, rest)
      complete = host.complete
      return host
    })
    await complete
  }
  takeOver().catch(broken)
}

/** Reaches the page as the worker's `error` event, which says so and offers a restart. */
const report = (error: unknown): void =>
  queueMicrotask(() => {
    throw error
  })

if ('onconnect' in self) {
  // Several embeds of one page share this worker's code and thread; each has a cluster of its own.
  self.onconnect = ({ ports: [port] }: MessageEvent) => {
    if (port) serve(port, (error) => port.postMessage({ broken: String(error) }))
  }
} else serve(self as unknown as Line, report)
