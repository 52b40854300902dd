/** The log of one container: once, or followed as a stream while it grows. */
import { ApiError } from '#api/status.ts'
import { statusOf } from '#client/client.ts'
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

export async function podLogs(context: Context, request: LogRequest): Promise<void> {
  const { client, io } = context
  const { namespace, pod, container, follow = false, prefix = '', query = {} } = request
  const info = await resourceOf(context, 'pods')
  const print = (text: string): void => {
    if (text !== '') io.out(prefix === '' ? text : text.replace(/^(?=.)/gm, prefix))
  }
  if (!follow) {
    print(String((await client.raw('GET', client.path(info, namespace, pod, 'log', { container, ...query }))) ?? ''))
    return
  }
  let rest = ''
  await followed(context, client.path(info, namespace, pod, 'log', { container, follow: 'true', ...query }), (text) => {
    // Lines of several logs must not be torn.
    const whole = rest + text
    const cut = whole.lastIndexOf('\n') + 1
    rest = whole.slice(cut)
    print(whole.slice(0, cut))
  })
  print(rest)
}

/** Reads an answer that goes on, until it ends or the user does. */
function followed({ client, io }: Context, path: string, see: (text: string) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let refused: ApiError | null = null
    const stream = client.stream('GET', path, {
      onOpen(answer) {
        if (answer.status >= 400) refused = new ApiError(statusOf(answer))
      },
      onData(_, data) {
        if (!refused) see(data)
      },
      onEnd: () => (refused ? reject(refused) : resolve()),
    })
    if (!stream) return reject(new Error('this connection cannot carry streams'))
    const stop = (): void => {
      stream.stop()
      resolve()
    }
    io.signal.addEventListener('abort', stop, { once: true })
  })
}
