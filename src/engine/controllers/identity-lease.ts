/** Each API server's Lease in kube-system: by it others see which there are (pkg/controlplane/apiserver/server.go, APIServerIdentity). */

import type { AnyObject } from '#api/meta.ts'
import { sha256 } from '#api/sha256.ts'
import { formatMicroTime } from '#api/time.ts'
import { API_SERVER } from '../machinery/address.ts'
import { AS_API_SERVER } from '../machinery/client.ts'
import { type Context, type ControllerDeclaration, controller } from '../machinery/controller.ts'
import type { ApiServerHost } from './ports.ts'

const LEASES = 'leases.coordination.k8s.io'
const NAMESPACE = 'kube-system'
const IDENTITY = 'apiserver.kubernetes.io/identity'
const HOSTNAME = 'kubernetes.io/hostname'
const DURATION_S = 3600
const RENEWAL_MS = 10_000

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567'

function base32(bytes: readonly number[]): string {
  let text = ''
  for (let bit = 0; bit < bytes.length * 8; bit += 5) {
    const at = bit >> 3
    const two = ((bytes[at] as number) << 8) | (bytes[at + 1] ?? 0)
    text += BASE32[(two >> (11 - (bit & 7))) & 31]
  }
  return text
}

const prefixed = (text: string): number[] => [0, text.length, ...Array.from(text, (c) => c.charCodeAt(0))]

/** From the host's name and what runs there: the same after every start (apiserver/pkg/server/config.go). */
const leaseName = (host: string): string =>
  `apiserver-${base32(sha256([...prefixed(host), ...prefixed('kube-apiserver')]).slice(0, 16))}`

const isIdentity = ({ metadata }: AnyObject): boolean =>
  metadata.namespace === NAMESPACE && metadata.labels?.[IDENTITY] === 'kube-apiserver'

/** Keys are hosts. One that was deleted is made again at the next renewal. */
export const identityLeases = (hosts: readonly ApiServerHost[]): ControllerDeclaration =>
  controller({
    name: 'kube-apiserver-identity-lease-controller',
    identity: AS_API_SERVER,
    watches: [
      {
        resource: LEASES,
        keys(change, lease, _old, context) {
          if (change !== 'deleted' || !isIdentity(lease)) return []
          const host = lease.metadata.labels?.[HOSTNAME] ?? ''
          context.later(host, RENEWAL_MS - (context.now % RENEWAL_MS))
          return []
        },
      },
    ],
    begin: (context) => hosts.forEach(({ name }) => context.later(name, 0)),
    reconcile(key, context) {
      const host = hosts.find(({ name }) => name === key)
      if (host && !context.cache(LEASES).get(NAMESPACE, leaseName(host.name))) make(host, context)
    },
  })

function make({ name: host, ip }: ApiServerHost, { api, now, world, memory }: Context): void {
  const name = leaseName(host)
  if (!memory.has(host)) memory.set(host, `${name}_${world.random('identity').uuid()}`)
  const lease = {
    metadata: {
      name,
      namespace: NAMESPACE,
      labels: { [IDENTITY]: 'kube-apiserver', [HOSTNAME]: host },
      annotations: { 'kubernetes.io/peer-advertise-address': `${ip}:${API_SERVER.port}` },
    },
    spec: { holderIdentity: memory.get(host), leaseDurationSeconds: DURATION_S, renewTime: formatMicroTime(now) },
  }
  api.create(LEASES, lease, { because: 'others see by it that this API server is there' })
}

/** One of these with the renewals that were never written; `silentSince`: since when the API server of a host does not serve. */
export function identityLease(lease: AnyObject, now: number, silentSince: (host: string) => number | null): AnyObject {
  if (!isIdentity(lease)) return lease
  const until = silentSince(lease.metadata.labels?.[HOSTNAME] ?? '') ?? now
  const renewTime = formatMicroTime(until - (until % RENEWAL_MS))
  const spec = lease['spec']
  return spec?.renewTime >= renewTime ? lease : { ...lease, spec: { ...spec, renewTime } }
}
