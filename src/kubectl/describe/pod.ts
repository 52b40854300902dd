/** `kubectl describe pod`. */
import type { Container, Pod } from '#api/kinds.ts'
import { describeContainers, describeResources } from './containers.ts'
import { describer } from './describer.ts'
import { controllerText, longTime, type Page } from './page.ts'
import { describeSpread, describeTolerations } from './template.ts'
import { describeVolumes } from './volumes.ts'

export const pod = describer({
  kinds: ['Pod'],
  describe(object: Pod, page) {
    describePlace(page, object)
    describeState(page, object)
    describeAllContainers(page, object)
    describeConditions(page, object)
    const { spec, status = {} } = object
    describeVolumes(page, spec.volumes)
    page.field(0, 'QoS Class', status.qosClass ?? 'BestEffort')
    page.pairs('Node-Selectors', spec.nodeSelector)
    describeTolerations(page, 'Tolerations', spec.tolerations)
    describeSpread(page, spec.topologySpreadConstraints)
  },
})

function describePlace(page: Page, { metadata, spec, status = {} }: Pod): void {
  page.field(0, 'Name', metadata.name)
  page.field(0, 'Namespace', metadata.namespace)
  if (spec.priority !== undefined) page.field(0, 'Priority', spec.priority)
  if (spec.priorityClassName) page.field(0, 'Priority Class Name', spec.priorityClassName)
  if (spec.runtimeClassName) page.field(0, 'Runtime Class Name', spec.runtimeClassName)
  if (spec.serviceAccountName) page.field(0, 'Service Account', spec.serviceAccountName)
  page.field(0, 'Node', spec.nodeName ? `${spec.nodeName}/${status.hostIP ?? ''}` : '<none>')
  if (status.startTime) page.field(0, 'Start Time', longTime(status.startTime))
  page.marks(metadata)
}

function describeState(page: Page, { metadata, spec, status = {} }: Pod): void {
  if (metadata.deletionTimestamp && status.phase !== 'Failed' && status.phase !== 'Succeeded') {
    page.field(0, 'Status', `Terminating (lasts ${page.since(metadata.deletionTimestamp)})`)
    page.field(0, 'Termination Grace Period', `${metadata.deletionGracePeriodSeconds ?? 0}s`)
  } else page.field(0, 'Status', status.phase ?? '')
  if (status.reason) page.field(0, 'Reason', status.reason)
  if (status.message) page.field(0, 'Message', status.message)
  const profile = spec.securityContext?.['seccompProfile'] as { type: string; localhostProfile?: string } | undefined
  if (profile) {
    page.field(0, 'SeccompProfile', profile.type)
    if (profile.type === 'Localhost') page.field(0, 'LocalhostProfile', profile.localhostProfile)
  }
  page.field(0, 'IP', status.podIP ?? '')
  page.line(0, `IPs:${status.podIPs?.length ? '' : '\t<none>'}`)
  for (const { ip } of status.podIPs ?? []) page.field(1, 'IP', ip)
  const owner = controllerText(metadata)
  if (owner) page.field(0, 'Controlled By', owner)
  if (status.nominatedNodeName) page.field(0, 'NominatedNodeName', status.nominatedNodeName)
  if (!spec.resources) return
  page.line(0, 'Resources:')
  describeResources(page, 1, spec.resources)
}

function describeAllContainers(page: Page, object: Pod): void {
  const { spec, status = {} } = object
  const show = (
    label: string,
    list: readonly Container[] | undefined,
    statuses: Parameters<typeof describeContainers>[3] = [],
  ): void => {
    if (list?.length || label === 'Containers') describeContainers(page, label, list ?? [], statuses, object)
  }
  show('Init Containers', spec.initContainers, status.initContainerStatuses)
  show('Containers', spec.containers, status.containerStatuses)
  show('Ephemeral Containers', spec.ephemeralContainers, status.ephemeralContainerStatuses)
}

function describeConditions(page: Page, { spec, status = {} }: Pod): void {
  const conditions = status.conditions ?? []
  if (spec.readinessGates?.length) {
    page.line(0, 'Readiness Gates:\n  Type\tStatus')
    for (const { conditionType } of spec.readinessGates) {
      page.line(1, `${conditionType} \t${conditions.find((c) => c.type === conditionType)?.status ?? '<none>'} `)
    }
  }
  if (conditions.length === 0) return
  page.line(0, 'Conditions:\n  Type\tStatus')
  for (const { type, status: value } of conditions) page.line(1, `${type} \t${value} `)
}
