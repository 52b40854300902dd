/** Answers as text, laid out as a real API server has them: for people who look at them raw. */
import type { AnyObject } from '#api/meta.ts'
import type { ApiRequest, ApiResponse } from '#api/request.ts'

/** Go's encoder defuses what might be taken for HTML. */
export const goText = (value: unknown): string =>
  JSON.stringify(value).replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)

/** The tables that tell the order come with the first who asks; for a story, whose clock must not go on meanwhile, before. */
export const preloadOrder = (): Promise<typeof import('./go-order.ts')> => import('./go-order.ts')

export async function laidOut({ verbatim }: ApiRequest, response: ApiResponse): Promise<ApiResponse> {
  const { status, body } = response
  if (!verbatim || status >= 400 || typeof body !== 'object' || body === null) return response
  const { inGoOrder } = await preloadOrder()
  return { ...response, body: `${goText(inGoOrder(body as AnyObject))}\n` }
}
