/** Claims and volumes of a Pod, and which volume a claim could have on a node (component-helpers storage/volume). */
import type { NodeSelectorTerm, Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { anyTermMatches } from '#api/node-selector.ts'
import { wholeOf } from '#api/quantity.ts'
import { selects } from '#api/selector.ts'
import type { ClusterCache } from './cache.ts'
import type { NodeInfo } from './node-info.ts'

export const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed'
const BETA_CLASS = 'volume.beta.kubernetes.io/storage-class'
/** A class with this provisioner has only volumes that somebody made by hand. */
export const NO_PROVISIONER = 'kubernetes.io/no-provisioner'

const CLAIMS = 'persistentvolumeclaims'
const VOLUMES = 'persistentvolumes'
const CLASSES = 'storageclasses.storage.k8s.io'

export interface ClaimUse {
  name: string
  /** Made for this Pod from a template in its spec. */
  ephemeral: boolean
}

/** The claims a Pod's volumes name; most Pods have none. */
export function claimsOf(pod: Pod): ClaimUse[] {
  const uses: ClaimUse[] = []
  for (const volume of pod.spec.volumes ?? []) {
    if (volume.persistentVolumeClaim) uses.push({ name: volume.persistentVolumeClaim.claimName, ephemeral: false })
    else if (volume.ephemeral) uses.push({ name: `${pod.metadata.name}-${volume.name}`, ephemeral: true })
  }
  return uses
}

export const claimOf = (cluster: ClusterCache, namespace: string, name: string): AnyObject | undefined =>
  cluster.lookups.objects.get(CLAIMS, namespace, name)
export const volumeOf = (cluster: ClusterCache, name: string): AnyObject | undefined =>
  cluster.lookups.objects.get(VOLUMES, '', name)
export const storageClassOf = (cluster: ClusterCache, claim: AnyObject): AnyObject | undefined =>
  cluster.lookups.objects.get(CLASSES, '', classNameOf(claim))

export const classNameOf = (object: AnyObject): string =>
  object.metadata.annotations?.[BETA_CLASS] ?? object.spec?.storageClassName ?? ''

export const isBound = (claim: AnyObject): boolean =>
  !!claim.spec?.volumeName && claim.metadata.annotations?.[BIND_COMPLETED] !== undefined

/** Whether the claim waits until a Pod that uses it has a node. */
export const waitsForPod = (cluster: ClusterCache, claim: AnyObject): boolean =>
  !claim.spec?.volumeName && storageClassOf(cluster, claim)?.volumeBindingMode === 'WaitForFirstConsumer'

/** Whether the volume can be used from the node. */
export function reaches(volume: AnyObject, node: NodeInfo): boolean {
  const terms: NodeSelectorTerm[] | undefined = volume.spec?.nodeAffinity?.required?.nodeSelectorTerms
  return terms === undefined || (node.node !== null && anyTermMatches(terms, node.node))
}

/** Whether the volume is meant for this claim, by whomever. */
export function isFor(volume: AnyObject, claim: AnyObject): boolean {
  const reference = volume.spec?.claimRef
  if (!reference || reference.name !== claim.metadata.name || reference.namespace !== claim.metadata.namespace) return false
  return !reference.uid || reference.uid === claim.metadata.uid
}

const sizeOf = (volume: AnyObject): number => wholeOf(volume.spec?.capacity?.storage)
const wantedBy = (claim: AnyObject): number => wholeOf(claim.spec?.resources?.requests?.storage)

/** The volume meant for the claim, or else the smallest free one that will do on this node. */
function matchOn(node: NodeInfo, claim: AnyObject, cluster: ClusterCache, taken: ReadonlySet<string>): AnyObject | undefined {
  let best: AnyObject | undefined
  for (const volume of cluster.lookups.objects.all(VOLUMES)) {
    if (taken.has(volume.metadata.name) || !fitsClaim(volume, claim)) continue
    if (isFor(volume, claim)) return reaches(volume, node) ? volume : undefined
    if (!isFree(volume, claim) || !reaches(volume, node)) continue
    if (!best || sizeOf(volume) < sizeOf(best)) best = volume
  }
  return best
}

function fitsClaim({ metadata, spec }: AnyObject, claim: AnyObject): boolean {
  if (metadata.deletionTimestamp || wholeOf(spec?.capacity?.storage) < wantedBy(claim)) return false
  if ((spec?.volumeMode ?? 'Filesystem') !== (claim.spec?.volumeMode ?? 'Filesystem')) return false
  return (spec?.volumeAttributesClassName ?? '') === (claim.spec?.volumeAttributesClassName ?? '')
}

function isFree(volume: AnyObject, claim: AnyObject): boolean {
  if (volume.spec?.claimRef || volume.status?.phase !== 'Available' || classNameOf(volume) !== classNameOf(claim)) return false
  if (claim.spec?.selector && !selects(claim.spec.selector, volume.metadata.labels)) return false
  const modes: string[] = volume.spec?.accessModes ?? []
  return (claim.spec?.accessModes ?? []).every((mode: string) => modes.includes(mode))
}

export interface VolumePlan {
  /** Claims that get a volume that exists. */
  bind: { claim: AnyObject; volume: AnyObject }[]
  /** Claims for which one has to be made. */
  provision: AnyObject[]
}

/** What to do for claims that waited for a node; `null` when it cannot be done on this one. */
export function planOn(node: NodeInfo, claims: readonly AnyObject[], cluster: ClusterCache): VolumePlan | null {
  const plan: VolumePlan = { bind: [], provision: [] }
  const taken = new Set<string>()
  for (const claim of [...claims].sort((a, b) => wantedBy(a) - wantedBy(b))) {
    const selected = claim.metadata.annotations?.[SELECTED_NODE]
    if (selected !== undefined && selected !== node.name) return null
    const volume = selected === undefined ? matchOn(node, claim, cluster, taken) : undefined
    if (volume) {
      taken.add(volume.metadata.name)
      plan.bind.push({ claim, volume })
    } else if (canProvision(node, claim, cluster)) plan.provision.push(claim)
    else return null
  }
  return plan
}

function canProvision(node: NodeInfo, claim: AnyObject, cluster: ClusterCache): boolean {
  const storageClass = storageClassOf(cluster, claim)
  const provisioner: string = storageClass?.provisioner ?? ''
  if (provisioner === '' || provisioner === NO_PROVISIONER) return false
  const topologies: { matchLabelExpressions?: { key: string; values: string[] }[] }[] = storageClass?.allowedTopologies ?? []
  const allowed = ({ matchLabelExpressions = [] }: (typeof topologies)[number]) =>
    matchLabelExpressions.every(({ key, values }) => values.includes(node.labels[key] ?? ''))
  return topologies.length === 0 || topologies.some(allowed)
}
