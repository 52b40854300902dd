/** What a part is told when somebody else's API refuses it. */
import { type ApiError, fail, ApiError as Refusal, type Status } from '#api/status.ts'

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
