/** Keeps Pods where their volumes are, and binds claims that waited for a Pod to have a node. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Api } from '../../machinery/client.ts'
import type { ClusterCache } from '../cache.ts'
import { claimOf, claimsOf, isBound, isFor, planOn, reaches, SELECTED_NODE, volumeOf, waitsForPod } from '../claims.ts'
import { type Binding, type Plugin, plugin, skip } from '../framework.ts'
import type { NodeInfo } from '../node-info.ts'
import { hopeless } from '../verdict.ts'

const NAME = 'VolumeBinding'
const wrongNode = hopeless(NAME, "node(s) didn't match PersistentVolume's node affinity")
const nothingToBind = hopeless(NAME, "node(s) didn't find available persistent volumes to bind")
const volumeGone = hopeless(NAME, 'node(s) unavailable due to one or more pvc(s) bound to non-existent pv(s)')
const unbound = hopeless(NAME, 'pod has unbound immediate PersistentVolumeClaims')

interface State {
  bound: AnyObject[]
  waiting: AnyObject[]
  cluster: ClusterCache
}

/** What is wrong with the claims themselves, or `null`. */
function trouble(pod: Pod, cluster: ClusterCache): string | null {
  for (const { name, ephemeral } of claimsOf(pod)) {
    const claim = claimOf(cluster, pod.metadata.namespace ?? '', name)
    if (!claim) {
      return ephemeral
        ? `waiting for ephemeral volume controller to create the persistentvolumeclaim "${name}"`
        : `persistentvolumeclaim "${name}" not found`
    }
    if (claim['status']?.phase === 'Lost') {
      return `persistentvolumeclaim "${name}" bound to non-existent persistentvolume "${claim['spec']?.volumeName}"`
    }
    if (claim.metadata.deletionTimestamp) return `persistentvolumeclaim "${name}" is being deleted`
  }
  return null
}

/** Does the next thing for a claim that waits: "done" once it is bound; an error tells what went wrong. */
function advance(claim: AnyObject, node: NodeInfo, binding: Binding): ReturnType<NonNullable<Plugin['preBind']>> {
  if (isBound(claim)) return 'done'
  const { cluster, api } = binding
  if (claim.metadata.annotations?.[SELECTED_NODE] === node.name) return 'wait'
  for (const volume of cluster.lookups.objects.all('persistentvolumes')) {
    if (isFor(volume, claim) && volume['spec'].claimRef.uid) return 'wait'
  }
  // What was asked for has been taken back: the provisioner gave up on this node.
  if (binding.again) return { error: `binding volumes: provisioning failed for PVC "${claim.metadata.name}"` }
  const plan = planOn(node, [claim], cluster)
  for (const { volume } of plan?.bind ?? []) giveTo(claim, volume, api)
  for (const { metadata } of plan?.provision ?? []) {
    const patch = { metadata: { annotations: { [SELECTED_NODE]: node.name } } }
    const because = `a Pod that uses ${metadata.name} goes to ${node.name}`
    api.patch('persistentvolumeclaims', metadata.namespace ?? '', metadata.name, 'merge', patch, { because })
  }
  return 'wait'
}

function giveTo(claim: AnyObject, volume: AnyObject, api: Api): void {
  const { name, namespace, uid, resourceVersion } = claim.metadata
  const claimRef = { kind: 'PersistentVolumeClaim', apiVersion: 'v1', namespace, name, uid, resourceVersion }
  const annotations = { ...volume.metadata.annotations, 'pv.kubernetes.io/bound-by-controller': 'yes' }
  const bound = { ...volume, metadata: { ...volume.metadata, annotations }, spec: { ...volume['spec'], claimRef } }
  api.update('persistentvolumes', bound, { because: `${volume.metadata.name} is the smallest volume that will do for ${name}` })
}

const usesClaim = (pod: Pod, _old: unknown, next: AnyObject): boolean =>
  next.metadata.namespace === pod.metadata.namespace && claimsOf(pod).some(({ name }) => name === next.metadata.name)

export const volumeBinding = plugin<State>({
  name: NAME,
  preFilter({ pod, namespace }, cluster) {
    if (!pod.spec.volumes?.length || claimsOf(pod).length === 0) return skip
    const wrong = trouble(pod, cluster)
    if (wrong) return { refused: hopeless(NAME, wrong) }
    const claims = claimsOf(pod).map(({ name }) => claimOf(cluster, namespace, name) as AnyObject)
    const open = claims.filter((claim) => !isBound(claim))
    if (open.some((claim) => !waitsForPod(cluster, claim))) return { refused: unbound }
    return { state: { bound: claims.filter(isBound), waiting: open, cluster } }
  },
  filter(_pod, node, { bound, waiting, cluster }) {
    for (const claim of bound) {
      const volume = volumeOf(cluster, claim['spec'].volumeName)
      if (!volume) return volumeGone
      if (!reaches(volume, node)) return wrongNode
    }
    return waiting.length === 0 || planOn(node, waiting, cluster) ? null : nothingToBind
  },
  delays: ({ pod: { pod, namespace }, cluster }) =>
    (pod.spec.volumes?.length ?? 0) > 0 &&
    claimsOf(pod).some(({ name }) => !isBound(claimOf(cluster, namespace, name) ?? ({} as AnyObject))),
  preBind(binding) {
    if (!this.delays?.(binding)) return 'done'
    const { pod, namespace } = binding.pod
    const uses = claimsOf(pod)
    const node = binding.cluster.node(binding.node)
    if (!node) return { error: `node "${binding.node}" not found` }
    let state: 'done' | 'wait' = 'done'
    for (const { name } of uses) {
      // Read from the store: the cache may not have seen yet what was written a moment ago.
      const claim = binding.api.get('persistentvolumeclaims', namespace, name)
      const own = advance(claim, node, binding)
      if (own === 'wait') state = 'wait'
      else if (own !== 'done') return own
    }
    return state
  },
  retryOn: {
    'claim/add': usesClaim,
    'claim/update': usesClaim,
    'volume/add': true,
    'volume/update': true,
    'class/add': true,
    'class/update': true,
    'node/add': true,
    'node/labels': true,
  },
})
