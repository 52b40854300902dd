/** One container's end may restart all of its pod: they are removed, and everything begins again with the init containers (kuberuntime_manager.go). */
import type { Container, ContainerStatus, Pod, PodCondition } from '#api/kinds.ts'
import type { PodRecord } from './pod-record.ts'
import type { Runtime } from './runtime.ts'

const REASON = 'RestartingAllContainers'
const CONDITION = 'AllContainersRestarting'
const ACTION = 'RestartAllContainers'

/** What the first rule says that speaks of such an end. */
export const ruleFor = ({ restartPolicyRules = [] }: Container, exitCode: number): string | undefined =>
  restartPolicyRules.find(
    ({ exitCodes }) => exitCodes !== undefined && exitCodes.values.includes(exitCode) === (exitCodes.operator === 'In'),
  )?.action

const containersOf = ({ spec }: Pod): Container[] => [...(spec.initContainers ?? []), ...spec.containers]

const couldRestart = (pod: Pod): boolean =>
  containersOf(pod).some(({ restartPolicyRules = [] }) => restartPolicyRules.some(({ action }) => action === ACTION))

/** Whether a container has ended so, or its pod is at it already. */
export function restartsAll({ pod, slots }: PodRecord, runtime: Runtime): boolean {
  if (!couldRestart(pod)) return false
  const { conditions = [], initContainerStatuses = [], containerStatuses = [] } = pod.status ?? {}
  if (conditions.some(({ type, status }) => type === CONDITION && status === 'True')) return true
  const told = [...initContainerStatuses, ...containerStatuses]
  return containersOf(pod).some((container) => {
    const { name } = container
    const current = runtime.get(slots[name]?.current)
    const exits = [
      current?.state === 'exited' ? current.exitCode : undefined,
      told.find((status) => status.name === name)?.state?.terminated?.exitCode,
    ]
    return exits.some((code) => code !== undefined && ruleFor(container, code) === ACTION)
  })
}

/** Who is there to be removed: those that have caused it come last. */
export function toReset({ pod, slots }: PodRecord, runtime: Runtime): string[] {
  const isSource = (container: Container): boolean => {
    const current = runtime.get(slots[container.name]?.current)
    return current?.state === 'exited' && ruleFor(container, current.exitCode) === ACTION
  }
  const lists = [pod.spec.containers, pod.spec.initContainers ?? []]
  const ordered = [false, true].flatMap((source) => lists.flatMap((list) => list.filter((each) => isSource(each) === source)))
  return ordered.map(({ name }) => name).filter((name) => runtime.get(slots[name]?.current))
}

/** The runtime lets go of a container's instances; how often it was started is kept. */
export function reset({ slots }: PodRecord, name: string, runtime: Runtime): void {
  const slot = slots[name]
  if (!slot) return
  slot.attempts = (runtime.get(slot.current)?.attempt ?? -1) + 1
  for (const id of [slot.current, slot.previous]) runtime.remove(id)
  slot.current = null
  slot.previous = null
}

/** The status of a container that was removed. */
export const resetStatus = (status: ContainerStatus, old: ContainerStatus): ContainerStatus => {
  const message = 'The container is removed because RestartAllContainers in place'
  const ended = { exitCode: 137, reason: REASON, message, startedAt: null, finishedAt: null }
  return {
    ...status,
    lastState: { terminated: ended as never },
    restartCount: (old.restartCount ?? 0) + 1,
    state: { waiting: { reason: REASON, message } },
  }
}

export const wasReset = (status: ContainerStatus | undefined): boolean =>
  (status?.state?.terminated ?? status?.lastState?.terminated)?.reason === REASON

/** Only of pods that have such a rule. */
export function restartingCondition(
  record: PodRecord,
  runtime: Runtime,
  phase: string,
): Omit<PodCondition, 'lastTransitionTime'>[] {
  if (!couldRestart(record.pod)) return []
  const type = CONDITION
  if (phase === 'Succeeded') return [{ type, status: 'False', reason: 'PodCompleted' }]
  if (phase === 'Failed') return [{ type, status: 'False', reason: 'PodFailed' }]
  if (!restartsAll(record, runtime) || toReset(record, runtime).length === 0) return [{ type, status: 'False' }]
  const message = 'container exited with restart policy rule'
  return [{ type, status: 'True', reason: 'RestartAllContainersStarted', message }]
}
