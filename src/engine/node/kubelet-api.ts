/** What a kubelet answers on its own port: health, its pods, their logs. */
import { Query } from '#api/query.ts'
import { ApiError } from '#api/status.ts'
import type { HttpReply, HttpRequest } from '../machinery/http.ts'
import type { Records } from './streaming.ts'

export interface KubeletPages {
  readonly records: Records
  logs(namespace: string, pod: string, container: string, options: Record<string, string>): string | null
}

const json = (body: unknown): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})
const text = (status: number, body: string): HttpReply => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})

/** Only the API server comes with a certificate. */
const API_SERVER = '172.18.0.1'

export function kubeletPage(kubelet: KubeletPages, { path, from }: HttpRequest): HttpReply {
  if (from !== API_SERVER) return text(400, 'Client sent an HTTP request to an HTTPS server.\n')
  const cut = path.indexOf('?')
  const [page = '', namespace = '', pod = '', container = ''] = path.slice(1, cut < 0 ? undefined : cut).split('/')
  switch (page) {
    case 'healthz':
      return text(200, 'ok')
    case 'pods':
      return json(podList(kubelet.records, () => true))
    case 'runningpods':
      return json(podList(kubelet.records, ({ phase }) => phase === 'sync'))
    case 'containerLogs':
      return log(kubelet, namespace, pod, container, cut < 0 ? '' : path.slice(cut + 1))
    default:
      return text(404, '404 page not found\n')
  }
}

function podList(records: Records, wanted: (record: { phase: string }) => boolean) {
  const pods = [...records.values()].filter(wanted).map(({ pod }) => pod)
  return { kind: 'PodList', apiVersion: 'v1', metadata: {}, items: pods }
}

function log(kubelet: KubeletPages, namespace: string, pod: string, container: string, query: string): HttpReply {
  try {
    const lines = kubelet.logs(namespace, pod, container, Object.fromEntries(new Query(query)))
    return lines === null ? text(404, `pod "${pod}" does not exist\n`) : text(200, lines)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return text(400, error.message)
  }
}
