/** A StatefulSet's Pods by their ordinals: names, identity, storage, and what state they are in (stateful_set_utils.go). */
import type { Pod, StatefulSet, Volume } from '#api/kinds.ts'
import type { AnyObject, ObjectMeta } from '#api/meta.ts'
import { HASH_LABEL } from '../history.ts'
import { availableAt, isReady, podFrom } from '../pods.ts'

const NAME_LABEL = 'statefulset.kubernetes.io/pod-name'
const INDEX_LABEL = 'apps.kubernetes.io/pod-index'

/** A Pod that may not exist yet: without a phase it is only planned. */
export type Replica = Pod

const NUMBERED = /^(.*)-(\d+)$/

/** The ordinal at the end of the name, or -1. */
export const ordinalOf = ({ metadata }: Pod): number => Number(NUMBERED.exec(metadata.name)?.[2] ?? -1)
export const isMember = (set: StatefulSet, { metadata }: Pod): boolean => NUMBERED.exec(metadata.name)?.[1] === set.metadata.name

export const startOf = ({ spec }: StatefulSet): number => spec.ordinals?.start ?? 0
export const wantedOf = ({ spec }: StatefulSet): number => Math.max(0, spec.replicas ?? 1)
export const inRange = (set: StatefulSet, pod: Pod): boolean => {
  const ordinal = ordinalOf(pod)
  return ordinal >= startOf(set) && ordinal < startOf(set) + wantedOf(set)
}

export const isCreated = ({ status }: Replica): boolean => Boolean(status?.phase)
export const isPending = ({ status }: Replica): boolean => status?.phase === 'Pending'
export const hasEnded = ({ status }: Replica): boolean => status?.phase === 'Failed' || status?.phase === 'Succeeded'
export const isLeaving = ({ metadata }: Replica): boolean => metadata.deletionTimestamp !== undefined
export const isRunning = (pod: Replica): boolean => pod.status?.phase === 'Running' && isReady(pod)
export const isUp = (pod: Replica, set: StatefulSet, now: number): boolean =>
  availableAt(pod, set.spec.minReadySeconds ?? 0) <= now
export const isDown = (pod: Replica, set: StatefulSet, now: number): boolean => !isUp(pod, set, now) || isLeaving(pod)
export const revisionOf = ({ metadata }: Pod): string => metadata.labels?.[HASH_LABEL] ?? ''

export const claimName = (set: StatefulSet, template: { metadata: Partial<ObjectMeta> }, ordinal: number): string =>
  `${template.metadata.name}-${set.metadata.name}-${ordinal}`

/** The claims of one ordinal, as they are to be created. */
export function claimsFor(set: StatefulSet, ordinal: number): AnyObject[] {
  return (set.spec.volumeClaimTemplates ?? []).map((template) => {
    const { name: _, ...metadata } = template.metadata
    const labels = { ...metadata.labels, ...set.spec.selector.matchLabels }
    const { status: _status, ...claim } = template as AnyObject
    return {
      ...claim,
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { ...metadata, name: claimName(set, template, ordinal), namespace: set.metadata.namespace ?? '', labels },
    } as AnyObject
  })
}

function volumesFor(set: StatefulSet, volumes: readonly Volume[], ordinal: number): Volume[] {
  const templates = set.spec.volumeClaimTemplates ?? []
  const own = templates.map(
    (template): Volume => ({
      name: template.metadata.name,
      persistentVolumeClaim: { claimName: claimName(set, template, ordinal) },
    }),
  )
  return [...own, ...volumes.filter(({ name }) => !own.some((volume) => volume.name === name))]
}

const identity = (name: string, ordinal: number): Record<string, string> => ({
  [NAME_LABEL]: name,
  [INDEX_LABEL]: String(ordinal),
})

/** The Pod of one ordinal from this template, which is that of the named revision. */
export function replicaFrom(
  set: StatefulSet,
  template: StatefulSet['spec']['template'],
  revision: string,
  ordinal: number,
): Replica {
  const { metadata } = podFrom(template, set)
  const name = `${set.metadata.name}-${ordinal}`
  const volumes = volumesFor(set, template.spec.volumes ?? [], ordinal)
  const { serviceName } = set.spec
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name, labels: { ...metadata.labels, ...identity(name, ordinal), [HASH_LABEL]: revision } },
    spec: {
      ...template.spec,
      ...(volumes.length ? { volumes } : {}),
      hostname: name,
      ...(serviceName ? { subdomain: serviceName } : {}),
    },
  }
}

export function identityMatches({ metadata }: Pod): boolean {
  return metadata.labels?.[NAME_LABEL] === metadata.name
}

export function storageMatches(set: StatefulSet, pod: Pod): boolean {
  const ordinal = ordinalOf(pod)
  return (set.spec.volumeClaimTemplates ?? []).every((template) =>
    pod.spec.volumes?.some(
      (volume) =>
        volume.name === template.metadata.name &&
        volume['persistentVolumeClaim']?.claimName === claimName(set, template, ordinal),
    ),
  )
}

/** The Pod with its identity and its storage put right. */
export function corrected(set: StatefulSet, pod: Pod): Pod {
  const ordinal = ordinalOf(pod)
  const labels = { ...pod.metadata.labels, ...identity(pod.metadata.name, ordinal) }
  const spec = storageMatches(set, pod) ? pod.spec : { ...pod.spec, volumes: volumesFor(set, pod.spec.volumes ?? [], ordinal) }
  return { ...pod, metadata: { ...pod.metadata, labels }, spec }
}
