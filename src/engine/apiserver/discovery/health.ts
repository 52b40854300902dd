/** `/healthz`, `/livez`, `/readyz`: every check the API server has, one line each. */
import { goQuote } from '#api/field-error.ts'
import type { Query } from '#api/query.ts'
import { exposition } from '../../machinery/prometheus.ts'
import type { Answer } from '../call.ts'

const HOOKS = `start-apiserver-admission-initializer generic-apiserver-start-informers priority-and-fairness-config-consumer
priority-and-fairness-filter storage-object-count-tracker-hook start-apiextensions-informers start-apiextensions-controllers
crd-informer-synced start-system-namespaces-controller peer-endpoint-reconciler-controller start-cluster-authentication-info-controller
start-kube-apiserver-identity-lease-controller start-kube-apiserver-identity-lease-garbage-collector storage-readiness
start-legacy-token-tracking-controller start-service-ip-repair-controllers rbac/bootstrap-roles
scheduling/bootstrap-system-priority-classes priority-and-fairness-config-producer bootstrap-controller
start-kubernetes-service-cidr-controller aggregator-reload-proxy-client-cert start-kube-aggregator-informers
apiservice-status-local-available-controller apiservice-status-remote-available-controller apiservice-registration-controller
apiservice-discovery-controller kube-apiserver-autoregistration`
  .split(/\s/)
  .map((name) => `poststarthook/${name}`)
const LAST = [
  'autoregister-completion',
  'poststarthook/apiservice-openapi-controller',
  'poststarthook/apiservice-openapiv3-controller',
]

const ALIVE = ['ping', 'log', 'loopback-serving-certificate', 'etcd', ...HOOKS, ...LAST]
const READY = ['ping', 'log', 'etcd', 'etcd-readiness', 'informer-sync', ...HOOKS, ...LAST, 'shutdown']

export const CHECKS: Record<string, readonly string[]> = { healthz: ALIVE, livez: ALIVE, readyz: READY }

const text = (status: number, body: string): Answer => ({
  status,
  headers: {
    'content-type': 'text/plain; charset=utf-8',
    'cache-control': 'no-cache, private',
    'x-content-type-options': 'nosniff',
  },
  body,
})

/** One check's word is written as it is. */
const SOUND: Answer = {
  status: 200,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache, private' },
  body: 'ok',
}

/**
 * The answer to `/livez[/CHECK]`; null when there is no such check. `failing` names the checks that don't hold
 * (no leader among etcd's members, say).
 */
export function health(endpoint: string, check: string, query: Query, failing: ReadonlySet<string>): Answer | null {
  const checks = CHECKS[endpoint]
  if (!checks) return null
  if (check !== '') {
    if (!checks.includes(check)) return null
    return failing.has(check) ? text(500, `internal server error: ${check} check failed\n`) : SOUND
  }
  const excluded = new Set(query.getAll('exclude'))
  const failed = checks.filter((name) => failing.has(name) && !excluded.has(name))
  const lines = checks.map((name) => {
    if (excluded.has(name)) return `[+]${name} excluded: ok`
    return failing.has(name) ? `[-]${name} failed: reason withheld` : `[+]${name} ok`
  })
  const unknown = [...excluded].filter((name) => !checks.includes(name)).sort()
  if (unknown.length > 0) {
    lines.push(`warn: some health checks cannot be excluded: no matches for ${unknown.map(goQuote).join(',')}`)
  }
  if (failed.length > 0) return text(500, `${[...lines, `${endpoint} check failed`].join('\n')}\n`)
  return text(200, query.has('verbose') ? `${[...lines, `${endpoint} check passed`].join('\n')}\n` : 'ok')
}

/** `/metrics/slis`: how each check has fared; none has failed so far. */
export function sliMetrics(): string {
  const all = Object.entries(CHECKS).flatMap(([type, checks]) => checks.map((name) => ({ name, type })))
  const sorted = all.sort((a, b) => (`${a.name} ${a.type}` < `${b.name} ${b.type}` ? -1 : 1))
  const [once, ever] = ['kubernetes_healthcheck', 'kubernetes_healthchecks_total']
  return exposition([
    {
      name: once,
      type: 'gauge',
      help: '[STABLE] This metric records the result of a single healthcheck.',
      samples: sorted.map((labels) => ({ labels, value: 1 })),
    },
    {
      name: ever,
      type: 'counter',
      help: '[STABLE] This metric records the results of all healthcheck.',
      samples: sorted.map(({ name, type }) => ({ labels: { name, status: 'success', type }, value: 1 })),
    },
  ])
}
