/** What a selection is about: which pods, machines and services stay bright while the rest is dimmed. */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, controllerOf, keyOf } from '#api/meta.ts'
import type { Ref } from './choices.ts'
import { type Scene, tableOf, uidOf } from './scene.ts'

export interface Focus {
  pod(pod: Pod): boolean
  node(name: string): boolean
  service(key: string): boolean
}

export const everything: Focus = { pod: () => true, node: () => true, service: () => true }

export const refOf = (object: AnyObject): Ref => ({ table: tableOf(object.kind) ?? object.kind, key: keyOf(object.metadata) })

/** Uid of the topmost controller above a pod: all pods of one Deployment share it, over all its ReplicaSets. */
export const rootOf = (scene: Scene, object: AnyObject): string => uidOf(scene.owners(object).at(-1) ?? object)

/** Uids of ReplicaSets that a rollout has left behind: theirs are the dotted hulls and edges. */
export function staleReplicaSets(scene: Scene): Set<string> {
  const best = new Map<string, { uid: string; revision: number }>()
  const stale = new Set<string>()
  for (const rs of scene.mirror.all('replicasets').values()) {
    const owner = controllerOf(rs.metadata)?.uid
    const revision = Number(rs.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
    if (!owner) continue
    const rival = best.get(owner)
    if (rival) stale.add(rival.revision > revision ? uidOf(rs) : rival.uid)
    if (!rival || rival.revision < revision) best.set(owner, { uid: uidOf(rs), revision })
  }
  return stale
}

export function focusOn(scene: Scene, ref: Ref | null): Focus {
  const object = ref ? scene.mirror.get(ref.table, ref.key) : undefined
  if (!ref || !object) return everything
  if (ref.table === 'nodes') {
    const here = (pod: Pod): boolean => pod.spec.nodeName === ref.key
    return {
      pod: here,
      node: (name) => name === ref.key,
      service: (key) => scene.endpoints(key).some((e) => nodeOf(scene, e.pod) === ref.key),
    }
  }
  if (ref.table === 'services') {
    const pods = new Set(scene.endpoints(ref.key).map((e) => e.pod))
    const nodes = new Set([...pods].map((pod) => nodeOf(scene, pod)))
    return { pod: (pod) => pods.has(keyOf(pod.metadata)), node: (name) => nodes.has(name), service: (key) => key === ref.key }
  }
  const root = rootOf(scene, object)
  const kin = (pod: Pod): boolean => rootOf(scene, pod) === root || uidOf(pod) === uidOf(object)
  const kinKey = (key: string): boolean => {
    const pod = scene.mirror.get('pods', key) as (Pod & AnyObject) | undefined
    return pod !== undefined && kin(pod)
  }
  // Of a pod that waits each machine says why it cannot take it.
  const waits = ref.table === 'pods' && !object['spec']?.nodeName
  return {
    pod: kin,
    node: (name) => waits || scene.podsOn(name).some(kin),
    service: (key) => scene.endpoints(key).some((e) => kinKey(e.pod)),
  }
}

const nodeOf = (scene: Scene, pod: string): string => scene.mirror.get('pods', pod)?.['spec']?.nodeName ?? ''
