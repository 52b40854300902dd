/** One claim: Pods that are gone or done use it no more; with the last of them it gives its devices back (syncClaim). */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, controllerOf } from '#api/meta.ts'
import type { Api } from '../../machinery/client.ts'
import type { Context } from '../../machinery/controller.ts'
import { CLAIMS, isDone } from './index.ts'

const FINALIZER = 'resource.kubernetes.io/delete-protection'

interface User {
  apiGroup?: string
  resource: string
  name: string
  uid: string
}

export function release(key: string, { cache, api }: Context): void {
  const claim = cache<AnyObject>(CLAIMS).byKey(key)
  if (!claim) return
  const { namespace = '' } = claim.metadata
  const users: User[] = claim['status']?.reservedFor ?? []
  const left = users.filter(({ apiGroup, resource, name, uid }) => {
    if (apiGroup || resource !== 'pods') return true
    const pod = cache<Pod>('pods').get(namespace, name)
    return pod !== undefined && pod.metadata.uid === uid && !isDone(pod)
  })
  const isKept = claim.metadata.finalizers?.includes(FINALIZER) === true
  if (left.length < users.length) letGo(api, claim, left, isKept)
  else if (isKept && claim.metadata.deletionTimestamp && left.length === 0) letGo(api, claim, left, isKept)
  if (left.length === 0) removeWithPod(claim, { cache, api })
}

function letGo(api: Api, claim: AnyObject, left: readonly User[], isKept: boolean): void {
  const { allocation, reservedFor: _, ...rest } = claim['status'] ?? {}
  const frees = left.length === 0 && isKept
  const status = { ...rest, ...(allocation && !frees ? { allocation } : {}), ...(left.length > 0 ? { reservedFor: left } : {}) }
  const because = 'Pods that used it are gone'
  const changed = allocation || claim['status']?.reservedFor
  const free = changed ? api.update(CLAIMS, { ...claim, status } as AnyObject, { subresource: 'status', because }) : claim
  if (!frees) return
  const finalizers = (free.metadata.finalizers ?? []).filter((name) => name !== FINALIZER)
  api.update(CLAIMS, { ...free, metadata: { ...free.metadata, finalizers } } as AnyObject, {
    because: 'it has no devices any more',
  })
}

/** A claim that was made for a Pod goes when that is done. */
function removeWithPod(claim: AnyObject, { cache, api }: Pick<Context, 'cache' | 'api'>): void {
  const owner = controllerOf(claim.metadata)
  if (owner?.kind !== 'Pod' || claim.metadata.deletionTimestamp) return
  const { namespace = '', name } = claim.metadata
  const pod = cache<Pod>('pods').get(namespace, owner.name)
  if (pod?.metadata.uid === owner.uid && isDone(pod)) api.delete(CLAIMS, namespace, name, { because: `${owner.name} is done` })
}
