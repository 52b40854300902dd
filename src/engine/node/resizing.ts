/** What the resources of a pod are while they are being changed: wanted (its spec), allocated (granted) and actuated (done). */
import { equal } from '#api/equal.ts'
import type { Container, Pod, PodCondition, ResourceList, ResourceRequirements } from '#api/kinds.ts'
import { later } from '../sim/later.ts'
import type { PodRecord } from './pod-record.ts'
import type { Resizer } from './resizer.ts'

/** The part of a kubelet that grants and does it. */
export const resizers = later<typeof Resizer>('resizing of pods')

/** Made when it is first needed. */
export function lateResizer(...of: ConstructorParameters<typeof Resizer>): () => Resizer {
  let made: Resizer | undefined
  return () => {
    made ??= new (resizers.get())(...of)
    return made
  }
}

/** Kept while what a pod has is not, or was just now not, what its spec says. */
export interface Resizing {
  /** What the kubelet has granted, by container, and what the runtime has been told, with the pod's limits where it has none of its own. */
  allocated: Record<string, ResourceRequirements>
  actuated: Record<string, ResourceRequirements>
  /** The same of the pod as a whole; null: it names none. */
  pod: { allocated: ResourceRequirements | null; actuated: ResourceRequirements | null }
  pending: PodCondition | null
  progress: PodCondition | null
  /** When what is pending is tried again if nothing happens before. */
  retryAt: number
}

export const containersOf = (pod: Pod): Container[] => [...(pod.spec.initContainers ?? []), ...pod.spec.containers]

/** Whether one spec asks for other amounts than the other. */
export function asksAnew(now: Pod['spec'], before: Pod['spec']): boolean {
  const same = (a: Container[] = [], b: Container[] = []): boolean =>
    a === b || a.every(({ resources }, i) => equal(resources ?? {}, b[i]?.resources ?? {}))
  const { containers, initContainers, resources } = before
  return !same(now.containers, containers) || !same(now.initContainers, initContainers) || !equal(now.resources, resources)
}

/** A container's resources as its control group has them: the pod's limits stand in for those it does not name (GetLimits). */
export function inEffect(own: ResourceRequirements, whole: ResourceRequirements | null | undefined): ResourceRequirements {
  const { cpu, memory } = whole?.limits ?? {}
  const added: ResourceList = {
    ...(cpu !== undefined && own.limits?.['cpu'] === undefined ? { cpu } : {}),
    ...(memory !== undefined && own.limits?.['memory'] === undefined ? { memory } : {}),
  }
  return Object.keys(added).length === 0 ? own : { ...own, limits: { ...own.limits, ...added } }
}

export const allocatedOf = (record: PodRecord, container: Container): ResourceRequirements =>
  record.resizing?.allocated[container.name] ?? container.resources ?? {}

const allocatedWhole = ({ pod, resizing }: PodRecord): ResourceRequirements | null | undefined =>
  resizing ? resizing.pod.allocated : pod.spec.resources

/** What a container is to have: what it was granted, under the pod's limits. */
export const grantedOf = (record: PodRecord, container: Container): ResourceRequirements =>
  inEffect(allocatedOf(record, container), allocatedWhole(record))

/** What a container's control group says. */
export const actuatedOf = (record: PodRecord, container: Container): ResourceRequirements =>
  record.resizing?.actuated[container.name] ?? inEffect(container.resources ?? {}, record.pod.spec.resources)

/** What its status says it has: what it was granted, with the amounts that are in force if it runs. */
export function reportedOf(record: PodRecord, container: Container, isRunning: boolean): ResourceRequirements {
  const granted = allocatedOf(record, container)
  const has = record.resizing?.actuated[container.name]
  if (!has || !isRunning) return granted
  const shown = { ...granted }
  for (const field of ['limits', 'requests'] as const) {
    const [list, { cpu, memory } = {}] = [granted[field], has[field]]
    if (list) shown[field] = { ...list, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) }
  }
  return shown
}

/** The pod as if it asked for what it has been granted. */
export function allocatedPod(record: PodRecord): Pod {
  const { pod, resizing } = record
  return resizing ? sized(pod, (container) => allocatedOf(record, container), resizing.pod.allocated) : pod
}
/** The pod as if it asked for what it has been given. */
export function actuatedPod(record: PodRecord): Pod {
  const { pod, resizing } = record
  return resizing ? sized(pod, (container) => reportedOf(record, container, true), resizing.pod.actuated) : pod
}

function sized(pod: Pod, of: (container: Container) => ResourceRequirements, whole: ResourceRequirements | null): Pod {
  const { initContainers, resources: _wanted, ...rest } = pod.spec
  const all = (list: Container[]): Container[] => list.map((container) => ({ ...container, resources: of(container) }))
  const spec = {
    ...rest,
    containers: all(pod.spec.containers),
    ...(initContainers ? { initContainers: all(initContainers) } : {}),
    ...(whole ? { resources: whole } : {}),
  }
  return { ...pod, spec }
}
