/** `wget`, over whatever network the host has; and what it shares with curl. */
import { byteLength } from '#api/bytes.ts'
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { durationOf } from './time.ts'

export interface WebReply {
  status: number
  body: string
  headers?: Record<string, string>
  ms?: number
}
export type WebOutcome = { ok: true; reply: WebReply } | { ok: false; why: string }

export interface Url {
  scheme: string
  user: string
  host: string
  port: number
  path: string
}

export function urlOf(word: string): Url | null {
  const m = /^(?:([a-z]+):\/\/)?(?:([^/@]*)@)?(\[[^\]]+\]|[^/:?#]+)?(?::(\d+))?([/?][^#]*)?(?:#.*)?$/i.exec(word)
  if (!m?.[3]) return null
  const scheme = (m[1] ?? 'http').toLowerCase()
  const path = m[5] ?? '/'
  return {
    scheme,
    user: m[2] ?? '',
    host: m[3].replace(/^\[|\]$/g, ''),
    port: Number(m[4] ?? (scheme === 'https' ? 443 : 80)),
    path: path.startsWith('/') ? path : `/${path}`,
  }
}

export const hostHeader = (url: Url): string =>
  url.port === (url.scheme === 'https' ? 443 : 80) ? url.host : `${url.host}:${url.port}`
const REASONS: Readonly<Record<number, string>> = {
  200: 'OK',
  201: 'Created',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  304: 'Not Modified',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}
export const reasonOf = (status: number): string => REASONS[status] ?? ''

// ——— wget

interface Wget {
  url: Url
  out: string | null
  quiet: boolean
  spider: boolean
  server: boolean
  tries: number
  timeout: number
  headers: Record<string, string>
  body: string | null
  given: string
  until?: number
  call?: number
  outcome?: WebOutcome
  hops: number
}

/** Long options that only spell out a letter. */
const LETTERS: Readonly<Record<string, string>> = {
  quiet: 'q',
  continue: 'c',
  'server-response': 'S',
  'output-document': 'O',
  'user-agent': 'U',
  timeout: 'T',
  tries: 't',
}

/** The exit status when the words are not to be understood. */
function readOptions(sys: Sys, w: Wget): number | null {
  const args = sys.args
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string
    const long = /^--([a-z-]+)(?:=(.*))?$/.exec(word)
    if (!word.startsWith('-') || word === '-') w.given = word
    else if (long) {
      const [, name = '', given] = long
      const value = (): string => given ?? args[++i] ?? ''
      const letter = LETTERS[name]
      if (letter) setLetter(w, letter, value)
      else if (name === 'spider') w.spider = true
      else if (name === 'header') header(w.headers, value())
      else if (name === 'post-data') w.body = value()
      else if (name !== 'no-check-certificate' && name !== 'no-verbose') return sys.misuse(`unrecognized option '${word}'`)
    } else {
      for (let k = 1; k < word.length; k++) {
        const letter = word[k] as string
        if (!'qScvOTtUPoY'.includes(letter)) return sys.misuse(`invalid option -- '${letter}'`)
        if (setLetter(w, letter, () => word.slice(k + 1) || (args[++i] ?? ''))) break
      }
    }
  }
  return null
}

/** True when it took a value. */
function setLetter(w: Wget, letter: string, value: () => string): boolean {
  if (letter === 'q') w.quiet = true
  else if (letter === 'S') w.server = true
  if ('qScv'.includes(letter)) return false
  const given = value()
  if (letter === 'O') w.out = given
  else if (letter === 'T') w.timeout = (durationOf(given) ?? 900_000) / 1000
  else if (letter === 't') w.tries = Number(given)
  else if (letter === 'U') w.headers['user-agent'] = given
  return true
}

