/** etcdctl's connections: which endpoints, with which certificates, and what is said of those that do not answer. */
import { textOf, bytesOf as utf8 } from '#api/bytes.ts'
import { formatMicroTime } from '#api/time.ts'
import { bytesOf, latin1 } from '../../../machinery/etcd-bytes.ts'
import { fromJson, jsonText } from '../../../machinery/etcd-json.ts'
import { METHODS, type Said } from '../../../machinery/etcd-messages.ts'
import type { NoReply } from '../../../machinery/http.ts'
import type { Host } from '../../programs/program.ts'
import { certificateIn, ETCD, isSignedBy, type ServerHello } from '../etcd-tls.ts'
import { speak } from '../protocol.ts'
import { CODES, type CommandLine, fromVariables, milliseconds, valueFor, wrong } from './command-line.ts'

/** A refusal in etcd's words, or why nobody answers. */
export type Failure = { code: number; message: string } | { why: string }
export type Answer = { said: Said[] } | Failure

export interface Client {
  readonly endpoints: readonly string[]
  /** After so long it gives up. */
  readonly timeoutMs: number
  ask(endpoint: string, method: string, request: Said): Answer
  /** Of the endpoints, the first one that answers. */
  call(method: string, request: Said): Answer
  /** The line that the client logs for a call that came to nothing. */
  logged(endpoint: string, method: string, failure: Failure, logger?: string): string
}

/** No answer came in time. */
const LATE = 4
/** How a server says that the members agree on nothing, after more seconds than clients give it. */
const UNAGREED = 'etcdserver: request timed out'

const GRPC: Record<number, string> = {
  3: 'InvalidArgument',
  4: 'DeadlineExceeded',
  5: 'NotFound',
  7: 'PermissionDenied',
  9: 'FailedPrecondition',
  11: 'OutOfRange',
  12: 'Unimplemented',
  14: 'Unavailable',
}
const DEFAULT_PORT = 2379

const bytesIn = (text: string): string => latin1(utf8(text))

export { bytesIn }
export const textOut = (bytes: string): string => textOf(bytesOf(bytes))

export function logLine(host: Host, line: Record<string, unknown>): string {
  const { level = 'warn', ...rest } = line
  return `${JSON.stringify({ level, ts: formatMicroTime(host.now), ...rest })}\n`
}

interface Place {
  secure: boolean
  name: string
  port: number
}

function placeOf(endpoint: string, hasCertificates: boolean): Place {
  const [, scheme = '', bracketed, plain = '', port = ''] =
    /^(?:(\w+):\/\/)?(?:\[([^\]]*)\]|([^:/]*))(?::(\d+))?/.exec(endpoint) ?? []
  return {
    secure: scheme === 'https' || (scheme === '' && hasCertificates),
    name: bracketed ?? plain,
    port: Number(port || DEFAULT_PORT),
  }
}

function dialError(place: Place, why: NoReply): string {
  const address = `dial tcp ${place.name}:${place.port}`
  const words: Record<NoReply, string> = {
    'connection refused': `${address}: connect: connection refused`,
    'no route to host': `${address}: connect: no route to host`,
    timeout: `${address}: i/o timeout`,
    'no such host': `dial tcp: lookup ${place.name}: no such host`,
    'empty reply': `${address}: EOF`,
  }
  return `transport: Error while dialing: ${words[why]}`
}

interface Papers {
  authorities: string
  certificate: string
  trusting: boolean
}

/** Reads the files that the flags name, and complains as Go's TLS does. */
function papersOf(line: CommandLine, host: Host): Papers {
  const [cert, key, cacert] = ['cert', 'key', 'cacert'].map((name) => valueFor(line, name)) as [string, string, string]
  if ((cert === '') !== (key === ''))
    throw wrong(CODES.arguments, `KeyFile and CertFile must both be present[key: ${key}, cert: ${cert}]`)
  const read = (path: string): string => {
    if (path === '') return ''
    const text = host.files.read(path)
    if (text === undefined) throw wrong(CODES.arguments, `open ${path}: no such file or directory`)
    return text
  }
  const papers = { certificate: read(cert), authorities: '', trusting: valueFor(line, 'insecure-skip-tls-verify') === 'true' }
  read(key)
  if (cert !== '' && !certificateIn(papers.certificate))
    throw wrong(CODES.arguments, 'tls: failed to find any PEM data in certificate input')
  return { ...papers, authorities: read(cacert) }
}

