/** HTTP/1.1 as it travels: requests read from what a client sends, replies as text to send back. Text in the sense of `#api/bytes.ts`. */
import { byteLength } from '#api/bytes.ts'
import type { HttpReply, HttpRequest } from './http.ts'

/** A whole request and what follows it; `more`: it is not all there yet; `bad`: this is no HTTP. */
export type Read = { request: HttpRequest; rest: string; close: boolean } | 'more' | 'bad'

const LINE = /^([A-Z]+) (\S+) HTTP\/1\.([01])$/
const HEAD_LIMIT = 65_536

export function readRequest(text: string): Read {
  const end = text.indexOf('\r\n\r\n')
  if (end < 0) {
    const [, whole] = /^([^\n]*?)\r?\n/.exec(text) ?? []
    const isNone = whole === undefined ? text !== '' && !/^[A-Z]/.test(text) : !LINE.test(whole)
    return text.length > HEAD_LIMIT || isNone ? 'bad' : 'more'
  }
  const [first = '', ...lines] = text.slice(0, end).split('\r\n')
  const line = LINE.exec(first)
  if (!line) return 'bad'
  const headers: Record<string, string> = {}
  for (const each of lines) {
    const cut = each.indexOf(':')
    if (cut < 1) return 'bad'
    headers[each.slice(0, cut).toLowerCase()] = each.slice(cut + 1).trim()
  }
  const body = readBody(text.slice(end + 4), headers)
  if (typeof body === 'string') return body
  const [, method = '', path = '', minor] = line
  const connection = (headers['connection'] ?? '').toLowerCase()
  const close = connection.includes('close') || (minor === '0' && !connection.includes('keep-alive'))
  return { request: { method, path, headers, ...(body.body ? { body: body.body } : {}) }, rest: body.rest, close }
}

/** How many bytes a request that is not all there comes to, once it has told; 0: it has not. */
export function wantedBytes(text: string): number {
  const end = text.indexOf('\r\n\r\n')
  const [, length] = /\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end + 2)) ?? []
  return end < 0 || length === undefined ? 0 : byteLength(text.slice(0, end + 4)) + Number(length)
}

function readBody(text: string, headers: Record<string, string>): { body: string; rest: string } | 'more' | 'bad' {
  if (headers['transfer-encoding']?.toLowerCase().includes('chunked')) return readChunks(text)
  const length = Number(headers['content-length'] ?? 0)
  if (!Number.isInteger(length) || length < 0) return 'bad'
  const at = cutAt(text, length)
  return at < 0 ? 'more' : { body: text.slice(0, at), rest: text.slice(at) }
}

function readChunks(text: string): { body: string; rest: string } | 'more' | 'bad' {
  let body = ''
  for (let rest = text; ; ) {
    const end = rest.indexOf('\r\n')
    if (end < 0) return 'more'
    const length = Number.parseInt(rest.slice(0, end), 16)
    if (Number.isNaN(length)) return 'bad'
    const at = cutAt(rest.slice(end + 2), length)
    if (at < 0 || rest.length < end + 4 + at) return 'more'
    body += rest.slice(end + 2, end + 2 + at)
    rest = rest.slice(end + 4 + at)
    if (length === 0) return { body, rest }
  }
}

/** Where in the text so many bytes end; -1 when there are fewer. */
function cutAt(text: string, bytes: number): number {
  let left = bytes
  let at = 0
  while (left > 0) {
    if (at >= text.length) return -1
    if (text.charCodeAt(at) < 128) {
      left -= 1
      at += 1
      continue
    }
    const step = (text.codePointAt(at) as number) > 0xffff ? 2 : 1
    left -= byteLength(text.slice(at, at + step))
    at += step
  }
  return at
}

const REASONS: Record<number, string> = {
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  204: 'No Content',
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  304: 'Not Modified',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

export const reasonOf = (status: number): string => REASONS[status] ?? 'Unknown'

export function writeReply({ status, headers = {}, body }: HttpReply, method: string, close: boolean): string {
  const shown: Record<string, string> = {}
  for (const [name, value] of Object.entries(headers)) shown[canonical(name)] = value
  if (status !== 204 && status !== 304) shown['Content-Length'] ??= String(byteLength(body))
  shown['Content-Type'] ??= 'text/plain; charset=utf-8'
  shown['Connection'] = close ? 'close' : 'keep-alive'
  const lines = Object.entries(shown).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${reasonOf(status)}\r\n${lines.join('')}\r\n${method === 'HEAD' ? '' : body}`
}

const canonical = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
