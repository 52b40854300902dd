/** What is said where nobody answers: a client's words for a connection that fails, and an API server's for one it can't pass on. */
import { type ApiError, fail, ApiError as Refusal, type Status } from '#api/status.ts'
import type { NoReply } from '../../machinery/http.ts'

const DIALLED: Record<NoReply, string> = {
  'connection refused': 'connect: connection refused',
  timeout: 'i/o timeout',
  'no route to host': 'connect: no route to host',
  'no such host': 'no such host',
}

export const UNTRUSTED = 'tls: failed to verify certificate: x509: certificate signed by unknown authority'

export const dialled = (why: NoReply, host: string, port: number): string =>
  why === 'no such host' ? `dial tcp: lookup ${host}: no such host` : `dial tcp ${host}:${port}: ${DIALLED[why]}`

/** What client-go makes of an answer that is no Status (NewGenericServerResponse). */
const GENERIC: Record<number, readonly [reason: string, message: string]> = {
  403: ['Forbidden', 'forbidden'],
  404: ['NotFound', 'the server could not find the requested resource'],
  405: ['MethodNotAllowed', 'the server does not allow this method on the requested resource'],
  503: ['ServiceUnavailable', 'the server is currently unable to handle the request'],
}

/** The refusal that a part gets. `about`: the verb and the resource, `get flunders.wardle.example.com`. */
export function refusalOf(code: number, body: unknown, about: string): ApiError {
  const status = body as Status | null
  if (typeof status === 'object' && status?.kind === 'Status') return new Refusal(status)
  const [reason, message] = GENERIC[code] ?? [
    'InternalError',
    `an error on the server (${JSON.stringify(String(body).trim())}) has prevented the request from succeeding`,
  ]
  return fail(code, reason, `${message} (${about})`, {})
}
