/** agnhost's servers: netexec, serve-hostname, liveness, porter, test-webserver and their kin. */
import { readDuration } from '#api/go-duration.ts'
import { type HttpReply, type HttpRequest, SCTP, type Transport, UDP } from '../../machinery/http.ts'
import { reasonOf } from '../../machinery/http-wire.ts'
import type { Host } from '../programs/program.ts'
import { dashTime, flag, queryOf } from '../web.ts'
import type { AgnhostState, Subcommand } from './agnhost.ts'
import { inClusterClient } from './agnhost-client.ts'
import { consumerController } from './agnhost-consumers.ts'
import { conversion } from './agnhost-conversion.ts'
import { portForwardTester } from './agnhost-forward.ts'
import { guestbook } from './agnhost-guestbook.ts'
import { nettest } from './agnhost-nettest.ts'
import { webhook } from './agnhost-webhook.ts'

/** The liveness server is well for so long. */
const WELL_MS = 10_000

/** Go's log goes through klog there. */
function note(host: Host, text: string): void {
  const t = dashTime(host.now)
  const ms = String(host.now % 1000).padStart(3, '0')
  host.out(`I${t.slice(5, 7)}${t.slice(8, 10)} ${t.slice(11)}.${ms}000       1 log.go:195] ${text}\n`, 'stderr')
}
/** As Go guesses what a body is. */
const kindOf = (body: string): string =>
  /^\s*<(?:!doctype html|html|head|body|a|p|br|pre|h1|div|table)\b/i.test(body) ? 'text/html' : 'text/plain'
