/** Claims, volumes and classes as the storage controllers see them, and what their annotations mean. */
import type { Condition, KubeObject, LabelSelector } from '#api/meta.ts'

export const CLAIMS = 'persistentvolumeclaims'
export const VOLUMES = 'persistentvolumes'
export const CLASSES = 'storageclasses.storage.k8s.io'
export const DRIVERS = 'csidrivers.storage.k8s.io'
export const ATTACHMENTS = 'volumeattachments.storage.k8s.io'

export const BOUND_BY_CONTROLLER = 'pv.kubernetes.io/bound-by-controller'
export const BIND_COMPLETED = 'pv.kubernetes.io/bind-completed'
export const PROVISIONED_BY = 'pv.kubernetes.io/provisioned-by'
export const MIGRATED_TO = 'pv.kubernetes.io/migrated-to'
export const PROVISIONER = 'volume.kubernetes.io/storage-provisioner'
export const OLD_PROVISIONER = 'volume.beta.kubernetes.io/storage-provisioner'
export const SELECTED_NODE = 'volume.kubernetes.io/selected-node'
const OLD_CLASS = 'volume.beta.kubernetes.io/storage-class'
const DEFAULT_CLASSES = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

type Amounts = Record<string, string>

export interface ObjectReference {
  apiVersion?: string
  kind?: string
  namespace?: string
  name: string
  uid?: string
  resourceVersion?: string
}

export interface Claim extends KubeObject {
  spec: {
    accessModes?: string[]
    resources?: { requests?: Amounts }
    selector?: LabelSelector
    storageClassName?: string
    volumeAttributesClassName?: string
    volumeMode?: string
    volumeName?: string
    dataSource?: { kind: string; name: string }
  }
  status?: {
    phase?: string
    accessModes?: string[]
    capacity?: Amounts
    allocatedResources?: Amounts
    allocatedResourceStatuses?: Amounts
    currentVolumeAttributesClassName?: string
    conditions?: Condition[]
  }
}

export interface Volume extends KubeObject {
  spec: {
    accessModes?: string[]
    capacity?: Amounts
    claimRef?: ObjectReference
    persistentVolumeReclaimPolicy?: string
    storageClassName?: string
    volumeAttributesClassName?: string
    volumeMode?: string
    nodeAffinity?: { required?: { nodeSelectorTerms: unknown[] } }
    hostPath?: { path: string; type?: string }
    local?: { path: string }
    nfs?: { server: string; path: string }
    csi?: { driver: string; volumeHandle: string; fsType?: string }
    [source: string]: unknown
  }
  status?: { phase?: string; message?: string; reason?: string }
}

export interface StorageClass extends KubeObject {
  provisioner: string
  parameters?: Record<string, string>
  reclaimPolicy?: string
  volumeBindingMode?: string
  allowVolumeExpansion?: boolean
  mountOptions?: string[]
  allowedTopologies?: { matchLabelExpressions?: { key: string; values: string[] }[] }[]
}

export const annotation = ({ metadata }: KubeObject, name: string): string | undefined => metadata.annotations?.[name]

export const annotated = <T extends KubeObject>(object: T, name: string, value: string): T => ({
  ...object,
  metadata: { ...object.metadata, annotations: { ...object.metadata.annotations, [name]: value } },
})

/** Without the annotation; no empty map stays behind. */
export function unannotated<T extends KubeObject>(object: T, name: string): T {
  const { annotations, ...metadata } = object.metadata
  const { [name]: _, ...rest } = annotations ?? {}
  return { ...object, metadata: Object.keys(rest).length > 0 ? { ...metadata, annotations: rest } : metadata }
}

export const classNameOf = (object: Claim | Volume): string => annotation(object, OLD_CLASS) ?? object.spec.storageClassName ?? ''

/** Whether the claim names a class, be it the empty one. */
export const hasClass = (claim: Claim): boolean =>
  annotation(claim, OLD_CLASS) !== undefined || claim.spec.storageClassName !== undefined

/** The newest of the classes that say they are the default (GetDefaultClass). */
export function defaultClass(classes: Iterable<StorageClass>): StorageClass | undefined {
  let best: StorageClass | undefined
  for (const each of classes) {
    if (!DEFAULT_CLASSES.some((name) => annotation(each, name) === 'true')) continue
    const [mine, other] = [each.metadata.creationTimestamp ?? '', best?.metadata.creationTimestamp ?? '']
    if (!best || mine > other || (mine === other && each.metadata.name < best.metadata.name)) best = each
  }
  return best
}

/** Whether the volume is meant for this claim, by whomever (IsVolumeBoundToClaim). */
export function isFor({ spec: { claimRef } }: Volume, { metadata }: Claim): boolean {
  if (!claimRef || claimRef.name !== metadata.name || claimRef.namespace !== metadata.namespace) return false
  return !claimRef.uid || claimRef.uid === metadata.uid
}

export const claimKeyOf = ({ namespace = '', name }: ObjectReference): string => `${namespace}/${name}`

export const referenceTo = ({ metadata }: Claim): ObjectReference => {
  const { namespace = '', name, uid = '', resourceVersion = '' } = metadata
  return { kind: 'PersistentVolumeClaim', namespace, name, uid, apiVersion: 'v1', resourceVersion }
}
