/** What a kubelet answers on its own port (pkg/kubelet/server): health, its pods, their logs, what they use, its configuration. */
import { Query } from '#api/query.ts'
import { ApiError } from '#api/status.ts'
import type { HttpReply, HttpRequest } from '../machinery/http.ts'
import { refusal } from './kubelet-auth.ts'
import { configuration } from './kubelet-config.ts'
import { cadvisorMetrics, kubeletMetrics, probeMetrics, resourceMetrics, sliMetrics } from './kubelet-metrics.ts'
import type { KubeletPages } from './kubelet-slot.ts'
import { summary } from './kubelet-summary.ts'
import { nanoTime } from './logs.ts'
import type { PodRecord } from './pod-record.ts'
import { findPod } from './streaming.ts'

const PLAIN = 'text/plain; charset=utf-8'
const HTML = 'text/html; charset=utf-8'
const METRICS = 'text/plain; version=0.0.4; charset=utf-8; escaping=underscores'
const NO_SNIFFING = { 'x-content-type-options': 'nosniff' }

const reply = (status: number, type: string, body: string, more: Record<string, string> = {}): HttpReply => ({
  status,
  headers: { 'content-type': type, ...more },
  body,
})
const text = (status: number, body: string): HttpReply => reply(status, PLAIN, body)
/** http.Error, and http.NotFound by it. */
const error = (status: number, body: string): HttpReply => reply(status, PLAIN, `${body}\n`, NO_SNIFFING)
const json = (body: unknown): HttpReply => reply(200, 'application/json', JSON.stringify(body))
const metrics = (body: string): HttpReply => reply(200, METRICS, body)

const unknown = (): HttpReply => error(404, '404 page not found')
/** A route of go-restful that takes no such method or rest. */
const noRoute = (): HttpReply => text(404, '404: Page Not Found')
const moved = (to: string): HttpReply => reply(307, HTML, `<a href="${to}">Temporary Redirect</a>.\n\n`, { location: to })

/** Those whose pages lie in a folder. */
const FOLDERS = new Set(['stats', 'logs', 'checkpoint', 'runningpods'])
/** Those that are asked for with more than their name. */
const ROADS = new Set(['run', 'exec', 'attach', 'portForward', 'checkpoint', 'containerLogs'])
const METRIC_PAGES: Record<string, (kubelet: KubeletPages) => string> = {
  '': kubeletMetrics,
  cadvisor: cadvisorMetrics,
  probes: probeMetrics,
  resource: resourceMetrics,
  slis: sliMetrics,
}

export function kubeletPage(kubelet: KubeletPages, request: HttpRequest): HttpReply {
  const refused = refusal(kubelet, request)
  if (refused) return refused
  const { path } = request
  const cut = path.indexOf('?')
  const query = new Query(cut < 0 ? '' : path.slice(cut + 1))
  const parts = path.slice(1, cut < 0 ? undefined : cut).split('/')
  const [page = '', ...rest] = parts
  if (FOLDERS.has(page) && rest.length === 0) return moved(`/${page}/`)
  switch (page) {
    case 'healthz':
      return health(rest.join('/'), query)
    case 'pods':
      return rest.join('') === '' ? json(list([...kubelet.records.values()].map(({ pod }) => pod))) : noRoute()
    case 'runningpods':
      return rest.join('') === '' ? json(list(running(kubelet))) : noRoute()
    case 'containerLogs':
      return rest.length === 3 ? log(kubelet, rest as [string, string, string], query) : noRoute()
    case 'logs':
      return folder(kubelet, rest.join('/'))
    case 'stats':
      return rest.join('/') === 'summary' ? json0(summary(kubelet, query.get('only_cpu_and_memory') === 'true')) : noRoute()
    case 'metrics': {
      const made = rest.length < 2 ? METRIC_PAGES[rest[0] ?? ''] : undefined
      return made && path !== '/metrics/' ? metrics(made(kubelet)) : unknown()
    }
    case 'configz':
      return rest.length === 0
        ? reply(200, 'application/json', JSON.stringify({ kubeletconfig: configuration(kubelet.spec) }), NO_SNIFFING)
        : unknown()
    default:
      return ROADS.has(page) ? noRoute() : unknown()
  }
}