/** Null: a connection has come about. */
function handshake(host: Host, place: Place, { certificate, authorities, trusting }: Papers): string | null {
  const hello = { ...(certificate ? { certificate } : {}) }
  const heard = speak<ServerHello>(host, place.name, place.port, ETCD, hello)
  const failed = (why: string): string => `transport: authentication handshake failed: ${why}`
  if ('why' in heard) return dialError(place, heard.why)
  if ('bytes' in heard) return failed(heard.bytes === '' ? 'EOF' : 'tls: first record does not look like a TLS handshake')
  const { alert, certificate: shown } = heard.message
  if (!trusting && shown !== '' && !isSignedBy(shown, authorities))
    return failed('tls: failed to verify certificate: x509: certificate signed by unknown authority')
  return alert ? `error reading server preface: remote error: tls: ${alert}` : null
}

function read(method: string, body: string): Said[] {
  const { gives, streams } = METHODS[method] as (typeof METHODS)[string]
  const lines = body.split('\n').filter((each) => each !== '')
  return lines.map((each) => fromJson(gives, streams ? JSON.parse(each).result : JSON.parse(each)))
}

function talk(host: Host, place: Place, papers: Papers, method: string, request: Said): Answer {
  const why = place.secure ? handshake(host, place, papers) : null
  if (why !== null) return { why }
  const { takes, paths } = METHODS[method] as (typeof METHODS)[string]
  const outcome = host.fetch(place.name, place.port, {
    method: 'POST',
    path: `/v3/${paths[0]}`,
    headers: { 'content-type': 'application/json' },
    body: jsonText(takes, request, 'gateway'),
    ...(place.secure ? { tls: true, ...(papers.certificate ? { certificate: papers.certificate } : {}) } : {}),
  })
  if (!outcome.ok) return { why: dialError(place, outcome.why) }
  const { status, headers = {}, body } = outcome.reply
  // Whoever is no etcd does not speak gRPC.
  if (headers['content-type'] !== 'application/json') return { why: 'error reading server preface: EOF' }
  if (status === 200) return { said: read(method, body) }
  const { code, message } = JSON.parse(body) as { code: number; message: string }
  return message === UNAGREED ? { code: LATE, message: 'context deadline exceeded' } : { code, message }
}

/** It took as long as the client would wait. */
export const isLate = (failure: Failure): boolean => 'why' in failure || failure.code === LATE

/** `told`: what is wrong with variables has been said. */
export function clientFor(line: CommandLine, host: Host, told: boolean): Client {
  fromVariables(line, host.env, (json) => told || host.out(logLine(host, json as Record<string, unknown>), 'stderr'))
  const papers = papersOf(line, host)
  const endpoints = (valueFor(line, 'endpoints') || `127.0.0.1:${DEFAULT_PORT}`).split(',')
  const hasCertificates = papers.authorities !== '' || papers.certificate !== ''
  const timeoutMs = milliseconds(valueFor(line, 'command-timeout'))
  const ask = (endpoint: string, method: string, request: Said): Answer =>
    talk(host, placeOf(endpoint, hasCertificates), papers, method, request)
  return {
    endpoints,
    timeoutMs,
    ask,
    call(method, request) {
      const answers = endpoints.map((endpoint) => () => ask(endpoint, method, request))
      let last: Answer = { why: 'no endpoints available' }
      for (const answer of answers) {
        last = answer()
        if (!('why' in last)) break
      }
      return last
    },
    logged(endpoint, method, failure, logger = 'etcd-client') {
      const { name, port } = placeOf(endpoint, false)
      const error =
        'why' in failure
          ? `code = DeadlineExceeded desc = latest balancer error: connection error: desc = "${failure.why}"`
          : `code = ${GRPC[failure.code] ?? 'Unknown'} desc = ${failure.message}`
      return logLine(host, {
        logger,
        caller: 'v3@v3.6.7/retry_interceptor.go:65',
        msg: 'retrying of unary invoker failed',
        target: `etcd-endpoints://0xc${host
          .random(2 ** 31)
          .toString(16)
          .padStart(8, '0')}00/${name}:${port}`,
        method: `/etcdserverpb.${method}`,
        attempt: 0,
        error: `rpc error: ${error}`,
      })
    },
  }
}

/** What the program says of a failure. */
export const wordsOf = (failure: Failure): string => ('why' in failure ? 'context deadline exceeded' : failure.message)
