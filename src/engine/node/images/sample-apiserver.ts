/** The sample of an aggregated API server: it serves wardle.example.com, from an etcd, to whom the cluster lets in. */
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'
import { ETCD } from './etcd-tls.ts'
import { fieldsOf } from './json.ts'

const TOKEN = '/var/run/secrets/kubernetes.io/serviceaccount/token'
const CONFIGURATION = '/api/v1/namespaces/kube-system/configmaps/extension-apiserver-authentication'
const ADVICE =
  "Unable to get configmap/extension-apiserver-authentication in kube-system.  Usually fixed by 'kubectl create rolebinding -n kube-system ROLEBINDING_NAME --role=extension-apiserver-authentication-reader --serviceaccount=YOUR_NS:YOUR_SA'"

const fails = (host: Host, why: string): null => {
  host.out(`Error: ${why}\n`, 'stderr')
  host.exit(1)
  return null
}

/** Whom to believe when it says who asks, the cluster tells: without that it does not start (DelegatingAuthenticationOptions). */
function start(host: Host): null {
  const server = host.env['KUBERNETES_SERVICE_HOST'] ?? ''
  const port = Number(host.env['KUBERNETES_SERVICE_PORT'] ?? 443)
  const token = host.files.read(TOKEN)
  const lacks = 'unable to load configmap based request-header-client-ca-file'
  if (token === undefined) return fails(host, `${lacks}: open ${TOKEN}: no such file or directory`)
  const headers = { authorization: `Bearer ${token}` }
  const outcome = host.fetch(server, port, { method: 'GET', path: CONFIGURATION, headers })
  const url = `https://${server}:${port}${CONFIGURATION}`
  if (!outcome.ok) return fails(host, `${lacks}: Get "${url}": dial tcp ${server}:${port}: ${outcome.why}`)
  if (outcome.reply.status === 200) return null
  host.out(`${ADVICE}\n`, 'stderr')
  return fails(host, `${lacks}: ${reasonOf(outcome.reply.body)}`)
}

/** What a Status says; whoever is no API server is not understood. */
function reasonOf(body: string): string {
  const { message } = fieldsOf(body) ?? {}
  return typeof message === 'string' ? message : `unknown (get configmaps ${CONFIGURATION.split('/').at(-1)})`
}

/** Whose data its etcd holds; null when nobody answers there. */
function store(host: Host): string | null {
  const [, name = '127.0.0.1', port = '2379'] =
    /^https?:\/\/\[?([^/]+?)\]?:(\d+)/.exec(flag(host.argv, 'etcd-servers') ?? '') ?? []
  const asked: HttpRequest = { method: '', transport: 'TCP', path: '', protocol: ETCD }
  const near = /^(127\.|::1$|localhost$)/.test(name)
  const outcome = near ? host.local(Number(port), asked) : host.fetch(name, Number(port), asked)
  return outcome?.ok && outcome.reply.protocol === ETCD ? (outcome.reply.message as string) : null
}

const CHECKS = [
  'ping',
  'log',
  'etcd',
  'poststarthook/start-sample-server-informers',
  'poststarthook/generic-apiserver-start-informers',
  'poststarthook/priority-and-fairness-config-consumer',
  'poststarthook/priority-and-fairness-filter',
  'poststarthook/storage-object-count-tracker-hook',
]

function health(name: string, query: string, data: string | null): HttpReply {
  const checks = name === 'readyz' ? [...CHECKS, 'shutdown'] : CHECKS
  const lines = checks.map((check) => (check === 'etcd' && data === null ? '[-]etcd failed: reason withheld' : `[+]${check} ok`))
  const headers = { 'content-type': 'text/plain; charset=utf-8' }
  if (data === null) return { status: 500, headers, body: `${lines.join('\n')}\n${name} check failed\n` }
  return { status: 200, headers, body: /\bverbose\b/.test(query) ? `${lines.join('\n')}\n${name} check passed\n` : 'ok' }
}

function http({ path }: HttpRequest, host: Host): HttpReply {
  const data = store(host)
  const [, checked, query = ''] = /^\/(readyz|livez|healthz)(?:\?(.*))?$/.exec(path) ?? []
  if (checked) return health(checked, query, data)
  // What it answers, an API server like the cluster's own works out.
  return { status: 200, body: JSON.stringify({ serves: 'wardle', data }), forward: 'apiserver' }
}

export const sampleApiServer = image<null>({
  name: 'sample-apiserver',
  also: ['kube-sample-apiserver'],
  sizeMb: 26,
  tags: /^(1\.\d+(\.\d+)*|latest)$/,
  entrypoint: ['/sample-apiserver'],
  shell: false,
  start,
  listens: (_state, host) => [Number(flag(host.argv, 'secure-port') ?? 443)],
  http: (request, state, host) => [http(request, host), state],
  memoryMi: () => 45,
})
