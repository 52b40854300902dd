/** Taking the Lease by which one of several processes leads (client-go tools/leaderelection). */
import type { AnyObject } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { formatMicroTime } from '#api/time.ts'
import type { Api } from './client.ts'

const LEASES = 'leases.coordination.k8s.io'

export interface Candidacy {
  namespace: string
  name: string
  holder: string
  durationMs: number
  because: string
}

/** Null when there is none yet. */
export function leaseOf(api: Api, { namespace, name }: Pick<Candidacy, 'namespace' | 'name'>): AnyObject | null {
  try {
    return api.get(LEASES, namespace, name)
  } catch (error) {
    if (isNotFound(error)) return null
    throw error
  }
}

/** From now on this is the holder's: `old` is the Lease as it stands, which must be free. A holder that takes it again has had it all along. */
export function takeLease(
  api: Api,
  old: AnyObject | null,
  { namespace, name, holder, durationMs, because }: Candidacy,
  now: number,
) {
  const renewTime = formatMicroTime(now)
  const spec = { acquireTime: renewTime, holderIdentity: holder, leaseDurationSeconds: durationMs / 1000, renewTime }
  if (!old) return api.create(LEASES, { metadata: { name, namespace }, spec: { ...spec, leaseTransitions: 0 } }, { because })
  const { holderIdentity, acquireTime, leaseTransitions = 0 } = old['spec'] ?? {}
  const term =
    holderIdentity === holder
      ? { acquireTime, leaseTransitions }
      : { acquireTime: renewTime, leaseTransitions: leaseTransitions + 1 }
  return api.update(LEASES, { ...old, spec: { ...spec, ...term } }, { because })
}

/** It still leads. */
export function renewLease(api: Api, lease: AnyObject, now: number): void {
  api.update(LEASES, { ...lease, spec: { ...lease['spec'], renewTime: formatMicroTime(now) } }, { because: 'it still acts' })
}
