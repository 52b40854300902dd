/** Entry: the engine behind Node's HTTP server, for real clients; loopback only. */
import { randomUUID } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import type { IncomingMessage } from 'node:http'
import { createSecureServer, type Http2ServerRequest, type Http2ServerResponse } from 'node:http2'
import type { Socket } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { parseArgs } from 'node:util'
import { gzipSync } from 'node:zlib'
import { bytesOf } from '#api/bytes.ts'
import { goJson } from '#api/go-json.ts'
import type { AnyObject } from '#api/meta.ts'
import type { ApiRequest, ApiResponse, Fault, Speed, StreamEvent, WatchEvent } from '#api/request.ts'
import { toPem } from '#api/x509/pem.ts'
import { Cluster, type ControlPlanePart, type StreamSession, type WatchSession } from '#engine'
import { enableYaml } from '#engine/yaml.ts'
import { inGoOrder } from '#transport/go-order.ts'
import { kubeconfigOf } from '#transport/kubeconfig.ts'
import { Pacer } from '#transport/pacer.ts'
import { decodeProtobuf, isProtobuf } from '#transport/protobuf.ts'
import { encodeFrame, encodeProtobuf } from '#transport/protobuf-encode.ts'
import { tokenKey } from '#transport/token-key.ts'
import { serveUpgrade } from '#transport/upgrade.ts'
import { Authority } from '#transport/x509.ts'
import { auditPolicy, keepAudit } from './bridge-audit.ts'
import { serveEtcd } from './bridge-etcd.ts'
import { descriptionsFromDisk } from './bridge-files.ts'

const BODY_LIMIT = 64 * 1024 * 1024
const BOOKMARK_MS = 60_000
const TOO_LATE_MS = 50
/** At the pace of the wall's clock, what was missed while the machine was busy with other things is made up for. */
const STALL_MS = 60_000

const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '0' },
    kubeconfig: { type: 'string', default: 'kubeconfig' },
    nodes: { type: 'string', default: '3' },
    'control-planes': { type: 'string', default: '1' },
    speed: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    scene: { type: 'string', default: 'empty' },
    addons: { type: 'string' },
    without: { type: 'string', default: '' },
    'audit-log': { type: 'string' },
    'audit-policy': { type: 'string' },
    'etcd-port': { type: 'string' },
  },
})

enableYaml()
const addons = values.addons === undefined ? {} : { addons: values.addons.split(',').filter((name) => name !== '') }
const authority = new Authority('kubernetes')
const cluster = new Cluster({
  authority: authority.forCluster(),
  seed: values.seed,
  epoch: Date.now() - 60_000,
  nodes: Number(values.nodes),
  controlPlanes: Number(values['control-planes']),
  scene: values.scene,
  without: partsOf(values.without),
  ...addons,
})
cluster.server.descriptions = descriptionsFromDisk()
cluster.server.goOrder = inGoOrder
cluster.server.protobuf = encodeProtobuf
cluster.server.tokenKey = tokenKey()
const policy = values['audit-policy']
if (values['audit-log']) keepAudit(cluster, { file: values['audit-log'], rules: policy ? auditPolicy(policy) : undefined })
// It takes a while itself, and clients compare the world's clock with theirs.
for (let late = Date.now() - cluster.world.now; late > TOO_LATE_MS; late = Date.now() - cluster.world.now) cluster.run(late)
const speed: Speed = values.speed === 'max' ? 'max' : Number(values.speed)
const pacer = new Pacer(
  cluster,
  { now: () => performance.now(), later: (wake, ms) => timer(wake, ms) },
  speed,
  speed === 1 ? STALL_MS : undefined,
)
pacer.onError = (error) => {
  console.error(error, `\nseed ${values.seed}, step ${cluster.world.steps}`)
  process.exit(1)
}

/** `--without controller-manager,scheduler`: parts that a real program will play. */
function partsOf(list: string): ControlPlanePart[] {
  return list.split(',').flatMap((name): ControlPlanePart[] => {
    if (name === '') return []
    if (name === 'controller-manager' || name === 'scheduler') return [name]
    console.error(`--without: "${name}" is neither controller-manager nor scheduler`)
    process.exit(2)
  })
}

