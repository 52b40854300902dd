/** `kubectl describe` of volumes, claims and storage classes. */
import type { AnyObject } from '#api/meta.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { describer, listOf } from './describer.ts'
import { goList, longTime, mapText, type Page, yesOrUnset } from './page.ts'
import { describeSource } from './volumes.ts'

const MODES: Record<string, string> = {
  ReadWriteOnce: 'RWO',
  ReadOnlyMany: 'ROX',
  ReadWriteMany: 'RWX',
  ReadWriteOncePod: 'RWOP',
}

const modesText = (modes: readonly string[] = []): string =>
  Object.entries(MODES)
    .flatMap(([mode, short]) => (modes.includes(mode) ? [short] : []))
    .join(',')

const className = ({ metadata, spec }: AnyObject): string =>
  metadata.annotations?.['volume.beta.kubernetes.io/storage-class'] ?? spec.storageClassName ?? ''

const phaseText = (page: Page, { metadata, status }: AnyObject): string =>
  metadata.deletionTimestamp ? `Terminating (lasts ${page.since(metadata.deletionTimestamp)})` : (status?.phase ?? '')

export const persistentVolume = describer({
  kinds: ['PersistentVolume'],
  describe(object: AnyObject, page) {
    const { metadata, spec, status } = object
    page.head({ metadata }, false)
    page.field(0, 'Finalizers', goList(metadata.finalizers))
    page.field(0, 'StorageClass', className(object))
    page.field(0, 'Status', phaseText(page, object))
    page.field(0, 'Claim', spec.claimRef ? `${spec.claimRef.namespace}/${spec.claimRef.name}` : '')
    page.field(0, 'Reclaim Policy', spec.persistentVolumeReclaimPolicy ?? '')
    page.field(0, 'Access Modes', modesText(spec.accessModes))
    if (spec.volumeMode) page.field(0, 'VolumeMode', spec.volumeMode)
    page.field(0, 'Capacity', canonicalQuantity(spec.capacity?.storage ?? 0))
    describeAffinity(page, spec.nodeAffinity?.required)
    page.field(0, 'Message', status?.message ?? '')
    page.line(0, 'Source:')
    describeSource(page, spec, true)
  },
})

interface Term {
  matchExpressions?: { key: string; operator: string; values?: string[] }[]
}

function describeAffinity(page: Page, required: { nodeSelectorTerms?: Term[] } | undefined): void {
  page.field(0, 'Node Affinity', required ? '' : '<none>')
  if (!required) return
  const terms = required.nodeSelectorTerms ?? []
  page.field(1, 'Required Terms', terms.length === 0 ? '<none>' : '')
  for (const [i, { matchExpressions = [] }] of terms.entries()) {
    const texts = matchExpressions.map(
      ({ key, operator, values = [] }) => `${key} ${operator.toLowerCase()}${values.length > 0 ? ` [${values.join(', ')}]` : ''}`,
    )
    page.several(`Term ${i}`, texts, '    ')
  }
}

export const persistentVolumeClaim = describer({
  kinds: ['PersistentVolumeClaim'],
  async describe(object: AnyObject, page, around) {
    const { metadata, spec, status } = object
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Namespace', metadata.namespace)
    page.field(0, 'StorageClass', className(object))
    page.field(0, 'Status', phaseText(page, object))
    page.field(0, 'Volume', spec.volumeName ?? '')
    page.marks(metadata)
    page.field(0, 'Finalizers', goList(metadata.finalizers))
    page.field(0, 'Capacity', spec.volumeName ? canonicalQuantity(status?.capacity?.storage ?? 0) : '')
    page.field(0, 'Access Modes', spec.volumeName ? modesText(status?.accessModes) : '')
    if (spec.volumeMode) page.field(0, 'VolumeMode', spec.volumeMode)
    if (spec.dataSource) {
      page.line(0, 'DataSource:')
      if (spec.dataSource.apiGroup) page.field(1, 'APIGroup', spec.dataSource.apiGroup)
      page.field(1, 'Kind', spec.dataSource.kind)
      page.field(1, 'Name', spec.dataSource.name)
    }
    const pods = await listOf(around, 'pods', metadata.namespace ?? '')
    const uses = pods.filter(
      (pod) =>
        ((pod['spec'].volumes ?? []) as AnyObject[]).some((v) => v['persistentVolumeClaim']?.claimName === metadata.name) ||
        metadata.ownerReferences?.some((owner) => owner.kind === 'Pod' && owner.uid === pod.metadata.uid),
    )
    page.several('Used By', uses.map((pod) => pod.metadata.name).sort())
    describeConditions(page, status?.conditions)
  },
})

