/** What a kubelet answers on its own port: health, its pods, their logs. */
import { Query } from '#api/query.ts'
import { ApiError } from '#api/status.ts'
import { API_SERVER } from '../machinery/address.ts'
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

export function kubeletPage(kubelet: KubeletPages, { path, from }: HttpRequest): HttpReply {
  // Only the API server comes with a certificate.
  if (from !== API_SERVER.ip) return text(400, 'Client sent an HTTP request to an HTTPS server.\n')
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
    case 'logs':
      return folder(kubelet.records, namespace === '' ? '' : `${namespace}/${pod}`)
    default:
      return text(404, '404 page not found\n')
  }
}

/** What lies in /var/log of the machine, as far as kubelets put it there. */
function folder(records: Records, path: string): HttpReply {
  const pods = [...records.values()].map(({ pod: { metadata } }) => `${metadata.namespace}_${metadata.name}_${metadata.uid}/`)
  const folders: Readonly<Record<string, readonly string[]>> = { '': ['containers/', 'pods/'], 'pods/': pods.sort() }
  const names = folders[path]
  if (!names) return text(404, '404 page not found\n')
  const links = names.map((name) => `<a href="${name}">${name}</a>\n`)
  const body = `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${links.join('')}</pre>\n`
  return { status: 200, headers: { 'content-type': 'text/html; charset=utf-8' }, body }
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
