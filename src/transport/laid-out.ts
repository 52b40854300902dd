/** Answers as text, laid out as a real API server has them: for people who look at them raw. */
import { goJson } from '#api/go-json.ts'
import type { AnyObject } from '#api/meta.ts'
import type { ApiRequest, ApiResponse } from '#api/request.ts'

/** The tables that tell the order come with the first who asks; for a story, whose clock must not go on meanwhile, before. */
export const preloadOrder = (): Promise<typeof import('./go-order.ts')> => import('./go-order.ts')

export async function laidOut({ verbatim }: ApiRequest, response: ApiResponse): Promise<ApiResponse> {
  const { status, body } = response
  if (!verbatim || status >= 400 || typeof body !== 'object' || body === null) return response
  const { inGoOrder } = await preloadOrder()
  return { ...response, body: `${goJson(inGoOrder(body as AnyObject))}\n` }
}
