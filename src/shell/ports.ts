/** Ports of the learner's own machine: who hears there (port-forward, proxy), and what a program that calls there is answered. */
import { byteLength, bytesOf, textOf } from '#api/bytes.ts'
import type { Caller, Io, Reply as WebReply } from '#kubectl/io.ts'

export interface Asked {
  method: string
  path: string
  headers?: Record<string, string>
  body?: string
}
interface Reply {
  status: number
  body: string
  headers: Record<string, string>
}
export type Outcome = { ok: true; reply: Reply } | { ok: false; why: string }
type Hearer = (asked: Asked) => Promise<Outcome>

/** The first of the ports that are given to those who name none. */
const FREE_FROM = 40_001

export class Ports {
  readonly #hearers = new Map<string, Hearer>()
  #free = FREE_FROM

  /** What the machine answers at one of its own addresses; undefined when the address is not its own. */
  ask(host: string, port: number, asked: Asked): Promise<Outcome> | undefined {
    if (!OWN.test(host)) return undefined
    const name = host === 'localhost' ? '127.0.0.1' : host
    const hearer = this.#hearers.get(`${name}:${port}`) ?? this.#hearers.get(`0.0.0.0:${port}`)
    return hearer ? hearer(asked) : Promise.resolve({ ok: false, why: 'connection refused' })
  }

  readonly listen: NonNullable<Io['listen']> = async (host, port, come) => this.#hear(host, port, (asked) => spoken(come, asked))

  readonly serve: NonNullable<Io['serve']> = async (where, answer) => {
    if ('socket' in where) throw new Error(`listen unix ${where.socket}: bind: operation not supported`)
    const { port, stop } = this.#hear(where.host, where.port, (asked) => answered(answer, asked))
    return { address: `${where.host}:${port}`, stop }
  }

  #hear(host: string, wanted: number, hearer: Hearer): { port: number; stop(): void } {
    const port = wanted === 0 ? this.#free++ : wanted
    const key = `${host === 'localhost' ? '127.0.0.1' : host}:${port}`
    if (this.#hearers.has(key)) throw new Error('bind: address already in use')
    this.#hearers.set(key, hearer)
    return { port, stop: () => void this.#hearers.delete(key) }
  }
}

const OWN = /^(?:localhost|127(?:\.\d+){3}|\[?::1\]?|0\.0\.0\.0)$/

/** HTTP as plain text over a connection, as the program at its other end reads and writes it. */
function spoken(come: (caller: Caller) => void, asked: Asked): Promise<Outcome> {
  return new Promise((resolve) => {
    let text = ''
    let over: () => void = () => {}
    const done = new Promise<void>((ends) => {
      over = ends
    })
    const finish = (): void => {
      const reply = replyIn(text, true)
      // What curl says of a connection that is closed without a word.
      resolve(reply ? { ok: true, reply } : { ok: false, why: 'empty reply' })
      over()
    }
    const write = (piece: string): void => {
      text += piece
      if (replyIn(text, false)) finish()
    }
    come({ input: saying(asked, done), write, end: finish })
  })
}

/** Says it, and stays on the line until the answer is there. */
async function* saying(asked: Asked, done: Promise<void>): AsyncIterable<string> {
  yield requestOf(asked)
  await done
}

function requestOf({ method, path, headers = {}, body }: Asked): string {
  const length = body === undefined ? {} : { 'content-length': String(byteLength(body)) }
  const lines = Object.entries({ ...headers, ...length, connection: 'close' }).map(([name, value]) => `${name}: ${value}`)
  return `${method} ${path} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n${body ?? ''}`
}

/** The answer in what has come so far; null while it is not whole. `closed`: nothing more will come. */
function replyIn(text: string, closed: boolean): Reply | null {
  const head = text.indexOf('\r\n\r\n')
  const status = /^HTTP\/1\.\d (\d{3})/.exec(text)?.[1]
  if (head < 0 || !status) return null
  const headers: Record<string, string> = {}
  for (const line of text.slice(0, head).split('\r\n').slice(1)) {
    const colon = line.indexOf(':')
    if (colon > 0) headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim()
  }
  const rest = text.slice(head + 4)
  const body = headers['transfer-encoding'] === 'chunked' ? unchunked(rest) : bodyIn(rest, headers['content-length'], closed)
  return body === null ? null : { status: Number(status), body, headers }
}

function bodyIn(rest: string, length: string | undefined, closed: boolean): string | null {
  if (length === undefined) return closed ? rest : null
  return closed || byteLength(rest) >= Number(length) ? rest : null
}

/** Sizes count bytes. */
function unchunked(rest: string): string | null {
  const bytes = bytesOf(rest)
  let body = ''
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(13, at)
    if (end < 0) return null
    const size = Number.parseInt(textOf(bytes.slice(at, end)), 16)
    if (size === 0) return body
    body += textOf(bytes.slice(end + 2, end + 2 + size))
    at = end + 2 + size + 2
  }
  return null
}

/** A server that answers request by request. */
function answered(answer: Parameters<NonNullable<Io['serve']>>[1], asked: Asked): Promise<Outcome> {
  return new Promise((resolve) => {
    const reply: Reply = { status: 200, body: '', headers: {} }
    const told: WebReply = {
      head(status, headers) {
        reply.status = status
        reply.headers = headers
      },
      write(text) {
        reply.body += text
      },
      end: () => resolve({ ok: true, reply }),
      onGone: () => {},
    }
    answer({ method: asked.method, path: asked.path, headers: asked.headers ?? {}, body: asked.body ?? '' }, told)
  })
}
