/** What has to be done so that a pod has what it was granted (kuberuntime_manager.go computePodResizeAction, doPodResizeAction). */
import type { Container, Pod, ResourceRequirements } from '#api/kinds.ts'
import { milliOf, wholeOf } from '#api/quantity.ts'
import { isSidecar, type PodRecord } from './pod-record.ts'
import { actuatedPod, allocatedPod, containersOf, grantedOf, type Resizing } from './resizing.ts'
import { podResources } from './resources.ts'
import type { Runtime } from './runtime.ts'

type Sized = Container & { resizePolicy?: { resourceName: string; restartPolicy: string }[] }

const MI = 1_048_576

type Amounts = readonly [cpuRequest: unknown, cpuLimit: unknown, memoryRequest: unknown, memoryLimit: unknown]

const amounts = ({ requests, limits }: ResourceRequirements): Amounts => [
  requests?.['cpu'],
  limits?.['cpu'],
  requests?.['memory'],
  limits?.['memory'],
]

/** Which of the two that can be resized differ. */
function differing(a: ResourceRequirements | null, b: ResourceRequirements | null): ('cpu' | 'memory')[] {
  const [x, y] = [amounts(a ?? {}), amounts(b ?? {})]
  return [
    ...(x[0] !== y[0] || x[1] !== y[1] ? (['cpu'] as const) : []),
    ...(x[2] !== y[2] || x[3] !== y[3] ? (['memory'] as const) : []),
  ]
}

/** Whether a running container, or the pod as a whole, has not yet what it was granted. */
export function isInProgress(
  record: PodRecord,
  resizing: Resizing,
  runtime: Runtime,
  which: 'resizable' | 'init too' = 'resizable',
): boolean {
  const { allocated, actuated } = resizing.pod
  if (allocated && actuated && differing(allocated, actuated).length > 0) return true
  const { initContainers = [], containers } = record.pod.spec
  const init = which === 'init too' ? initContainers : initContainers.filter(isSidecar)
  return [...init, ...containers].some(
    (container) =>
      runtime.get(record.slots[container.name]?.current)?.state === 'running' && toChange(record, container).length > 0,
  )
}

const toChange = (record: PodRecord, container: Container): ('cpu' | 'memory')[] =>
  differing(grantedOf(record, container), record.resizing?.actuated[container.name] ?? {})

/** What is to be done for a running container: nothing, telling the runtime, or a restart. */
export function resizeAction(record: PodRecord, container: Container): 'none' | 'update' | 'restart' {
  if (!record.resizing) return 'none'
  const differ: string[] = toChange(record, container)
  if (differ.length === 0) return 'none'
  const restarts = ((container as Sized).resizePolicy ?? []).some(
    (policy) => policy.restartPolicy === 'RestartContainer' && differ.includes(policy.resourceName),
  )
  return restarts ? 'restart' : 'update'
}

/** Whether the pod's own control group has to change. */
export const changesWhole = ({ resizing }: PodRecord): boolean =>
  resizing !== null && differing(resizing.pod.allocated, resizing.pod.actuated).length > 0

/** Gives these containers, and the pod, what they were granted; or says why that cannot be now. */
export function applyResize(record: PodRecord, names: string[], restarts: boolean, runtime: Runtime): string {
  const { resizing } = record
  if (!resizing) return ''
  const list = containersOf(record.pod).filter(({ name }) => names.includes(name))
  const error = tooSmall(record, list, restarts, runtime)
  if (error) return error
  for (const container of list) {
    const given = grantedOf(record, container)
    resizing.actuated[container.name] = given
    const state = runtime.get(record.slots[container.name]?.current)
    if (!state) continue
    const { cpu, memory } = given.limits ?? {}
    state.memoryLimitMi = memory === undefined ? 0 : wholeOf(memory) / MI
    state.cpuMost = cpu === undefined ? undefined : milliOf(cpu)
    runtime.paced(state)
  }
  resizing.pod.actuated = resizing.pod.allocated
  return ''
}

const memoryLimit = ({ limits }: ResourceRequirements): number | undefined =>
  limits?.['memory'] === undefined ? undefined : wholeOf(limits['memory'])

/** A pod's own limit: its sum only if every container has one. */
function podLimit(pod: Pod): number | undefined {
  const own = memoryLimit(pod.spec.resources ?? {})
  if (own !== undefined) return own
  const all = containersOf(pod).every(({ resources = {} }) => memoryLimit(resources) !== undefined)
  return all ? memoryLimit(podResources(pod)) : undefined
}

const isLess = (next: number | undefined, now: number | undefined): next is number =>
  next !== undefined && (now === undefined || next < now)

/** No limit may become less than what is used (validateMemoryResizeAction). */
function tooSmall(record: PodRecord, list: Container[], restarts: boolean, runtime: Runtime): string {
  const { resizing } = record
  const toMemory = list.filter((container) => toChange(record, container).includes('memory'))
  if (!resizing || (toMemory.length === 0 && !restarts)) return ''
  const used = (container: Container): number => {
    const state = runtime.get(record.slots[container.name]?.current)
    return state?.state === 'running' ? Math.round(runtime.usage(state).memoryMi * MI) : 0
  }
  const total = containersOf(record.pod).reduce((sum, container) => sum + used(container), 0)
  const errors: string[] = []
  const limit = podLimit(allocatedPod(record))
  if (isLess(limit, podLimit(actuatedPod(record))) && total >= limit) {
    errors.push(`attempting to set pod memory limit (${limit}) below current usage (${total})`)
  }
  for (const container of toMemory) {
    const next = memoryLimit(grantedOf(record, container))
    if (!isLess(next, memoryLimit(resizing.actuated[container.name] ?? {})) || used(container) < next) continue
    // The usage that Kubernetes names here is the pod's.
    errors.push(`attempting to set container "${container.name}" memory limit (${next}) below current usage (${total})`)
  }
  if (errors.length === 0) return ''
  return `cannot decrease memory limits: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}`
}
