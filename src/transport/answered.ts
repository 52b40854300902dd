/** Answers that came, told from no answer at all: a server that is down refuses the connection. */
import type { ApiResponse } from '#api/request.ts'

/** The engine says status 0 when nobody listens; clients see an error of their transport. */
export function answered(response: ApiResponse): ApiResponse {
  if (response.status === 0) throw new Error((response.body as { message?: string }).message ?? 'connection refused')
  return response
}
