/** The few writes that buttons make, over any transport; refusals come back as Kubernetes worded them. */
import type { Transport } from '#api/request.ts'
import type { Status } from '#api/status.ts'

/** `message` says what went wrong; `null` when nothing did. */
export type Outcome = { ok: true; body: unknown } | { ok: false; message: string; status: Status | null }

export const MERGE = 'application/merge-patch+json'
export const STRATEGIC = 'application/strategic-merge-patch+json'

export async function send(
  transport: Transport,
  method: string,
  path: string,
  body?: unknown,
  type = 'application/json',
): Promise<Outcome> {
  try {
    const answer = await transport.request({
      method,
      path,
      ...(body === undefined ? {} : { headers: { 'content-type': type }, body }),
    })
    if (answer.status < 400) return { ok: true, body: answer.body }
    const status = (answer.body as Status | null)?.kind === 'Status' ? (answer.body as Status) : null
    return { ok: false, message: status?.message ?? `HTTP ${answer.status}`, status }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error), status: null }
  }
}

const GROUPS: Record<string, string> = {
  deployments: '/apis/apps/v1',
  replicasets: '/apis/apps/v1',
  statefulsets: '/apis/apps/v1',
  daemonsets: '/apis/apps/v1',
  jobs: '/apis/batch/v1',
}
/** Path of one mirrored object: `/api/v1/namespaces/default/pods/web`. */
export function pathOf(table: string, key: string): string {
  const cut = key.indexOf('/')
  const name = encodeURIComponent(key.slice(cut + 1))
  const where = cut < 0 ? '' : `/namespaces/${encodeURIComponent(key.slice(0, cut))}`
  return `${GROUPS[table] ?? '/api/v1'}${where}/${table}/${name}`
}