/** The summary is laid out over lines. */
const json0 = (body: unknown): HttpReply => reply(200, 'application/json', JSON.stringify(body, null, 1))

const CHECKS = ['ping', 'log', 'syncloop', 'device-plugin']

function health(check: string, query: Query): HttpReply {
  if (check !== '') return CHECKS.includes(check) ? text(200, 'ok') : unknown()
  const lines = CHECKS.map((name) => `[+]${name} ok\n`).join('')
  return reply(200, PLAIN, query.has('verbose') ? `${lines}healthz check passed\n` : 'ok', NO_SNIFFING)
}

/** A list that was never filled. */
const list = (pods: unknown[]) => ({
  kind: 'PodList',
  apiVersion: 'v1',
  metadata: {},
  items: pods.length > 0 ? pods : null,
})

/** What the runtime knows of Pods: their names, and the images of their containers. */
function running({ records, runtime }: KubeletPages): unknown[] {
  return [...records.values()].flatMap((record) => {
    const containers = instances(record).flatMap(({ name, id }) => {
      const state = runtime.get(id)
      return state?.state === 'running' ? [{ name, image: state.imageId.replace(/^.*@/, ''), resources: {} }] : []
    })
    const { name, namespace, uid } = record.pod.metadata
    return containers.length === 0 ? [] : [{ metadata: { name, namespace, uid }, spec: { containers }, status: {} }]
  })
}

const instances = ({ slots }: PodRecord): { name: string; id: string }[] =>
  Object.values(slots).flatMap(({ name, current }) => (current === null ? [] : [{ name, id: current }]))

/** What lies in /var/log of the machine, as far as kubelets put it there. */
function folder(kubelet: KubeletPages, path: string): HttpReply {
  const records = [...kubelet.records.values()]
  const names =
    path === ''
      ? ['containers/', 'pods/']
      : path === 'pods/'
        ? records.map(({ pod: { metadata } }) => `${metadata.namespace}_${metadata.name}_${metadata.uid}/`)
        : path === 'containers/'
          ? records.flatMap((record) => instances(record).map(({ name, id }) => logName(record, name, id)))
          : null
  if (!names) return logFile(kubelet, path)
  const links = names.sort().map((name) => `<a href="${name}">${name}</a>\n`)
  return reply(
    200,
    HTML,
    `<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${links.join('')}</pre>\n`,
  )
}

const logName = ({ pod: { metadata } }: PodRecord, container: string, id: string): string =>
  `${metadata.name}_${metadata.namespace}_${container}-${id}.log`

/** A log as it lies in the folder: each line with its time and its stream. */
function logFile(kubelet: KubeletPages, path: string): HttpReply {
  for (const record of kubelet.records.values()) {
    for (const { name, id } of instances(record)) {
      if (path !== `containers/${logName(record, name, id)}`) continue
      const state = kubelet.runtime.get(id)
      const lines = state
        ? kubelet.runtime.log(state).map(({ at, stream, text: said }) => `${nanoTime(at)} ${stream} F ${said}\n`)
        : []
      return text(200, lines.join(''))
    }
  }
  return unknown()
}

const COUNTS = ['tailLines', 'sinceSeconds', 'limitBytes']

function log(kubelet: KubeletPages, [namespace, name, container]: [string, string, string], query: Query): HttpReply {
  if (COUNTS.some((each) => query.has(each) && !/^[+-]?\d+$/.test(query.get(each) ?? ''))) {
    return text(400, '{"message": "Unable to decode query."}')
  }
  const pod = findPod(kubelet.records, namespace, name)?.pod
  if (!pod) return text(404, `pod "${name}" does not exist`)
  try {
    const lines = kubelet.logs(namespace, name, container, Object.fromEntries(query))
    return lines === null ? text(404, `container "${container}" not found in pod "${name}"`) : text(200, lines)
  } catch (thrown) {
    if (!(thrown instanceof ApiError)) throw thrown
    return text(400, thrown.message)
  }
}
