/** Validation of probes and lifecycle hooks: exactly one handler each. */
import { forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import type { HttpGetAction, IntOrString, LifecycleHandler, PodSpec, Probe } from '#api/kinds.ts'
import { isPortName, isPortNumber } from '#api/names.ts'
import { type Found, flag, nonNegative, once } from './checks.ts'
import { httpHeaderName } from './formats.ts'

const portOf = (found: Found, path: string, port: IntOrString | undefined): void => {
  if (typeof port === 'string') flag(found, path, port, isPortName(port))
  else flag(found, path, port ?? 0, isPortNumber(port ?? 0))
}

const SCHEMES = ['HTTP', 'HTTPS']

function httpGet(found: Found, path: string, { path: target, port, scheme = '', httpHeaders }: HttpGetAction): void {
  if (!target) found.push(required(`${path}.path`))
  portOf(found, `${path}.port`, port)
  if (!SCHEMES.includes(scheme)) found.push(notSupported(`${path}.scheme`, scheme, SCHEMES))
  for (const { name = '' } of httpHeaders ?? []) flag(found, `${path}.httpHeaders`, name, httpHeaderName(name))
}

interface Handler extends LifecycleHandler {
  grpc?: { port: number }
}

/** `grace` bounds how long a hook may sleep. */
function handler(
  found: Found,
  path: string,
  { exec, httpGet: get, tcpSocket, grpc, sleep }: Handler,
  grace: number | undefined,
): void {
  let count = 0
  const only = (name: string, check: (at: string) => void) => {
    if (count > 0) found.push(forbiddenField(`${path}.${name}`, 'may not specify more than 1 handler type'))
    else check(`${path}.${name}`)
    count += 1
  }
  if (exec) only('exec', (at) => exec.command?.length || found.push(required(`${at}.command`)))
  if (get) only('httpGet', (at) => httpGet(found, at, get))
  if (tcpSocket) only('tcpSocket', (at) => portOf(found, `${at}.port`, tcpSocket.port))
  if (grpc) only('grpc', (at) => portOf(found, `${at}.port`, grpc.port))
  if (sleep) {
    only('sleep', (at) => {
      const seconds = sleep.seconds ?? 0
      if (grace !== undefined && (seconds < 0 || seconds > grace)) {
        found.push(invalid(at, seconds, `must be non-negative and less than terminationGracePeriodSeconds (${grace})`))
      }
    })
  }
  if (count === 0) found.push(required(path, 'must specify a handler type'))
}

function probe(found: Found, path: string, one: Probe): void {
  handler(found, path, one as Handler, undefined)
  nonNegative(found, `${path}.initialDelaySeconds`, one.initialDelaySeconds)
  nonNegative(found, `${path}.timeoutSeconds`, one.timeoutSeconds)
  nonNegative(found, `${path}.periodSeconds`, one.periodSeconds)
  nonNegative(found, `${path}.successThreshold`, one.successThreshold)
  nonNegative(found, `${path}.failureThreshold`, one.failureThreshold)
  const grace = one.terminationGracePeriodSeconds
  if (grace !== undefined && grace <= 0)
    found.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must be greater than 0'))
}

/** Liveness and startup probes succeed at once. */
export const oneSuccess = once<Probe>((found, path, one) => {
  probe(found, path, one)
  if (one.successThreshold !== 1) found.push(invalid(`${path}.successThreshold`, one.successThreshold ?? 0, 'must be 1'))
})

export const readiness = once<Probe>((found, path, one) => {
  probe(found, path, one)
  const grace = one.terminationGracePeriodSeconds
  if (grace !== undefined) {
    found.push(invalid(`${path}.terminationGracePeriodSeconds`, grace, 'must not be set for readinessProbes'))
  }
})

export function lifecycle(
  found: Found,
  path: string,
  hooks: { postStart?: LifecycleHandler; preStop?: LifecycleHandler },
  spec: PodSpec,
): void {
  const grace = spec.terminationGracePeriodSeconds
  if (hooks.postStart) handler(found, `${path}.postStart`, hooks.postStart, grace)
  if (hooks.preStop) handler(found, `${path}.preStop`, hooks.preStop, grace)
}
