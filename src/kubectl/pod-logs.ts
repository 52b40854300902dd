/** The log of one container: once, or followed by asking again while it grows. */
import type { Pod } from '#api/kinds.ts'
import { isNotFound } from '#api/status.ts'
import type { Context } from './command.ts'
import { resourceOf } from './targets.ts'

export interface LogRequest {
  namespace: string
  pod: string
  container: string
  follow?: boolean
  /** Put in front of each line. */
  prefix?: string
  /** `tailLines`, `sinceSeconds`, `previous` …, as the API takes them. */
  query?: Record<string, string | undefined>
}

const LOOK_MS = 1000

export async function podLogs(context: Context, request: LogRequest): Promise<void> {
  const { client, io } = context
  const { namespace, pod, container, follow = false, prefix = '', query = {} } = request
  const info = await resourceOf(context, 'pods')
  const fetch = async (more: Record<string, string | undefined>): Promise<string> =>
    String((await client.raw('GET', client.path(info, namespace, pod, 'log', { container, ...more }))) ?? '')
  const print = (text: string): void => {
    if (text !== '') io.out(prefix === '' ? text : text.replace(/^(?=.)/gm, prefix))
  }
  const first = await fetch(query)
  print(first)
  if (!follow) return
  const { tailLines: _tail, ...rest } = query
  let seen = (await fetch(rest)).length
  while (!io.signal.aborted) {
    const running = await isRunning(context, namespace, pod, container)
    const all = running === undefined ? '' : await fetch(rest)
    if (all.length > seen) print(all.slice(seen))
    seen = Math.max(seen, all.length)
    if (!running) return
    await io.sleep(LOOK_MS)
  }
}

/** Undefined when the Pod is gone. */
async function isRunning(context: Context, namespace: string, name: string, container: string): Promise<boolean | undefined> {
  try {
    const pod = await context.client.get<Pod>(await resourceOf(context, 'pods'), namespace, name)
    const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = pod.status ?? {}
    const status = [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses].find(
      (s) => s.name === container,
    )
    return status?.state?.running !== undefined
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
