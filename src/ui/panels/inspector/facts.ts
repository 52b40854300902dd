/** The few facts per kind that one looks for first. */
import type { Deployment, Node, Pod, ReplicaSet, Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'

export type Fact = [term: string, value: string]

const labels = (object: AnyObject): Fact[] => {
  const list = Object.entries(object.metadata.labels ?? {}).map(([k, v]) => `${k}=${v}`)
  return list.length > 0 ? [['Labels', list.join('\n')]] : []
}
const some = (term: string, value: unknown): Fact[] =>
  value === undefined || value === null || value === '' ? [] : [[term, String(value)]]

const FACTS: Record<string, (object: any) => Fact[]> = {
  Pod: ({ spec, status }: Pod) => [
    ...some('Machine', spec.nodeName ?? 'none yet'),
    ...some('Pod IP', status?.podIP),
    ...spec.containers.map((c): Fact => [`Container ${c.name}`, c.image ?? '']),
    ...some('Restart policy', spec.restartPolicy),
    ...some('Quality of service', status?.qosClass),
  ],
  Node: ({ spec, status }: Node) => [
    ...some('Address', status?.addresses?.find((a) => a.type === 'InternalIP')?.address),
    ...some('Pod network', spec.podCIDR),
    ...some(
      'Can give',
      status?.allocatable &&
        `cpu ${status.allocatable['cpu']}, memory ${status.allocatable['memory']}, ${status.allocatable['pods']} pods`,
    ),
    ...(spec.taints ?? []).map((t): Fact => ['Taint', `${t.key}${t.value ? `=${t.value}` : ''}:${t.effect}`]),
  ],
  Service: ({ spec }: Service) => [
    ...some('Type', spec.type),
    ...some('Cluster IP', spec.clusterIP),
    ...(spec.ports ?? []).map(
      (p): Fact => ['Port', `${p.port} → ${p.targetPort ?? p.port}${p.nodePort ? `, on every machine ${p.nodePort}` : ''}`],
    ),
    ...some(
      'Selector',
      spec.selector &&
        Object.entries(spec.selector)
          .map(([k, v]) => `${k}=${v}`)
          .join(', '),
    ),
  ],
  Deployment: ({ spec, status, metadata }: Deployment) => [
    ['Wanted', String(spec.replicas ?? 1)],
    ['Ready', String(status?.readyReplicas ?? 0)],
    ['Up to date', String(status?.updatedReplicas ?? 0)],
    ...some('Revision', metadata.annotations?.['deployment.kubernetes.io/revision']),
    ...some('Strategy', spec.strategy?.type),
    ...(spec.template?.spec.containers ?? []).map((c): Fact => [`Container ${c.name}`, c.image ?? '']),
  ],
  ReplicaSet: ({ spec, status, metadata }: ReplicaSet) => [
    ['Wanted', String(spec.replicas ?? 1)],
    ['Ready', String(status?.readyReplicas ?? 0)],
    ...some('Revision', metadata.annotations?.['deployment.kubernetes.io/revision']),
  ],
}

export const factsOf = (object: AnyObject): Fact[] => [...(FACTS[object.kind]?.(object) ?? []), ...labels(object)]
