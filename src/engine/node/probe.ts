/** One probe of one container: HTTP, TCP, a command or gRPC, in the words of the kubelet's probers. */
import type { Container, Probe } from '#api/kinds.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import type { ContainerState } from './container.ts'
import { type Context, portOf } from './context.ts'
import type { PodRecord } from './pod-record.ts'

/** `warning`: it has succeeded, but. */
export type Outcome = { result: 'success' | 'failure' | 'error'; output: string; warning?: string }

const success: Outcome = { result: 'success', output: '' }
const failure = (output: string): Outcome => ({ result: 'failure', output })

/** A name that no port has is tried as a number at last (probe.ResolveContainerPort). */
const noPort = (name: unknown): Outcome => ({
  result: 'error',
  output: `strconv.Atoi: parsing ${JSON.stringify(String(name))}: invalid syntax`,
})

export function runProbe(
  ctx: Context,
  record: PodRecord,
  container: Container,
  state: ContainerState,
  probe: Probe,
  kind: string,
): Outcome {
  const timeoutMs = (probe.timeoutSeconds ?? 1) * 1000
  const ip = record.sandbox?.ip ?? ''
  if (probe.httpGet) return http(ctx, record, container, probe, timeoutMs, kind)
  if (probe.tcpSocket) {
    const port = portOf(container, probe.tcpSocket.port)
    if (port === undefined) return noPort(probe.tcpSocket.port)
    if (reaches(ctx, record, container, port)) return success
    return failure(`dial tcp ${probe.tcpSocket.host || ip}:${port}: connect: connection refused`)
  }
  if (probe.grpc) {
    const address = `${ip}:${probe.grpc.port}`
    if (!reaches(ctx, record, container, probe.grpc.port)) {
      return failure(`timeout: failed to connect service "${address}" within ${timeoutMs / 1000}s: context deadline exceeded`)
    }
    return success
  }
  return exec(ctx, state, probe.exec?.command ?? [], timeoutMs)
}

/** Containers of a pod share its address: any of them may listen. */
export function listener(ctx: Context, record: PodRecord, own: Container, port: number): ContainerState | undefined {
  const names = [own.name, ...Object.keys(record.slots)]
  for (const name of names) {
    const state = ctx.runtime.get(record.slots[name]?.current)
    if (state && ctx.runtime.listens(state, port)) return state
  }
  return undefined
}

const reaches = (ctx: Context, record: PodRecord, own: Container, port: number): boolean =>
  listener(ctx, record, own, port) !== undefined

function http(ctx: Context, record: PodRecord, container: Container, probe: Probe, timeoutMs: number, kind: string): Outcome {
  const { path = '/', scheme = 'HTTP', host, httpHeaders } = probe.httpGet as NonNullable<Probe['httpGet']>
  const port = portOf(container, probe.httpGet?.port ?? 0)
  if (port === undefined) return noPort(probe.httpGet?.port)
  const address = `${host || record.sandbox?.ip}:${port}`
  const url = `${scheme.toLowerCase()}://${address}${path.startsWith('/') ? path : `/${path}`}`
  const target = listener(ctx, record, container, port)
  if (!target) return failure(`Get "${url}": dial tcp ${address}: connect: connection refused`)
  const headers: Record<string, string> = { 'user-agent': 'kube-probe/1.36', accept: '*/*' }
  for (const header of httpHeaders ?? []) headers[header.name.toLowerCase()] = header.value
  const request = { method: 'GET', path, headers, from: ctx.hostIp }
  const known = target.visits.some((visit) => visit.kind === kind && visit.until === null)
  const every = (probe.periodSeconds ?? 10) * 1000
  if (!known) target.visits.push({ kind, first: ctx.world.now, every, until: null, port, request })
  const outcome = followed(ctx, target, port, request, host || record.sandbox?.ip || '')
  if (!outcome.ok)
    return failure(`Get "${url}": ${outcome.why === 'empty reply' ? 'EOF' : `dial tcp ${address}: connect: ${outcome.why}`}`)
  if ((outcome.reply.ms ?? 0) > timeoutMs) {
    return failure(`Get "${url}": context deadline exceeded (Client.Timeout exceeded while awaiting headers)`)
  }
  const { status, body } = outcome.reply
  if (status < 200 || status >= 400) return failure(`HTTP probe failed with statuscode: ${status}`)
  return status < 300 ? success : { ...success, warning: `Probe terminated redirects, Response body: ${body}` }
}

const MOST_REDIRECTS = 10

/** The answer; a redirection to the same host is followed (prober httpGet RedirectChecker). */
function followed(ctx: Context, target: ContainerState, port: number, request: HttpRequest, host: string): HttpOutcome {
  let outcome = ctx.runtime.http(target, port, request, true)
  for (let i = 0; i < MOST_REDIRECTS && outcome.ok; i++) {
    const { status, headers = {} } = outcome.reply
    const [, scheme, at = '', path = ''] = /^(?:(https?):\/\/([^/:?]+)(?::\d+)?)?(\/.*)?$/.exec(headers['location'] ?? '') ?? []
    if (status < 300 || status >= 400 || path === '' || (scheme && at !== host)) return outcome
    outcome = ctx.runtime.http(target, port, { ...request, path }, true)
  }
  return outcome
}

function exec(ctx: Context, state: ContainerState, command: readonly string[], timeoutMs: number): Outcome {
  const ran = ctx.runtime.run(state, command, timeoutMs)
  if (ran.end === 'error') return { result: 'error', output: ran.output }
  if (ran.end === 'timeout') return failure(`command timed out: "${command.join(' ')}" timed out after ${timeoutMs / 1000}s`)
  return ran.code === 0 ? success : failure(ran.output)
}
