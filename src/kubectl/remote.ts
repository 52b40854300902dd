/** A session in a container: exec and attach over a stream of the API server. */
import type { Stream } from '#api/request.ts'
import type { Status } from '#api/status.ts'
import { type Context, KubectlError } from './command.ts'

/** Runs a session with a text as its input, and gives back what it prints. */
export async function captured(context: Context, session: Session, stdin?: string): Promise<string> {
  let output = ''
  const { tty: _tty, input: _input, ...io } = context.io
  await runSession({ ...context, io: { ...io, out: (text) => void (output += text), stdin: async () => stdin ?? '' } }, session)
  return output
}

export interface Session {
  /** The subresource's path without query. */
  path: string
  query: readonly (readonly [string, string])[]
  stdin: boolean
  tty: boolean
}

/** Channels of remotecommand. */
const [STDIN, STDOUT, STDERR, ERROR, RESIZE] = [0, 1, 2, 3, 4]

/** Runs a session to its end. Throws what the server refused, and the exit code of a command that failed. */
export async function runSession(context: Context, { path, query, stdin, tty }: Session): Promise<void> {
  const { client, io } = context
  const asked = [...query, ...(stdin ? [['stdin', 'true']] : []), ['stdout', 'true'], tty ? ['tty', 'true'] : ['stderr', 'true']]
  const text = asked.map(([key = '', value = '']) => `${key}=${encodeURIComponent(value)}`).join('&')
  let status = ''
  let refused: Error | null = null
  let over = false
  let end: () => void = () => {}
  const ended = new Promise<void>((resolve) => (end = resolve))
  const stream = client.stream('POST', `${path}?${text}`, {
    onOpen(answer) {
      if (answer.status >= 400) refused = refusal(answer.body)
    },
    onData(channel, data) {
      if (refused) return
      if (channel === STDOUT) io.out(data)
      else if (channel === STDERR) io.err(data)
      else if (channel === ERROR) status += data
    },
    onEnd() {
      over = true
      end()
    },
  })
  if (!stream) throw new KubectlError('this connection cannot carry streams')
  const stop = (): void => {
    stream.stop()
    end()
  }
  io.signal.addEventListener('abort', stop, { once: true })
  const release = tty ? holdTerminal(context, stream) : () => {}
  if (stdin) void passInput(context, stream, () => over)
  await ended
  io.signal.removeEventListener('abort', stop)
  release()
  if (refused) throw refused
  if (status) outcome(JSON.parse(status) as Status)
}

/** The terminal's keys and size belong to the session while it lasts. */
function holdTerminal({ io }: Context, stream: Stream): () => void {
  const tell = (): void => {
    const { columns, rows } = io.tty?.size() ?? { columns: 80, rows: 24 }
    stream.send(RESIZE, JSON.stringify({ Width: columns, Height: rows }))
  }
  io.tty?.raw(true)
  tell()
  const stop = io.tty?.onResize(tell)
  return () => {
    stop?.()
    io.tty?.raw(false)
  }
}

async function passInput({ io }: Context, stream: Stream, over: () => boolean): Promise<void> {
  if (io.input) {
    for await (const chunk of io.input()) {
      if (over()) return
      stream.send(STDIN, chunk)
    }
  } else {
    const all = await io.stdin()
    if (all !== '' && !over()) stream.send(STDIN, all)
  }
  if (!over()) stream.close(STDIN)
}

/** A refusal is told as a connection that could not be upgraded. */
function refusal(body: unknown): Error {
  const text = typeof body === 'object' && body !== null ? (body as Status).message : String(body ?? '').trim()
  return new KubectlError(`unable to upgrade connection: ${text}`)
}

/** The Status at a session's end. */
function outcome({ status, reason, message = '', details }: Status): void {
  if (status === 'Success') return
  const cause = (details?.causes ?? []).find((one) => one.reason === 'ExitCode')
  if (reason === 'NonZeroExitCode' && cause) {
    const code = Number(cause.message)
    throw new KubectlError(`command terminated with exit code ${code}`, code, true)
  }
  throw new KubectlError(message)
}