const ok = (body: string, more: Partial<HttpReply> = {}): HttpReply => ({
  status: 200,
  body,
  headers: { 'content-type': `${kindOf(body)}; charset=utf-8` },
  ...more,
})
const pathOf = (request: HttpRequest): string => (request.path.split('?')[0] ?? '/').replace(/^\/\//, '/')
const remote = (request: HttpRequest): string =>
  `${request.from ?? '127.0.0.1'}:${40_000 + ((request.path.length * 7919) % 20_000)}`

/** The few words that servers of datagrams know; to others they say nothing. */
function datagram(request: HttpRequest, host: Host, port: number): HttpReply {
  const word = (request.body ?? '').trim().toLowerCase()
  if (word === 'hostname') return ok(host.hostname)
  if (word === 'clientip') return ok(remote(request))
  if (word === 'serverport') return ok(String(port % UDP))
  return word.startsWith('echo ') ? ok(word.slice(5)) : { status: 0, body: '' }
}

/** More at once than anybody waits for. */
const MOST_TRIES = 1000

/** `/dial`: asks another one so many times, and tells what came. */
function dial(request: HttpRequest, host: Host): HttpReply {
  const query = queryOf(request.path)
  const [to = '', port = '80', what = '', protocol = 'http'] = ['host', 'port', 'request', 'protocol'].map(
    (name) => query.get(name) ?? undefined,
  )
  const tries = Number(query.get('tries') ?? 1)
  note(host, `GET /dial?host=${to}&protocol=${protocol}&port=${port}&request=${what}&tries=${query.get('tries') ?? ''}`)
  if (what === '') return { status: 400, body: 'request parameter not specified. <nil>\n' }
  if (tries > MOST_TRIES) return { status: 400, body: `this simulation tries ${MOST_TRIES} times at most\n` }
  const responses: string[] = []
  const errors: string[] = []
  for (let i = 0; i < tries; i++) {
    const asked =
      protocol === 'udp' || protocol === 'sctp'
        ? { method: '', transport: protocol.toUpperCase() as Transport, path: '', body: what }
        : {
            method: 'GET',
            path: `/${what.replace(/^echo (.*)$/, 'echo?msg=$1')}`,
            headers: { 'user-agent': 'Go-http-client/1.1' },
          }
    const outcome = host.fetch(to, Number(port), asked)
    if (outcome.ok) responses.push(outcome.reply.body)
    else if (protocol === 'udp')
      errors.push(`reading from udp connection failed. err:'read udp ${host.podIp}:40000->${to}:${port}: i/o timeout'`)
    else if (protocol === 'sctp') {
      errors.push(`sctp dial failed. err:${outcome.why === 'timeout' ? 'connection timed out' : outcome.why}`)
    } else
      errors.push(
        `Get "http://${to}:${port}/${what}": ${outcome.why === 'timeout' ? 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)' : `dial tcp ${to}:${port}: connect: ${outcome.why}`}`,
      )
  }
  return ok(JSON.stringify({ ...(errors.length > 0 ? { errors } : {}), ...(responses.length > 0 ? { responses } : {}) }))
}

function shell(request: HttpRequest, host: Host): HttpReply {
  const query = queryOf(request.path)
  const command = query.get('shellCommand') ?? query.get('cmd') ?? ''
  note(host, `GET /shell?cmd=${command}`)
  const { output, code } = host.run(['/bin/sh', '-c', command])
  return ok(JSON.stringify({ ...(code === 0 ? {} : { error: `exit status ${code}` }), ...(output === '' ? {} : { output }) }))
}

function exit(request: HttpRequest, host: Host): HttpReply {
  const query = queryOf(request.path)
  const code = Number(query.get('code') ?? 0)
  const [wait, timeout] = ['wait', 'timeout'].map((name) => query.get(name) ?? '')
  note(host, `GET /exit?code=${query.get('code') ?? ''}&timeout=${timeout}&wait=${wait}`)
  note(
    host,
    `Will begin shutdown in ${wait || '0s'}, allowing ${timeout || '0s'} for connections to close, then will exit with ${code}`,
  )
  const delay = readDuration(wait ?? '') ?? 0
  if (delay > 0) host.wake(delay)
  else host.exit(code)
  return ok('')
}

/** As Go's http.Redirect. */
function redirect(request: HttpRequest): HttpReply {
  const query = queryOf(request.path)
  const location = query.get('location') ?? query.get('loc') ?? ''
  const status = Number(query.get('code') ?? 302)
  const href = location.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&#34;')
  const body = `<a href="${href}">${reasonOf(status)}</a>.\n\n`
  return { status, body, headers: { location, 'content-type': 'text/html; charset=utf-8' } }
}

function netexec(request: HttpRequest, state: AgnhostState, host: Host, port: number): HttpReply {
  const override = flag(host.argv, 'http-override')
  const asked = override && !override.startsWith('-') ? { ...request, path: override } : request
  const query = queryOf(asked.path)
  const path = pathOf(asked)
  switch (path) {
    case '/hostname':
    case '/hostName':
      note(host, `GET ${path}`)
      return ok(host.hostname)
    case '/clientip':
      note(host, 'GET /clientip')
      return ok(remote(request))
    case '/serverport':
      note(host, 'GET /serverport')
      return ok(String(port))
    case '/header': {
      const key = query.get('key')
      note(host, `GET /header${key ? `?key=${key}` : ''}`)
      return ok(key ? (request.headers?.[key.toLowerCase()] ?? '') : JSON.stringify(request.headers ?? {}))
    }
    case '/echo':
      note(host, `GET /echo?msg=${query.get('msg') ?? ''}&code=${query.get('code') ?? ''}`)
      return ok(query.get('msg') ?? '', { status: Number(query.get('code') || 200) })
    case '/exit':
      return exit(asked, host)
    case '/shutdown':
      note(host, 'GET /shutdown')
      host.exit(0)
      return ok('')
    case '/healthz':
      note(host, 'GET /healthz')
      return ok('')
    case '/readyz':
      note(host, 'GET /readyz')
      return state.stopping ? ok('shutting down', { status: 503 }) : ok('ok')
    case '/dial':
      return dial(asked, host)
    case '/shell':
      return shell(asked, host)
    case '/redirect':
      return redirect(asked)
    case '/upload':
      return ok(JSON.stringify({ error: 'Unable to upload file.' }))
    default:
      note(host, 'GET /')
      return ok(`NOW: ${dashTime(host.now)}.${String(host.now % 1000).padStart(3, '0')}000000 +0000 UTC`)
  }
}

function files(request: HttpRequest, host: Host): HttpReply {
  const path = pathOf(request)
  if (host.files.isDirectory(path)) {
    const names = host.files.list(path) ?? []
    return ok(`<pre>\n${names.map((name) => `<a href="${name}">${name}</a>\n`).join('')}</pre>\n`)
  }
  const body = host.files.read(path)
  return body === undefined ? { status: 404, body: '404 page not found\n' } : ok(body)
}

const PORTS = /^SERVE_(?:TCP_|TLS_)?PORT_(\d+)$/
const OTHERS = /^SERVE_(UDP|SCTP)_PORT_(\d+)$/

/** The port that a variable asks for, if it is one of porter's. */
function servedBy(name: string): number | null {
  const tcp = PORTS.exec(name)?.[1]
  if (tcp !== undefined) return Number(tcp)
  const [, protocol, port] = OTHERS.exec(name) ?? []
  return port === undefined ? null : Number(port) + (protocol === 'UDP' ? UDP : SCTP)
}

const number = (host: Host, names: readonly string[], usual: number): number =>
  Number(names.map((name) => flag(host.argv, name)).find((value) => value !== undefined) ?? usual)

/** A server that answers everything on one port. */
const simple = (
  usual: number,
  answer: (request: HttpRequest, host: Host, state: AgnhostState) => HttpReply,
  names: readonly string[] = ['port'],
): Subcommand => ({
  listens: (host) => [number(host, names, usual)],
  http: (request, state, host) => answer(request, host, state),
})

const forever = (words = ''): Subcommand => ({
  start(host) {
    if (words) host.out(words)
  },
})

export const serverCommands: Readonly<Record<string, Subcommand>> = {
  pause: forever('Paused\n'),
  netexec: {
    start(host) {
      note(host, `Started HTTP server on port ${flag(host.argv, 'http-port') ?? 8080}`)
      note(host, `Started UDP server on port  ${flag(host.argv, 'udp-port') ?? 8081}`)
      if (number(host, ['sctp-port'], -1) > 0) note(host, 'Started SCTP server')
      return null
    },
    wake(state, host) {
      host.exit(0)
      return state
    },
    listens: (host) =>
      [number(host, ['http-port'], 8080), number(host, ['udp-port'], 8081) + UDP, number(host, ['sctp-port'], -1) + SCTP].filter(
        (port) => port > 0 && port !== UDP - 1 && port !== SCTP - 1,
      ),
    http: (request, state, host, port) => (port >= UDP ? datagram(request, host, port) : netexec(request, state, host, port)),
  },
  'serve-hostname': {
    start: (host) => note(host, `I1 serve_hostname.go:75] Serving on port ${number(host, ['port'], 9376)}.`),
    listens: (host) => {
      const port = number(host, ['port', 'http-port'], 9376)
      return host.argv.some((word) => /^--udp(=true)?$/.test(word)) ? [port, port + UDP] : [port]
    },
    http: (_request, _state, host) => ok(host.hostname),
  },
  'test-webserver': { ...simple(80, files), start: (host) => note(host, `Serving on port ${number(host, ['port'], 80)}`) },
  liveness: {
    ...simple(8080, (request, host, state) => {
      if (pathOf(request) === '/redirect') return redirect(request)
      const age = host.now - state.began
      if (pathOf(request) === '/started') return ok(`${age / 1000}s`)
      if (pathOf(request) !== '/healthz') return { status: 404, body: '404 page not found\n' }
      return age > WELL_MS ? { status: 500, body: `error: ${age / 1000}` } : ok('ok')
    }),
    nextChange: (state) => state.began + WELL_MS + 1,
  },
  porter: {
    listens: (host) => Object.keys(host.env).flatMap((name) => servedBy(name) ?? []),
    http(request, _state, host, port) {
      const name = Object.keys(host.env).find((each) => servedBy(each) === port) ?? ''
      const body = host.env[name] ?? ''
      return flag(host.argv, 'json-response') === undefined && !host.argv.includes('--json-response')
        ? ok(body, /^\s*<(a|html|!doctype)\b/i.test(body) ? { headers: { 'content-type': 'text/html; charset=utf-8' } } : {})
        : ok(JSON.stringify({ Method: request.method, Body: body }), { headers: { 'content-type': 'application/json' } })
    },
  },
  nettest,
  net: simple(8080, () => ok('')),
  guestbook,
  'resource-consumer-controller': consumerController,
  'grpc-health-checking': {
    listens: (host) => [number(host, ['port'], 5000), number(host, ['http-port'], 8080)],
    http: () => ok('SERVING'),
  },
  'fake-gitserver': simple(8000, () => ok('')),
  fakeregistryserver: simple(5000, () => ok('{}')),
  'audit-proxy': simple(8080, () => ok('')),
  webhook,
  'crd-conversion-webhook': conversion,
  inclusterclient: inClusterClient,
  'no-snat-test': simple(8080, (request) => ok(request.from ?? '')),
  'no-snat-test-proxy': simple(31235, (request) => ok(request.from ?? '')),
  'tcp-reset': simple(8080, () => ok('')),
  'port-forward-tester': portForwardTester,
  'external-metrics': simple(443, () => ok('{}')),
  stress: forever(),
}
