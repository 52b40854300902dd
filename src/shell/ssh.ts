/** `ssh MACHINE [COMMAND]`: a shell on one of the cluster's machines, or one command there. */
import type { Stream, Transport } from '#api/request.ts'
import type { Io } from '#kubectl/io.ts'

/** Channels of a session: as those of remotecommand. */
const [STDIN, STDOUT, ERROR, RESIZE] = [0, 1, 3, 4]
/** What ssh itself fails with. */
const FAILED = 255

const USAGE = 'usage: ssh [-t] [user@]machine [command]\n'

interface Wish {
  host: string
  command: string
  /** A terminal also for a command. */
  terminal: boolean
}

/** Options with a value are passed over, and so is who one wants to be: there is only root. */
function wishOf(words: readonly string[]): Wish | null {
  const rest = [...words]
  let terminal = false
  while (/^-/.test(rest[0] ?? '')) {
    const word = rest.shift() as string
    if (/^-t+$/.test(word)) terminal = true
    else if (/^-[oipl]$/.test(word)) rest.shift()
  }
  const host = (rest.shift() ?? '').replace(/^.*@/, '')
  return host === '' ? null : { host, command: rest.join(' '), terminal }
}

export async function ssh(words: readonly string[], transport: Transport, io: Io): Promise<number> {
  const wish = wishOf(words)
  if (!wish) {
    io.err(USAGE)
    return FAILED
  }
  const tty = io.tty !== undefined && (wish.command === '' || wish.terminal)
  const { columns, rows } = io.tty?.size() ?? { columns: 80, rows: 24 }
  const query = [
    `command=${encodeURIComponent(wish.command)}`,
    'stdin=true',
    ...(tty ? ['tty=true', `rows=${rows}`, `columns=${columns}`] : []),
  ]
  return converse(transport, `/ssh/${encodeURIComponent(wish.host)}?${query.join('&')}`, wish.host, io, tty)
}

async function converse(transport: Transport, path: string, host: string, io: Io, tty: boolean): Promise<number> {
  let status = FAILED
  let over: () => void = () => {}
  let isOver = false
  const ended = new Promise<void>((resolve) => (over = resolve))
  const stream = transport.stream?.(
    { method: 'POST', path },
    {
      onOpen(answer) {
        if (answer.status === 504) io.err(`ssh: connect to host ${host} port 22: ${String(answer.body)}\r\n`)
        else if (answer.status >= 300) io.err(`ssh: Could not resolve hostname ${host}: Name or service not known\r\n`)
      },
      onData(channel, data) {
        if (channel === ERROR) status = (JSON.parse(data) as { status: number }).status
        else if (channel === STDOUT) io.out(data)
        else io.err(data)
      },
      onEnd() {
        isOver = true
        over()
      },
    },
  )
  if (!stream) {
    io.err(`ssh: connect to host ${host} port 22: Connection refused\r\n`)
    return FAILED
  }
  const stop = (): void => {
    stream.stop()
    over()
  }
  io.signal.addEventListener('abort', stop, { once: true })
  const release = tty ? holdTerminal(io, stream) : () => {}
  void passInput(io, stream, () => isOver)
  await ended
  io.signal.removeEventListener('abort', stop)
  release()
  if (tty) io.err(`Connection to ${host} closed.\r\n`)
  return status
}

/** The terminal's keys and size belong to the session while it lasts. */
function holdTerminal(io: Io, stream: Stream): () => void {
  io.tty?.raw(true)
  const stop = io.tty?.onResize(() => {
    const { columns, rows } = io.tty?.size() ?? { columns: 80, rows: 24 }
    stream.send(RESIZE, JSON.stringify({ Width: columns, Height: rows }))
  })
  return () => {
    stop?.()
    io.tty?.raw(false)
  }
}

async function passInput(io: Io, stream: Stream, isOver: () => boolean): Promise<void> {
  if (io.input)
    for await (const piece of io.input()) {
      if (isOver()) return
      stream.send(STDIN, piece)
    }
  if (!isOver()) stream.close(STDIN)
}