function timer(wake: () => void, ms: number): () => void {
  if (ms < 1) {
    const immediate = setImmediate(wake)
    return () => clearImmediate(immediate)
  }
  const timeout = setTimeout(wake, ms)
  return () => clearTimeout(timeout)
}

const identity = authority.server()
const server = createSecureServer({
  allowHTTP1: true,
  key: identity.key,
  cert: identity.certificate,
  ca: authority.certificate,
  requestCert: true,
  rejectUnauthorized: false,
  // client-go has all its watches on one connection; the default of 10 MB would refuse new ones while old ones are read slowly.
  maxSessionMemory: 1024,
})
// As Go's: a command to execute may be long, and stands in the URL. The parser of HTTP/1 asks the server for it.
Object.assign(server, { maxHeaderSize: 1024 * 1024 })
server.on('request', (incoming, outgoing) => {
  collect(incoming, outgoing).catch((error: unknown) => {
    console.error(error)
    if (!outgoing.headersSent) outgoing.writeHead(500)
    outgoing.end()
  })
})

// Node's parser stops at methods that HTTP doesn't know; the API server has an answer.
server.on('clientError', (error: Error & { code?: string; rawPacket?: Buffer }, socket: TLSSocket) => {
  const [line = '', ...lines] = (error.rawPacket?.toString('latin1') ?? '').split('\r\n')
  const [method, path] = line.split(' ')
  if (error.code !== 'HPE_INVALID_METHOD' || !method || !path || !socket.writable) return void socket.destroy()
  const headers: Record<string, string> = {}
  for (const each of lines) {
    const [, name, value] = /^([^:]+): (.*)$/.exec(each) ?? []
    if (name && value !== undefined) headers[name.toLowerCase()] = value
  }
  pacer.catchUp()
  const response = cluster.requestAs({ method, path, headers, ...shown(socket) })
  const body = bytes(response.body)
  const told = Object.entries({ ...response.headers, 'content-length': String(body.length), connection: 'close' })
  socket.end(
    `HTTP/1.1 ${response.status} \r\n${told.map(([key, value]) => `${key}: ${value}\r\n`).join('')}\r\n${body.toString('utf8')}`,
  )
})

server.on('upgrade', (incoming: IncomingMessage, socket: TLSSocket, head: Buffer) => {
  const request = { method: incoming.method ?? 'GET', path: incoming.url ?? '/', headers: headersOf(incoming) }
  pacer.catchUp()
  serveUpgrade({ ...request, ...shown(socket) }, incoming, socket, head, (asked) => {
    pacer.catchUp()
    return cluster.open(asked, true)
  })
})

async function collect(incoming: Http2ServerRequest, outgoing: Http2ServerResponse): Promise<void> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of incoming) {
    size += (chunk as Buffer).length
    if (size > BODY_LIMIT) return void outgoing.writeHead(413).end()
    chunks.push(chunk as Buffer)
  }
  const headers = headersOf(incoming)
  const request: ApiRequest = {
    method: incoming.method ?? 'GET',
    path: incoming.url ?? '/',
    headers,
    ...(size > 0 ? { body: bodyOf(Buffer.concat(chunks)) } : {}),
  }
  pacer.catchUp()
  if (request.path.startsWith('/simulation/')) return simulate(request, outgoing)
  const asked = { ...request, ...shown(incoming.socket as TLSSocket) }
  if (isWatch(request)) return watch(asked, outgoing)
  if (goesOn(request)) return follow(cluster.open(asked, true), headers, outgoing)
  answer(cluster.requestAs(asked), headers, outgoing)
}

/** Node joins a header's values with commas, which may stand in the name of a group: whom to act as is read as it was sent. */
function headersOf({ headers: joined, rawHeaders }: IncomingMessage | Http2ServerRequest): Record<string, string> {
  const headers = Object.fromEntries(Object.entries(joined).map(([k, v]) => [k, Array.isArray(v) ? v.join(', ') : (v ?? '')]))
  const sent = new Map<string, string[]>()
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] as string).toLowerCase()
    if (name.startsWith('impersonate-')) sent.set(name, [...(sent.get(name) ?? []), rawHeaders[i + 1] as string])
  }
  for (const [name, values] of sent) headers[name] = values.join('\n')
  return headers
}

