/** How a machine that joins comes to trust a cluster: by cluster-info, its token's signature, and the authority's key (discovery/token). */
import { decodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { signature } from '../../controllers/bootstrap-tokens/index.ts'
import { keyHash } from './keys.ts'
import { type Pause, Stop, type Task } from './task.ts'
import { readToken } from './token.ts'

const RETRY_MS = 5000
const TIMEOUT_MS = 300_000
const PATH = '/api/v1/namespaces/kube-public/configmaps/cluster-info'

export interface Discovered {
  endpoint: string
  token: string
  since?: number
}

/** Asked by nobody in particular; a text says why there is no answer. */
function clusterInfo({ host }: Task, endpoint: string): AnyObject | string {
  const [ip = ''] = endpoint.split(':')
  const dialled = `Get "https://${endpoint}${PATH}?timeout=10s": dial tcp ${endpoint}`
  if (!host.ports.hosts().some((each) => each.ip === ip)) return `${dialled}: i/o timeout`
  const { status, body } = host.ports.ask({ method: 'GET', path: PATH, headers: { host: endpoint } })
  if (status === 200) return body as AnyObject
  return status === 0 ? `${dialled}: connect: connection refused` : ((body as { message?: string }).message ?? '')
}

/** Waits for a cluster-info that its token has signed, and looks whether it is what the token and the pins say. */
export function discover(task: Task<Discovered>): Pause {
  const { memo, host, flags } = task
  const token = readToken(memo.token)
  if (!token) return
  const info = clusterInfo(task, memo.endpoint)
  const data = typeof info === 'string' ? {} : ((info as { data?: Record<string, string> }).data ?? {})
  const own = data[`jws-kubeconfig-${token.id}`]
  if (!own) {
    memo.since ??= host.ports.world.now
    if (host.ports.world.now - memo.since < TIMEOUT_MS) return { wait: RETRY_MS }
    throw mistrust(
      typeof info === 'string'
        ? `failed to request the cluster-info ConfigMap: ${info}`
        : `could not find a JWS signature in the cluster-info ConfigMap for token ID "${token.id}"`,
    )
  }
  const text = data['kubeconfig'] ?? ''
  if (own !== signature(text, token.id, token.secret))
    throw mistrust("failed to verify JWS signature of received cluster info object, can't trust this API Server")
  const hash = keyHash(decodeText(/certificate-authority-data: (\S+)/.exec(text)?.[1] ?? '') ?? '')
  const pins = flags.values('discovery-token-ca-cert-hash')
  if (pins.length > 0 && !pins.includes(hash))
    throw mistrust(`cluster CA found in cluster-info ConfigMap is invalid: none of the public keys "${hash}" are pinned`)
}

const mistrust = (why: string): Stop => new Stop(`couldn't validate the identity of the API Server: ${why}`)
