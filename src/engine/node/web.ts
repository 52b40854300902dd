/** What web servers have in common: serving files, and the access log's line. */
import { Query } from '#api/query.ts'
import { formatTime, wordsOfTime } from '#api/time.ts'
import type { HttpReply, HttpRequest } from '../machinery/http.ts'
import type { Host } from './programs/program.ts'

/** `21/Nov/2026:10:06:05 +0000`. */
export function clfTime(ms: number): string {
  const { day, month, year, clock } = wordsOfTime(ms)
  return `${day}/${month}/${year}:${clock} +0000`
}

/** `2026/11/21 10:06:05`. */
export const slashTime = (ms: number): string =>
  `${formatTime(ms).slice(0, 10).replaceAll('-', '/')} ${formatTime(ms).slice(11, 19)}`

/** `2026-11-21 10:06:05`. */
export const dashTime = (ms: number): string => `${formatTime(ms).slice(0, 10)} ${formatTime(ms).slice(11, 19)}`

/** The line of the combined log format. */
export function accessLine(request: HttpRequest, reply: HttpReply, host: Host): string {
  const agent = request.headers?.['user-agent'] ?? '-'
  const size = request.method === 'HEAD' ? 0 : reply.body.length
  return `${request.from ?? '127.0.0.1'} - - [${clfTime(host.now)}] "${request.method} ${request.path} HTTP/1.1" ${reply.status} ${size} "-" "${agent}" "-"`
}

/** The file that a path names below `root`, or a page that says there is none. */
export function serveFile(root: string, request: HttpRequest, host: Host, notFound: string, forbidden: string): HttpReply {
  const path = request.path.split('?')[0] ?? '/'
  const full = `${root}${path}`
  if (host.files.isDirectory(full)) {
    const index = host.files.read(`${full}/index.html`)
    if (index !== undefined) return { status: 200, body: index, headers: { 'content-type': 'text/html' } }
    return { status: 403, body: forbidden, headers: { 'content-type': 'text/html' } }
  }
  const body = host.files.read(full)
  if (body === undefined) return { status: 404, body: notFound, headers: { 'content-type': 'text/html' } }
  return { status: 200, body, headers: { 'content-type': /\.html?$/.test(full) ? 'text/html' : 'text/plain' } }
}

export const queryOf = (path: string): Query => new Query(path.includes('?') ? path.slice(path.indexOf('?') + 1) : '')

/** The value of `-name=x`, `--name=x` or `--name x` in a command line. */
export function flag(argv: readonly string[], name: string): string | undefined {
  for (const [i, word] of argv.entries()) {
    const bare = word.replace(/^--?/, '')
    if (bare === word) continue
    if (bare === name) return argv[i + 1]
    if (bare.startsWith(`${name}=`)) return bare.slice(name.length + 1)
  }
  return undefined
}
