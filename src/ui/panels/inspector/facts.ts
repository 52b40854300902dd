/** The few facts per kind that one looks for first. */
import type { Deployment, Node, Pod, ReplicaSet, Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { t } from '../../words/index.ts'

export type Fact = [term: string, value: string]

const labels = (object: AnyObject): Fact[] => {
  const list = Object.entries(object.metadata.labels ?? {}).map(([k, v]) => `${k}=${v}`)
  return list.length > 0 ? [[t('Labels'), list.join('\n')]] : []
}
const some = (term: string, value: unknown): Fact[] =>
  value === undefined || value === null || value === '' ? [] : [[term, String(value)]]

const FACTS: Record<string, (object: any) => Fact[]> = {
  Pod: ({ spec, status }: Pod) => [
    ...some(t('Machine'), spec.nodeName ?? t('none yet')),
    ...some(t('Pod IP'), status?.podIP),
    ...spec.containers.map((c): Fact => [t('Container {name}', { name: c.name }), c.image ?? '']),
    ...some(t('Restart policy'), spec.restartPolicy),
    ...some(t('Quality of service'), status?.qosClass),
  ],
  Node: ({ spec, status }: Node) => [
    ...some(t('Address'), status?.addresses?.find((a) => a.type === 'InternalIP')?.address),
    ...some(t('Pod network'), spec.podCIDR),
    ...some(
      t('Can give'),
      status?.allocatable &&
        `cpu ${status.allocatable['cpu']}, memory ${status.allocatable['memory']}, ${status.allocatable['pods']} pods`,
    ),
    ...(spec.taints ?? []).map(({ key, value, effect }): Fact => [t('Taint'), `${key}${value ? `=${value}` : ''}:${effect}`]),
  ],
  Service: ({ spec }: Service) => [
    ...some(t('Type'), spec.type),
    ...some(t('Cluster IP'), spec.clusterIP),
    ...(spec.ports ?? []).map(
      (p): Fact => [
        t('Port'),
        `${p.port} → ${p.targetPort ?? p.port}${p.nodePort ? t(', on every machine {port}', { port: p.nodePort }) : ''}`,
      ],
    ),
    ...some(
      t('Selector'),
      spec.selector &&
        Object.entries(spec.selector)
          .map(([k, v]) => `${k}=${v}`)
          .join(', '),
    ),
  ],
  Deployment: ({ spec, status, metadata }: Deployment) => [
    [t('Wanted'), String(spec.replicas ?? 1)],
    [t('Ready'), String(status?.readyReplicas ?? 0)],
    [t('Up to date'), String(status?.updatedReplicas ?? 0)],
    ...some(t('Revision'), metadata.annotations?.['deployment.kubernetes.io/revision']),
    ...some(t('Strategy'), spec.strategy?.type),
    ...(spec.template?.spec.containers ?? []).map((c): Fact => [t('Container {name}', { name: c.name }), c.image ?? '']),
  ],
  ReplicaSet: ({ spec, status, metadata }: ReplicaSet) => [
    [t('Wanted'), String(spec.replicas ?? 1)],
    [t('Ready'), String(status?.readyReplicas ?? 0)],
    ...some(t('Revision'), metadata.annotations?.['deployment.kubernetes.io/revision']),
  ],
}

export const factsOf = (object: AnyObject): Fact[] => [...(FACTS[object.kind]?.(object) ?? []), ...labels(object)]
