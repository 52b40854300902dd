/** Entry: the worker that runs the cluster; owns the only wall clock. */
import type { ToWorker } from '#transport/port-messages.ts'
import { WorkerHost } from '#transport/worker-host.ts'

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

/** The first scene does without this part of the engine: it follows while the scene is being looked at. */
const rest = import('#engine/rest.ts').then(({ enableRest }) => enableRest())
// Only tools that speak YAML to the API need it: the page sends JSON.
void rest.then(() => import('#engine/yaml.ts')).then(({ enableYaml }) => enableYaml())

const host = new WorkerHost({ now: () => performance.now(), later }, (batch) => self.postMessage(batch), rest)

/** Reaches the page as the worker's `error` event, which says so and offers a restart. */
const report = (error: unknown): void =>
  queueMicrotask(() => {
    throw error
  })

rest.catch(report)

self.onmessage = (event: MessageEvent<ToWorker>) => {
  try {
    host.receive(event.data)
  } catch (error) {
    report(error)
  }
}
