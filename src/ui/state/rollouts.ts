/** Rollouts under way: of Deployments that have pods of more than one ReplicaSet, which revision each one is of. */
import { controllerOf } from '#api/meta.ts'
import { type Scene, uidOf } from './scene.ts'

export interface Revision {
  number: number
  /** A newer one is there: these pods are on their way out. */
  stale: boolean
}

/** By uid of the ReplicaSet; only where there is something to tell apart, or everywhere with `all`. */
export function revisions(scene: Scene, all = false): ReadonlyMap<string, Revision> {
  const families = new Map<string, { uid: string; number: number; alive: boolean }[]>()
  for (const rs of scene.mirror.all('replicasets').values()) {
    const owner = controllerOf(rs.metadata)?.uid
    if (!owner) continue
    const number = Number(rs.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
    const alive = (rs['status']?.replicas ?? 0) > 0 || (rs['spec']?.replicas ?? 0) > 0
    families.set(owner, [...(families.get(owner) ?? []), { uid: uidOf(rs), number, alive }])
  }
  const found = new Map<string, Revision>()
  for (const family of families.values()) {
    const latest = Math.max(...family.map((rs) => rs.number))
    if (!all && family.filter((rs) => rs.alive).length < 2) continue
    for (const { uid, number } of family) found.set(uid, { number, stale: number < latest })
  }
  return found
}
