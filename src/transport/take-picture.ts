/** Takes the picture of the usual scene, by asking a cluster that stands still what a page asks first. */
import type { ApiResponse } from '#api/request.ts'
import { type Picture, TAKEN_AT, USUAL } from './first-picture.ts'
import type { FromWorker } from './port-messages.ts'
import { WorkerHost } from './worker-host.ts'

/** `paths`: the lists that a page begins with. What happened before is not in it: that is told by the engine. */
export async function takePicture(paths: readonly string[]): Promise<Picture> {
  const said: FromWorker[] = []
  const host = new WorkerHost({ now: () => 0, later: () => () => {} }, (batch) => said.push(...batch), new Promise(() => {}))
  host.receive({ type: 'begin', beginning: { ...USUAL, epoch: TAKEN_AT } })
  for (const [id, path] of paths.entries()) host.receive({ type: 'request', id, request: { method: 'GET', path } })
  host.receive({ type: 'watch', id: paths.length, request: { method: 'GET', path: `${paths[0]}?watch=true` } })
  host.receive({ type: 'news' })
  await Promise.resolve()
  host.receive({ type: 'drawn' })
  const answers: Record<string, ApiResponse> = {}
  const picture: Partial<Picture> = { epoch: TAKEN_AT, answers }
  for (const message of said) {
    if (message.type === 'answer') answers[paths[message.id] as string] = message.response
    if (message.type === 'open') picture.opened = message.response
    if (message.type === 'news') picture.news = { ...message.news, trace: [], flights: [] }
  }
  // As it travels: a field without a value is none.
  return JSON.parse(JSON.stringify(picture)) as Picture
}
