/** nginx's variables: what `$name` stands for while a request is answered (ngx_http_variables.c). */
import { decodeText } from '#api/base64.ts'
import { formatTime } from '#api/time.ts'
import type { HttpRequest } from '../../../machinery/http.ts'
import type { Host } from '../../programs/program.ts'
import { clfTime } from '../../web.ts'

/** A request on its way through nginx. */
export interface Passage {
  request: HttpRequest
  host: Host
  port: number
  /** Where it has got to: changed by rewrites, `index` and `try_files`. */
  uri: string
  args: string
  serverName: string
  set: Map<string, string>
  /** Groups of the last pattern that matched. */
  groups: readonly string[]
  status: number
  sent: number
  upstream: string
  documentRoot: string
  /** Values of `map` and the like, reckoned when they are asked for. */
  made(name: string): string | undefined
}

const REFERENCE = /\$(?:\{(\w+)\}|(\w+))/g

/** The names that a text refers to, without groups of patterns. */
export const variablesIn = (text: string): string[] =>
  [...text.matchAll(REFERENCE)].map(([, braced, bare]) => (braced ?? bare) as string).filter((name) => !/^\d/.test(name))

export const headerOf = (request: HttpRequest, name: string): string => request.headers?.[name] ?? ''

/** As it came, without its port. */
const hostOf = ({ request, serverName }: Passage): string =>
  (headerOf(request, 'host') || serverName || 'localhost').replace(/:\d+$/, '').toLowerCase()

const KNOWN: Readonly<Record<string, (at: Passage) => string>> = {
  arg: () => '',
  args: ({ args }) => args,
  query_string: ({ args }) => args,
  is_args: ({ args }) => (args === '' ? '' : '?'),
  uri: ({ uri }) => uri,
  document_uri: ({ uri }) => uri,
  request_uri: ({ request }) => request.path,
  request_method: ({ request }) => request.method,
  request_body: ({ request }) => request.body ?? '',
  request_length: ({ request }) => String((request.body ?? '').length),
  request: ({ request }) => `${request.method} ${request.path} HTTP/1.1`,
  request_id: ({ host }) => Array.from({ length: 32 }, () => host.random(16).toString(16)).join(''),
  request_time: () => '0.000',
  request_completion: () => 'OK',
  host: hostOf,
  hostname: ({ host }) => host.hostname,
  http_host: ({ request }) => headerOf(request, 'host'),
  remote_addr: ({ request }) => request.from ?? '127.0.0.1',
  remote_port: () => '40000',
  remote_user: ({ request }) => userOf(headerOf(request, 'authorization')),
  binary_remote_addr: ({ request }) => request.from ?? '127.0.0.1',
  realip_remote_addr: ({ request }) => request.from ?? '127.0.0.1',
  proxy_add_x_forwarded_for: ({ request }) =>
    [headerOf(request, 'x-forwarded-for'), request.from ?? '127.0.0.1'].filter(Boolean).join(', '),
  proxy_host: ({ upstream }) => upstream,
  proxy_port: () => '80',
  server_addr: ({ host }) => host.podIp,
  server_port: ({ port }) => String(port),
  server_name: ({ serverName }) => serverName,
  server_protocol: () => 'HTTP/1.1',
  scheme: ({ request }) => (request.tls ? 'https' : 'http'),
  https: ({ request }) => (request.tls ? 'on' : ''),
  status: ({ status }) => String(status),
  body_bytes_sent: ({ sent }) => String(sent),
  bytes_sent: ({ sent }) => String(sent),
  content_type: ({ request }) => headerOf(request, 'content-type'),
  content_length: ({ request }) => headerOf(request, 'content-length'),
  document_root: ({ documentRoot }) => documentRoot,
  realpath_root: ({ documentRoot }) => documentRoot,
  request_filename: ({ documentRoot, uri }) => documentRoot + uri,
  nginx_version: () => NGINX_VERSION,
  pid: () => '29',
  pipe: () => '.',
  connection: () => '1',
  connection_requests: () => '1',
  msec: ({ host }) => (host.now / 1000).toFixed(3),
  time_local: ({ host }) => clfTime(host.now),
  time_iso8601: ({ host }) => formatTime(host.now).replace('Z', '+00:00'),
  upstream_addr: ({ upstream }) => upstream,
  upstream_status: ({ status, upstream }) => (upstream === '' ? '' : String(status)),
  upstream_response_time: ({ upstream }) => (upstream === '' ? '' : '0.000'),
  ssl_protocol: ({ request }) => (request.tls ? 'TLSv1.3' : ''),
  ssl_cipher: ({ request }) => (request.tls ? 'TLS_AES_256_GCM_SHA384' : ''),
  limit_rate: () => '0',
  dollar: () => '$',
}

export const NGINX_VERSION = '1.29.1'

const PREFIXED = /^(?:http|arg|cookie|sent_http|upstream_http|upstream_cookie)_/

export const isVariable = (name: string): boolean => (name !== 'dollar' && Object.hasOwn(KNOWN, name)) || PREFIXED.test(name)

function userOf(authorization: string): string {
  const [, coded = ''] = /^Basic\s+(\S+)/i.exec(authorization) ?? []
  return decodeText(coded)?.split(':')[0] ?? ''
}

function prefixed(name: string, { request, args }: Passage): string {
  const rest = name.replace(PREFIXED, '')
  if (name.startsWith('http_')) return headerOf(request, rest.replaceAll('_', '-'))
  if (name.startsWith('arg_'))
    return (
      args
        .split('&')
        .find((pair) => pair.startsWith(`${rest}=`))
        ?.slice(rest.length + 1) ?? ''
    )
  if (name.startsWith('cookie_'))
    return (
      headerOf(request, 'cookie')
        .split(/;\s*/)
        .find((pair) => pair.startsWith(`${rest}=`))
        ?.slice(rest.length + 1) ?? ''
    )
  return ''
}

function variable(name: string, at: Passage): string {
  if (/^\d$/.test(name)) return at.groups[Number(name)] ?? ''
  return (
    at.set.get(name) ??
    at.made(name) ??
    (name !== 'dollar' && Object.hasOwn(KNOWN, name) ? KNOWN[name]?.(at) : prefixed(name, at)) ??
    ''
  )
}

/** A text with its variables filled in. */
export const expand = (text: string, at: Passage): string =>
  text.includes('$') ? text.replace(REFERENCE, (_, braced, bare) => variable(braced ?? bare, at)) : text
