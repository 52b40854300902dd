/** `kubectl describe` of what keeps Pods running: Deployment, ReplicaSet, ReplicationController, DaemonSet, StatefulSet. */
import type { Deployment, PodTemplateSpec, ReplicaSet, ReplicationController } from '#api/kinds.ts'
import { type AnyObject, type Condition, controllerOf } from '#api/meta.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { equalJson } from '../equal-json.ts'
import { describer, listOf, podsStatus } from './describer.ts'
import { controllerText, goList, longTime, mapText, type Page, selectorText } from './page.ts'
import { describeTemplate } from './template.ts'

export const deployment = describer({
  kinds: ['Deployment.apps'],
  async describe(object: Deployment, page, around) {
    const { metadata, spec, status = {} } = object
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Namespace', metadata.namespace)
    page.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp))
    page.marks(metadata)
    page.field(0, 'Selector', selectorText(spec.selector))
    const { updatedReplicas = 0, replicas = 0, availableReplicas = 0, unavailableReplicas = 0 } = status
    const counts = [`${spec.replicas ?? 1} desired`, `${updatedReplicas} updated`, `${replicas} total`]
    page.field(0, 'Replicas', [...counts, `${availableReplicas} available`, `${unavailableReplicas} unavailable`].join(' | '))
    page.field(0, 'StrategyType', spec.strategy?.type ?? '')
    page.field(0, 'MinReadySeconds', spec.minReadySeconds ?? 0)
    const rolling = spec.strategy?.rollingUpdate
    if (rolling)
      page.field(0, 'RollingUpdateStrategy', `${rolling.maxUnavailable} max unavailable, ${rolling.maxSurge} max surge`)
    describeTemplate(page, spec.template)
    describeConditions(page, status.conditions)
    const all = await listOf<ReplicaSet & AnyObject>(around, 'replicasets.apps', metadata.namespace ?? '', {
      labelSelector: selectorText(spec.selector),
    })
    const own = all.filter((rs) => controllerOf(rs.metadata)?.uid === metadata.uid)
    if (own.length === 0) return
    const current = newest(own, spec.template)
    page.field(0, 'OldReplicaSets', setsText(own.filter((rs) => rs !== current)))
    page.field(0, 'NewReplicaSet', setsText(current ? [current] : []))
  },
})

/** The oldest ReplicaSet of the Deployment's template, its hash aside (deploymentutil.FindNewReplicaSet). */
function newest(sets: readonly ReplicaSet[], template: PodTemplateSpec): ReplicaSet | undefined {
  const byAge = [...sets].sort((a, b) => ((a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? -1 : 1))
  return byAge.find((rs) => equalJson(withoutHash(rs.spec.template), withoutHash(template)))
}

export function withoutHash(template: PodTemplateSpec | undefined): PodTemplateSpec | undefined {
  if (!template) return undefined
  const { 'pod-template-hash': _hash, ...labels } = template.metadata?.labels ?? {}
  return { ...template, metadata: { ...template.metadata, labels } }
}

const setsText = (sets: readonly ReplicaSet[]): string =>
  sets
    .map(({ metadata, spec, status }) => `${metadata.name} (${status?.replicas ?? 0}/${spec.replicas ?? 1} replicas created)`)
    .join(', ') || '<none>'

function describeConditions(page: Page, conditions: readonly Condition[] = []): void {
  if (conditions.length === 0) return
  page.line(0, 'Conditions:')
  page.table(
    1,
    ['Type', 'Status', 'Reason'],
    conditions.map((c) => [`${c.type} `, c.status, c.reason ?? '']),
  )
}

export const replicaSet = describer({
  kinds: ['ReplicaSet.apps', 'ReplicationController'],
  async describe(object: ReplicaSet | ReplicationController, page, around) {
    const { kind, metadata, spec, status } = object
    const isSet = kind === 'ReplicaSet'
    const selector = isSet
      ? (object as ReplicaSet).spec.selector
      : { matchLabels: (object as ReplicationController).spec.selector ?? {} }
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Namespace', metadata.namespace)
    page.field(0, 'Selector', selectorText(selector) || '<none>')
    page.marks(metadata)
    const owner = controllerText(metadata)
    if (isSet && owner) page.field(0, 'Controlled By', owner)
    page.field(0, 'Replicas', `${status?.replicas ?? 0} current / ${spec.replicas ?? 1} desired`)
    page.field(0, 'Pods Status', await podsStatus(object, selector, around))
    describeTemplate(page, spec.template)
    describeConditions(page, status?.conditions)
  },
})

export const daemonSet = describer({
  kinds: ['DaemonSet.apps'],
  async describe(object: AnyObject, page, around) {
    const { metadata, spec, status = {} } = object as AnyObject & { spec: any; status?: any }
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Namespace', metadata.namespace)
    page.field(0, 'Selector', selectorText(spec.selector))
    page.field(0, 'Node-Selector', mapText(spec.template.spec.nodeSelector))
    page.marks(metadata)
    page.line(0, `Desired Number of Nodes Scheduled: ${status.desiredNumberScheduled ?? 0}`)
    page.line(0, `Current Number of Nodes Scheduled: ${status.currentNumberScheduled ?? 0}`)
    page.line(0, `Number of Nodes Scheduled with Up-to-date Pods: ${status.updatedNumberScheduled ?? 0}`)
    page.line(0, `Number of Nodes Scheduled with Available Pods: ${status.numberAvailable ?? 0}`)
    page.line(0, `Number of Nodes Misscheduled: ${status.numberMisscheduled ?? 0}`)
    page.field(0, 'Pods Status', await podsStatus(object, spec.selector, around))
    describeTemplate(page, spec.template)
  },
})

export const statefulSet = describer({
  kinds: ['StatefulSet.apps'],
  async describe(object: AnyObject, page, around) {
    const { metadata, spec, status = {} } = object as AnyObject & { spec: any; status?: any }
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Namespace', metadata.namespace)
    page.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp))
    page.field(0, 'Selector', selectorText(spec.selector))
    page.marks(metadata)
    page.field(0, 'Replicas', `${spec.replicas ?? 1} desired | ${status.replicas ?? 0} total`)
    page.field(0, 'Update Strategy', spec.updateStrategy?.type ?? '')
    const rolling = spec.updateStrategy?.rollingUpdate
    if (rolling?.partition !== undefined) {
      page.field(1, 'Partition', rolling.partition)
      if (rolling.maxUnavailable !== undefined) page.field(1, 'MaxUnavailable', rolling.maxUnavailable)
    }
    page.field(0, 'Pods Status', await podsStatus(object, spec.selector, around))
    describeTemplate(page, spec.template)
    describeClaims(page, spec.volumeClaimTemplates)
  },
})

function describeClaims(page: Page, templates: readonly AnyObject[] = []): void {
  if (templates.length === 0) return page.field(0, 'Volume Claims', '<none>')
  page.line(0, 'Volume Claims:')
  for (const { metadata, spec } of templates as (AnyObject & { spec: any })[]) {
    page.field(1, 'Name', metadata.name)
    page.field(1, 'StorageClass', spec.storageClassName ?? '')
    page.pairs('Labels', metadata.labels, '  ')
    page.pairs('Annotations', metadata.annotations, '  ')
    const storage = spec.resources?.requests?.storage
    page.field(1, 'Capacity', storage === undefined ? '<default>' : canonicalQuantity(storage))
    page.field(1, 'Access Modes', goList(spec.accessModes))
  }
}
