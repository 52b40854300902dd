/** `curl`, with the options of every day. */
import { encodeBytes } from '#api/base64.ts'
import { byteLength, bytesOf } from '#api/bytes.ts'
import { program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { header, hostHeader, reasonOf, type Url, urlOf, type WebOutcome, type WebReply } from './web.ts'

interface Curl {
  urls: string[]
  /** Letters. */
  flags: string
  values: Record<string, string>
  headers: Record<string, string>
  data: string | null
  at: number
  hops: number
  target: string
  call?: number
  outcome?: WebOutcome
  until?: number
  began: number
  status: number
  resolve: Record<string, string>
}

const CURL_LONG: Readonly<Record<string, string>> = {
  silent: 's',
  'show-error': 'S',
  head: 'I',
  include: 'i',
  insecure: 'k',
  location: 'L',
  fail: 'f',
  verbose: 'v',
  request: 'X',
  header: 'H',
  data: 'd',
  'data-raw': 'd',
  'data-binary': 'B',
  output: 'o',
  'write-out': 'w',
  'max-time': 'm',
  'connect-timeout': 'C',
  user: 'u',
  'user-agent': 'A',
  cacert: 'E',
  cert: 'E',
  key: 'E',
  retry: 'E',
  'retry-delay': 'E',
  'retry-connrefused': 'N',
  'fail-with-body': 'f',
  compressed: 'N',
  http2: 'N',
  'http1.1': 'N',
  globoff: 'g',
  resolve: 'R',
  'no-progress-meter': 's',
  'no-keepalive': 'N',
  cookie: 'b',
  'unix-socket': 'E',
  'request-target': 'E',
  get: 'G',
  url: 'U',
  proto: 'E',
  interface: 'E',
  'tlsv1.2': 'N',
}
const CURL_VALUED = 'XHdBowmCuAERbUTex'

function beginCurl(sys: Sys): Curl | number {
  const c: Curl = {
    urls: [],
    flags: '',
    values: {},
    headers: {},
    data: null,
    at: 0,
    hops: 0,
    target: '',
    began: sys.now,
    status: 0,
    resolve: {},
  }
  const args = sys.args
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string
    if (word === '--version' || word === '-V') {
      sys.out('curl 8.14.1 (x86_64-pc-linux-musl) libcurl/8.14.1\nRelease-Date: 2025-06-04\n')
      return 0
    }
    let letters = word.startsWith('--') ? CURL_LONG[word.slice(2)] : word.startsWith('-') && word !== '-' ? word.slice(1) : null
    if (letters === undefined) {
      sys.err(`curl: option ${word}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n`)
      return 2
    }
    if (letters === null) {
      c.urls.push(word)
      continue
    }
    for (; letters !== ''; letters = letters.slice(1)) {
      const letter = letters[0] as string
      if (!CURL_VALUED.includes(letter)) {
        if (letter !== '#' && !'sSIikLfvgNG0146aOnqpj'.includes(letter)) {
          sys.err(`curl: option -${letter}: is unknown\ncurl: try 'curl --help' or 'curl --manual' for more information\n`)
          return 2
        }
        c.flags += letter
        continue
      }
      const value = letters.slice(1) || args[++i]
      if (value === undefined) {
        sys.err(`curl: option ${word}: requires parameter\ncurl: try 'curl --help' or 'curl --manual' for more information\n`)
        return 2
      }
      curlValue(sys, c, letter, value)
      break
    }
  }
  if (c.urls.length === 0) {
    sys.err(
      "curl: (2) no URL specified\ncurl: try 'curl --help' or 'curl --manual' for more information\n".replace(
        'curl: (2) no URL specified\n',
        '',
      ),
    )
    return 2
  }
  c.target = c.urls[0] as string
  return c
}

const has = (c: Curl, letter: string): boolean => c.flags.includes(letter)

