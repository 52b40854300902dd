/** The page's side of the port: how often it says that it has drawn. */
import { expect, it } from 'vitest'
import type { FromWorker, ToWorker } from './port-messages.ts'
import { connectWorker, type PortLike } from './worker-port.ts'

it('says once per frame that it has drawn, however many batches came', () => {
  const said: ToWorker[] = []
  const frames: (() => void)[] = []
  const port: PortLike = { postMessage: (message) => void said.push(message as ToWorker), onmessage: null }
  connectWorker(port, (then) => frames.push(then))
  const batch: FromWorker[] = [{ type: 'ready' }]
  for (let frame = 0; frame < 3; frame += 1) {
    for (let i = 0; i < 5; i += 1) port.onmessage?.({ data: batch } as MessageEvent)
    for (const draw of frames.splice(0)) draw()
  }
  expect(said.filter(({ type }) => type === 'drawn')).toHaveLength(3)
})