function describeConditions(page: Page, conditions: AnyObject[] = []): void {
  if (conditions.length === 0) return
  page.line(0, 'Conditions:\n  Type\tStatus\tLastProbeTime\tLastTransitionTime\tReason\tMessage')
  page.line(1, '----\t------\t-----------------\t------------------\t------\t-------')
  for (const c of conditions) {
    const times = `${longTime(c['lastProbeTime'])} \t${longTime(c['lastTransitionTime'])}`
    page.line(1, `${c['type']} \t${c['status']} \t${times} \t${c['reason'] ?? ''} \t${c['message'] ?? ''}`)
  }
}

const DEFAULT_CLASS = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']

export const storageClass = describer({
  kinds: ['StorageClass.storage.k8s.io'],
  describe(object: AnyObject, page) {
    const {
      metadata,
      provisioner,
      parameters,
      allowVolumeExpansion,
      mountOptions = [],
      reclaimPolicy,
      volumeBindingMode,
    } = object
    page.field(0, 'Name', metadata.name)
    page.field(0, 'IsDefaultClass', DEFAULT_CLASS.some((key) => metadata.annotations?.[key] === 'true') ? 'Yes' : 'No')
    page.field(0, 'Annotations', mapText(metadata.annotations))
    page.field(0, 'Provisioner', provisioner)
    page.field(0, 'Parameters', mapText(parameters))
    page.field(0, 'AllowVolumeExpansion', yesOrUnset(allowVolumeExpansion))
    page.line(0, `MountOptions:${mountOptions.length === 0 ? '\t<none>' : ''}`)
    for (const option of mountOptions) page.line(1, option)
    if (reclaimPolicy) page.field(0, 'ReclaimPolicy', reclaimPolicy)
    if (volumeBindingMode) page.field(0, 'VolumeBindingMode', volumeBindingMode)
    if (object['allowedTopologies']) describeTopologies(page, object['allowedTopologies'])
  },
})

interface TopologyTerm {
  matchLabelExpressions?: { key: string; values?: string[] }[]
}

function describeTopologies(page: Page, terms: readonly TopologyTerm[]): void {
  page.put(0, 'AllowedTopologies:\t')
  page.line(0, terms.length === 0 ? '<none>' : '')
  for (const [i, { matchLabelExpressions = [] }] of terms.entries()) {
    page.put(1, `Term ${i}:\t`)
    if (matchLabelExpressions.length === 0) page.line(0, '<none>')
    for (const [n, { key, values = [] }] of matchLabelExpressions.entries()) {
      if (n > 0) page.put(1, '\t')
      page.line(0, `${key} in${values.length > 0 ? ` [${values.join(', ')}]` : ''}`)
    }
  }
}

export const volumeAttributesClass = describer({
  kinds: ['VolumeAttributesClass.storage.k8s.io'],
  describe({ metadata, driverName, parameters }: AnyObject, page) {
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Annotations', mapText(metadata.annotations))
    page.field(0, 'DriverName', driverName)
    page.field(0, 'Parameters', mapText(parameters))
  },
})

export const csiNode = describer({
  kinds: ['CSINode.storage.k8s.io'],
  describe({ metadata, spec }: AnyObject, page) {
    page.head({ metadata }, false)
    page.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp))
    page.line(0, 'Spec:')
    if (!spec.drivers) return
    page.line(1, 'Drivers:')
    for (const { name, nodeID, allocatable, topologyKeys } of spec.drivers as AnyObject[]) {
      page.line(2, `${name}:`)
      page.field(3, 'Node ID', nodeID)
      if (allocatable?.count !== undefined) {
        page.line(3, 'Allocatables:')
        page.field(4, 'Count', allocatable.count)
      }
      if (topologyKeys) page.field(3, 'Topology Keys', goList(topologyKeys))
    }
  },
})