function curlValue(sys: Sys, c: Curl, letter: string, value: string): void {
  switch (letter) {
    case 'H':
      header(c.headers, value)
      return
    case 'd':
    case 'B': {
      let text = value
      if (value.startsWith('@')) {
        const read = sys.text(value.slice(1))
        text = failed(read) ? '' : letter === 'B' ? read.text : read.text.replace(/\n/g, '')
      }
      c.data = c.data === null ? text : `${c.data}&${text}`
      return
    }
    case 'A':
      c.headers['user-agent'] = value
      return
    case 'b':
      c.headers['cookie'] = value
      return
    case 'u':
      c.headers['authorization'] = `Basic ${encodeBytes(bytesOf(value.includes(':') ? value : `${value}:`))}`
      return
    case 'R': {
      const [host = '', port = '', address = ''] = value.split(':')
      c.resolve[`${host}:${port}`] = address
      return
    }
    case 'U':
      c.urls.push(value)
      return
    default:
      c.values[letter] = value
  }
}

export const curl = program({
  name: 'curl',
  run(sys, data) {
    if (!data.c) {
      const c = beginCurl(sys)
      if (typeof c === 'number') return c
      data.c = c
    }
    const c = data.c as Curl
    for (; c.at < c.urls.length; ) {
      const url = urlOf(c.target)
      if (!url) {
        c.status = curlFail(sys, c, 3, 'URL rejected: No host part in the URL')
        next(c)
        continue
      }
      if (!c.outcome) {
        const request = curlRequest(c, url)
        const host = c.resolve[`${url.host}:${url.port}`] ?? url.host
        const outcome = sys.call<WebOutcome>(c, { kind: 'http', host, port: url.port, tls: url.scheme === 'https', request })
        if (!outcome) return undefined
        c.outcome = outcome
        c.began = sys.now
        c.until = sys.now + waitOf(c, outcome)
      }
      if (!sys.until(c.until ?? 0)) return undefined
      if (!curlEnd(sys, c, url, c.outcome)) continue
      next(c)
    }
    return c.status
  },
})

function next(c: Curl): void {
  c.at += 1
  c.target = c.urls[c.at] ?? ''
  c.hops = 0
  delete c.outcome
}

const limitMs = (c: Curl): number =>
  Math.min(
    c.values['m'] ? Number(c.values['m']) * 1000 : Number.POSITIVE_INFINITY,
    c.values['C'] ? Number(c.values['C']) * 1000 : Number.POSITIVE_INFINITY,
  )

function waitOf(c: Curl, outcome: WebOutcome): number {
  if (outcome.ok) return Math.min(outcome.reply.ms ?? 0, c.values['m'] ? Number(c.values['m']) * 1000 : Number.POSITIVE_INFINITY)
  return outcome.why === 'timeout' ? Math.min(limitMs(c), 130_000) : 0
}

function curlRequest(c: Curl, url: Url): { method: string; path: string; headers: Record<string, string>; body?: string } {
  const method = c.values['X'] ?? (has(c, 'I') ? 'HEAD' : c.data !== null && !has(c, 'G') ? 'POST' : 'GET')
  const headers: Record<string, string> = { host: hostHeader(url), 'user-agent': 'curl/8.14.1', accept: '*/*', ...c.headers }
  if (url.user) headers['authorization'] = `Basic ${encodeBytes(bytesOf(url.user))}`
  if (c.data === null) return { method, path: url.path, headers }
  if (has(c, 'G')) return { method: 'GET', path: `${url.path}${url.path.includes('?') ? '&' : '?'}${c.data}`, headers }
  headers['content-type'] ??= 'application/x-www-form-urlencoded'
  headers['content-length'] = String(byteLength(c.data))
  return { method, path: url.path, headers, body: c.data }
}

function curlFail(sys: Sys, c: Curl, code: number, message: string): number {
  if (!has(c, 's') || has(c, 'S')) sys.err(`curl: (${code}) ${message}\n`)
  if (c.values['w']) sys.out(writeOut(c, c.values['w'], 0, '', sys.now))
  return code
}