const certificates = new WeakMap<TLSSocket, Pick<ApiRequest, 'certificate'>>()

/** The certificate that a client has shown: whose it is, and whether it holds, the API server finds out, by the cluster's own clock. */
function shown(socket: TLSSocket): Pick<ApiRequest, 'certificate'> {
  let found = certificates.get(socket)
  if (found === undefined) {
    const { raw } = socket.getPeerCertificate() as { raw?: Buffer }
    certificates.set(socket, (found = raw ? { certificate: toPem('CERTIFICATE', [...raw]) } : {}))
  }
  return found
}

/** Text as it came; protobuf as the object it means, unless it is so long that it is refused unread. */
function bodyOf(bytes: Buffer): unknown {
  if (!isProtobuf(bytes) || bytes.length > 3_145_728) return bytes.toString('utf8')
  try {
    return decodeProtobuf(bytes)
  } catch {
    // The API server refuses what nobody can read, in its own words.
    return bytes.toString('utf8')
  }
}

const isWatch = ({ method, path }: ApiRequest): boolean =>
  method === 'GET' && (/[?&]watch\b/.test(path) || /\/watch\//.test(path))

/** Whether the answer takes simulated time: a log that is followed, or what a container answers. */
const goesOn = ({ path }: ApiRequest): boolean => /\/log\?(.*&)?follow=(true|1)/.test(path) || path.includes('/proxy')

/** The answer of a stream as an ordinary one, sent piece by piece. */
function follow(session: StreamSession, asked: Record<string, string>, outgoing: Http2ServerResponse): void {
  let headed = false
  const tell = (event: StreamEvent): void => {
    if ('open' in event && event.open.status < 300) {
      writeHead(event.open, outgoing)
      ;(outgoing as { flushHeaders?: () => void }).flushHeaders?.()
      headed = true
    } else if ('open' in event) answer(event.open, asked, outgoing)
    else if ('data' in event) outgoing.write(bytesOf(event.data))
    else if ('end' in event && headed) outgoing.end()
  }
  const flush = (): void => {
    for (const event of session.take()) tell(event)
  }
  session.onReady = () => setImmediate(flush)
  outgoing.once('close', () => session.stop())
  flush()
}

/** Faults for tests of lost nodes: POST /simulation/fault with a Fault as JSON. */
function simulate(request: ApiRequest, outgoing: Http2ServerResponse): void {
  if (request.path === '/simulation/fault' && request.method === 'POST') {
    cluster.fault(JSON.parse(String(request.body)) as Fault)
    return void outgoing.writeHead(200).end()
  }
  outgoing.writeHead(404).end()
}

const bytes = (body: unknown): Buffer =>
  body instanceof Uint8Array ? Buffer.from(body) : Buffer.from(typeof body === 'string' ? bytesOf(body) : `${goJson(body)}\n`)

/** `kubectl --raw` and curl take anything; programs say what they want. */
const readByPeople = ({ accept = '*/*' }: Record<string, string>): boolean => accept.includes('*/*')

const isCustom = (apiVersion: string): boolean =>
  cluster.server.custom.resources.some(({ group, version }) => `${group}/${version}` === apiVersion)

const ordered = (body: unknown): unknown =>
  typeof body === 'object' && body !== null && !(body instanceof Uint8Array) ? inGoOrder(body as AnyObject, isCustom) : body

/** The documents below /openapi/v3 come as they are, whoever asks. */
const isZippable = ({ headers }: ApiResponse): boolean =>
  headers['accept-ranges'] === undefined || (headers['vary']?.includes('Accept-Encoding') ?? false)

function answer(response: ApiResponse, asked: Record<string, string>, outgoing: Http2ServerResponse): void {
  // Nobody listens there: a fault of the simulated API server.
  if (response.status === 0) return void outgoing.socket.destroy()
  const body = bytes(readByPeople(asked) ? ordered(response.body) : response.body)
  const zipped = body.length > 128 * 1024 && isZippable(response) && /\bgzip\b/.test(asked['accept-encoding'] ?? '')
  const more: Record<string, string> = zipped ? { 'content-encoding': 'gzip' } : {}
  if (zipped && !response.headers['vary']?.includes('Accept-Encoding')) more['vary'] = 'Accept-Encoding'
  writeHead(response, outgoing, more)
  outgoing.end(zipped ? gzipSync(body, { level: 1 }) : body)
}

function writeHead({ status, headers }: ApiResponse, outgoing: Http2ServerResponse, more: Record<string, string> = {}): void {
  const { warning, vary, ...rest } = headers
  if (warning) outgoing.setHeader('warning', warning.split('\n'))
  if (vary) outgoing.setHeader('vary', vary.split('\n'))
  // What the real server says of every request: its id in the audit log, and how it was queued.
  const queued = cluster.server.read('flowschemas.flowcontrol.apiserver.k8s.io', '', 'exempt')?.metadata.uid ?? ''
  const level = cluster.server.read('prioritylevelconfigurations.flowcontrol.apiserver.k8s.io', '', 'exempt')?.metadata.uid ?? ''
  const told = { 'audit-id': randomUUID(), 'x-kubernetes-pf-flowschema-uid': queued, 'x-kubernetes-pf-prioritylevel-uid': level }
  outgoing.writeHead(status, { ...told, ...rest, ...more })
}

function watch(request: ApiRequest, outgoing: Http2ServerResponse): void {
  const { response, session } = cluster.server.watch(request)
  if (!session) return answer(response, {}, outgoing)
  writeHead(response, outgoing)
  // HTTP/2 sends its headers with writeHead; over HTTP/1.1 they would wait for the first event.
  ;(outgoing as { flushHeaders?: () => void }).flushHeaders?.()
  stream(session, outgoing, writerFor(request, response))
}

/** Objects as text and as protobuf: of many watches that are told of one object, the first writes it. */
const texts = new WeakMap<object, string>()
const messages = new WeakMap<object, Uint8Array>()

function lineOf({ type, object }: WatchEvent): string {
  let text = texts.get(object)
  if (text === undefined) texts.set(object, (text = goJson(object)))
  return `{"type":"${type}","object":${text}}\n`
}

function frameOf({ type, object }: WatchEvent): Uint8Array {
  let message = messages.get(object)
  if (message === undefined) messages.set(object, (message = encodeProtobuf(object)))
  return encodeFrame(type, message)
}

type Writer = (events: readonly WatchEvent[]) => string | Uint8Array

function writerFor({ headers = {} }: ApiRequest, response: ApiResponse): Writer {
  if (response.headers['content-type']?.includes('protobuf')) return (events) => Buffer.concat(events.map(frameOf))
  if (!readByPeople(headers)) return (events) => events.map(lineOf).join('')
  return (events) => events.map((event) => lineOf({ ...event, object: ordered(event.object) as AnyObject })).join('')
}

/** Sends events as they come, bookmarks each minute and two seconds before the end, and ends at the client's time-out. */
function stream(session: WatchSession, outgoing: Http2ServerResponse, written: Writer): void {
  const timers: NodeJS.Timeout[] = [setInterval(() => session.bookmark(), BOOKMARK_MS)]
  const stop = (): void => {
    for (const t of timers) clearInterval(t)
    session.stop()
    outgoing.end()
  }
  const flush = (): void => {
    const events = session.take()
    if (events.length > 0) outgoing.write(written(events))
    if (session.ended) stop()
  }
  session.onReady = () => setImmediate(flush)
  if (session.timeoutSeconds !== undefined) {
    const ms = session.timeoutSeconds * 1000
    timers.push(setTimeout(stop, ms))
    if (ms > 2000) timers.push(setTimeout(() => session.bookmark(), ms - 2000))
  }
  outgoing.once('close', stop)
  flush()
}

const sockets = new Set<Socket>()
server.on('connection', (socket: Socket) => {
  sockets.add(socket)
  socket.once('close', () => sockets.delete(socket))
})

const etcd = values['etcd-port'] ? serveEtcd(cluster, Number(values['etcd-port']), () => pacer.catchUp()) : null

server.listen(Number(values.port), '127.0.0.1', () => {
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : values.port
  const url = `https://127.0.0.1:${port}`
  writeFileSync(values.kubeconfig, kubeconfigOf(authority, url))
  console.log(`ready ${url}`)
})

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    pacer.stop()
    etcd?.close()
    server.close(() => process.exit(0))
    for (const socket of sockets) socket.destroy()
  })
}