function beginWget(sys: Sys): Wget | number {
  const w: Wget = {
    url: { scheme: '', user: '', host: '', port: 0, path: '' },
    out: null,
    quiet: false,
    spider: false,
    server: false,
    tries: 20,
    timeout: 900,
    headers: {},
    body: null,
    given: '',
    hops: 0,
  }
  const wrong = readOptions(sys, w)
  if (wrong !== null) return wrong
  if (w.given === '') return sys.misuse()
  const url = urlOf(w.given)
  if (!url) return sys.fail(`bad address '${w.given}'`)
  if (/^[a-z]+:\/\//i.test(w.given) && !/^https?:/i.test(w.given)) return sys.fail(`not an http or ftp url: ${w.given}`)
  w.url = url
  return w
}

export function header(headers: Record<string, string>, line: string): void {
  const at = line.indexOf(':')
  if (at > 0) headers[line.slice(0, at).trim().toLowerCase()] = line.slice(at + 1).trim()
}

const wget = program({
  name: 'wget',
  usage:
    '[-cqS] [--spider] [-O FILE] [-o LOGFILE] [--header STR]\n\t[--post-data STR | --post-file FILE] [-Y on/off]\n\t[--no-check-certificate] [-P DIR] [-U AGENT] [-T SEC] URL...',
  run(sys, data) {
    if (!data.w) {
      const w = beginWget(sys)
      if (typeof w === 'number') return w
      data.w = w
    }
    const w = data.w as Wget
    for (;;) {
      if (!w.outcome) {
        const { url } = w
        const form = w.body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded' }
        const headers = { host: hostHeader(url), 'user-agent': 'Wget', connection: 'close', ...form, ...w.headers }
        const request = {
          method: w.body === null ? 'GET' : 'POST',
          path: url.path,
          headers,
          ...(w.body === null ? {} : { body: w.body }),
        }
        const outcome = sys.call<WebOutcome>(w, {
          kind: 'http',
          host: url.host,
          port: url.port,
          tls: url.scheme === 'https',
          request,
        })
        if (!outcome) return undefined
        w.outcome = outcome
        w.until =
          sys.now +
          (outcome.ok
            ? Math.min(outcome.reply.ms ?? 0, w.timeout * 1000)
            : outcome.why === 'timeout'
              ? Math.min(w.timeout * 1000, 127_000)
              : 0)
      }
      if (!sys.until(w.until ?? 0)) return undefined
      const status = wgetEnd(sys, w, w.outcome)
      if (status !== undefined) return status
    }
  },
})

function wgetEnd(sys: Sys, w: Wget, outcome: WebOutcome): number | undefined {
  const { url } = w
  if (!outcome.ok) {
    if (outcome.why === 'no such host')
      return sys.fail(`bad address '${url.port === 80 || url.port === 443 ? url.host : `${url.host}:${url.port}`}'`)
    if (!w.quiet) sys.err(`Connecting to ${url.host}:${url.port} (${url.host}:${url.port})\n`)
    if (outcome.why === 'timeout' && w.timeout < 127) return sys.fail('download timed out')
    return sys.fail(`can't connect to remote host (${url.host}): ${CONNECT[outcome.why] ?? outcome.why}`)
  }
  const { reply } = outcome
  if (!w.quiet) sys.err(`Connecting to ${url.host}:${url.port} (${url.host}:${url.port})\n`)
  if ((reply.ms ?? 0) > w.timeout * 1000) return sys.fail('download timed out')
  if (w.server)
    sys.err(
      `  HTTP/1.1 ${reply.status} ${reasonOf(reply.status)}\n${Object.entries(reply.headers ?? {})
        .map(([k, v]) => `  ${k}: ${v}\n`)
        .join('')}`,
    )
  const location = reply.headers?.['location']
  if (reply.status >= 300 && reply.status < 400 && location && w.hops++ < 5) {
    const next = location.startsWith('/') ? { ...url, path: location } : urlOf(location)
    if (next) w.url = next
    delete w.outcome
    return undefined
  }
  if (reply.status >= 400) return sys.fail(`server returned error: HTTP/1.1 ${reply.status} ${reasonOf(reply.status)}`)
  return wgetSave(sys, w, reply.body)
}

function wgetSave(sys: Sys, w: Wget, body: string): number {
  if (w.spider) {
    if (!w.quiet) sys.err('remote file exists\n')
    return 0
  }
  if (w.out === '-') {
    sys.out(body)
    if (!w.quiet)
      sys.err(
        `-                    100% |********************************| ${String(byteLength(body)).padStart(5)}  0:00:00 ETA\nwritten to stdout\n`.replace(
          /^/,
          'writing to stdout\n',
        ),
      )
    return 0
  }
  const name = w.out ?? (w.url.path.split('?')[0]?.split('/').pop() || 'index.html')
  if (w.out === null && sys.exists(name)) return sys.fail(`can't open '${name}': File exists`)
  const why = sys.put(name, body)
  if (why) return sys.fail(`can't open '${name}': ${why}`)
  if (!w.quiet)
    sys.err(
      `saving to '${name}'\n${name.padEnd(20).slice(0, 20)} 100% |********************************| ${String(byteLength(body)).padStart(5)}  0:00:00 ETA\n'${name}' saved\n`,
    )
  return 0
}

const CONNECT: Readonly<Record<string, string>> = {
  'connection refused': 'Connection refused',
  timeout: 'Connection timed out',
  'no route to host': 'No route to host',
}

export const webApplets: readonly Program[] = [wget]