/** True: this URL is done. */
function curlEnd(sys: Sys, c: Curl, url: Url, outcome: WebOutcome): boolean {
  const took = sys.now - c.began
  if (!outcome.ok) {
    const where = `${url.host} port ${url.port}`
    if (outcome.why === 'no such host') c.status = curlFail(sys, c, 6, `Could not resolve host: ${url.host}`)
    else if (outcome.why === 'timeout')
      c.status = curlFail(
        sys,
        c,
        28,
        Number.isFinite(limitMs(c))
          ? `Connection timed out after ${Math.round(limitMs(c)) + 1} milliseconds`
          : `Failed to connect to ${where} after ${took} ms: Could not connect to server`,
      )
    else if (outcome.why === 'empty reply') c.status = curlFail(sys, c, 52, 'Empty reply from server')
    else if (outcome.why === 'no route to host')
      c.status = curlFail(sys, c, 7, `Failed to connect to ${where} after ${took} ms: Could not connect to server`)
    else c.status = curlFail(sys, c, 7, `Failed to connect to ${where} after 0 ms: Could not connect to server`)
    return true
  }
  const { reply } = outcome
  const maximum = c.values['m'] ? Number(c.values['m']) * 1000 : Number.POSITIVE_INFINITY
  if ((reply.ms ?? 0) > maximum) {
    c.status = curlFail(sys, c, 28, `Operation timed out after ${Math.round(maximum) + 1} milliseconds with 0 bytes received`)
    return true
  }
  const location = reply.headers?.['location']
  if (has(c, 'L') && location && reply.status >= 300 && reply.status < 400 && c.hops++ < 50) {
    c.target = location.startsWith('/') ? `${url.scheme}://${url.host}:${url.port}${location}` : location
    delete c.outcome
    return false
  }
  curlShow(sys, c, url, reply, took)
  return true
}

function curlShow(sys: Sys, c: Curl, url: Url, reply: WebReply, took: number): void {
  const head = `HTTP/1.1 ${reply.status} ${reasonOf(reply.status)}\r\n${Object.entries({
    ...reply.headers,
    ...(reply.headers?.['content-length'] ? {} : { 'content-length': String(byteLength(reply.body)) }),
  })
    .map(
      ([name, value]) =>
        `${name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())}: ${value}\r\n`,
    )
    .join('')}\r\n`
  if (has(c, 'v')) {
    const request = curlRequest(c, url)
    const headers = Object.entries(request.headers).map(
      ([name, value]) =>
        `> ${name.replace(/(^|-)([a-z])/g, (_, dash: string, letter: string) => dash + letter.toUpperCase())}: ${value}\n`,
    )
    sys.err(
      `*   Trying ${url.host}:${url.port}...\n* Connected to ${url.host} (${url.host}) port ${url.port}\n> ${request.method} ${url.path} HTTP/1.1\n${headers.join('')}> \n* Request completely sent off\n${head.replace(/^/gm, '< ').replace(/< $/, '')}`,
    )
  }
  if (has(c, 'f') && reply.status >= 400) {
    c.status = curlFail(sys, c, 22, `The requested URL returned error: ${reply.status}`)
    return
  }
  const text = `${has(c, 'I') || has(c, 'i') ? head : ''}${has(c, 'I') ? '' : reply.body}`
  const file = c.values['o'] ?? (has(c, 'O') ? (url.path.split('/').pop() as string) : undefined)
  if (file === undefined) sys.out(text)
  else if (file !== '/dev/null') {
    const why = sys.put(file, text)
    if (why) c.status = curlFail(sys, c, 23, `client returned ERROR on write, ${byteLength(text)} bytes was not written`)
  }
  if (file !== undefined && !has(c, 's'))
    sys.err(
      '  % Total    % Received % Xferd  Average Speed   Time    Time     Time  Current\n                                 Dload  Upload   Total   Spent    Left  Speed\n',
    )
  if (c.values['w']) sys.out(writeOut(c, c.values['w'], reply.status, reply.body, took))
}

function writeOut(c: Curl, format: string, status: number, body: string, took: number): string {
  return format
    .replace(/%\{([a-z_]+)\}/g, (_all, name: string) => {
      if (name === 'http_code' || name === 'response_code') return String(status).padStart(3, '0')
      if (name === 'size_download') return String(byteLength(body))
      if (name.startsWith('time_')) return (took / 1000 + 0.0012).toFixed(6)
      if (name === 'url_effective') return c.target
      if (name === 'num_redirects') return String(c.hops)
      return ''
    })
    .replaceAll('\\n', '\n')
    .replaceAll('\\t', '\t')
}
