/** Container statuses from what the runtime holds (kubelet_pods.go convertToAPIContainerStatuses). */
import type { ContainerState as ApiState, Container, ContainerStatus, Pod } from '#api/kinds.ts'
import { formatTime } from '#api/time.ts'
import type { ContainerState } from './container.ts'
import { isSidecar, type PodRecord } from './pod-record.ts'
import { allocatedOf, reportedOf } from './resizing.ts'
import { resetStatus, restartsAll, ruleFor } from './restart-all.ts'
import type { Runtime } from './runtime.ts'

/** Answers of the probes about the running instance. */
export interface ProbeView {
  started(record: PodRecord, container: Container, id: string): boolean
  ready(record: PodRecord, container: Container, id: string): boolean
}

export type CurrentOf = (name: string) => ContainerState | undefined

const terminated = (c: ContainerState): ApiState => ({
  terminated: {
    exitCode: c.exitCode,
    reason: c.reason,
    ...(c.message ? { message: c.message } : {}),
    startedAt: formatTime(c.startedAt),
    finishedAt: formatTime(c.finishedAt),
    containerID: `containerd://${c.id}`,
  },
})

function stateOf(c: ContainerState): ApiState {
  if (c.state === 'running') return { running: { startedAt: formatTime(c.startedAt) } }
  return c.state === 'exited' ? terminated(c) : { waiting: {} }
}

/** Whether a container that does not run will be started (again) by the next sync (ShouldContainerBeRestarted). */
export function shouldRestart(pod: Pod, container: Container, current: ContainerState | undefined): boolean {
  if (pod.metadata.deletionTimestamp) return false
  if (!current) return true
  if (current.state !== 'exited') return false
  return restartsAfter(pod, container, current.exitCode)
}

/** Whether the restart policies bring a container back that ended so. */
export function restartsAfter(pod: Pod, container: Container, exitCode: number): boolean {
  if (ruleFor(container, exitCode)) return true
  const own = container.restartPolicy
  const isInit = pod.spec.initContainers?.some((c) => c.name === container.name) ?? false
  const policy = own ?? (isInit && pod.spec.restartPolicy === 'Always' ? 'OnFailure' : pod.spec.restartPolicy)
  if (policy === 'Never') return false
  return policy === 'OnFailure' ? exitCode !== 0 : true
}

const mountsKnown = new WeakMap<Container, unknown[]>()

/** `volumeMounts` of the status: the spec's, with what became of recursive read-only. */
function mountStatuses(container: Container): unknown[] | undefined {
  if (!container.volumeMounts || container.volumeMounts.length === 0) return undefined
  let list = mountsKnown.get(container)
  if (!list) {
    list = container.volumeMounts.map((mount) => ({
      name: mount.name,
      mountPath: mount.mountPath,
      ...(mount.readOnly
        ? {
            readOnly: true,
            recursiveReadOnly: /^(Enabled|IfPossible)$/.test(mount.recursiveReadOnly ?? '') ? 'Enabled' : 'Disabled',
          }
        : {}),
    }))
    mountsKnown.set(container, list)
  }
  return list
}

function userOf(pod: Pod, container: Container, c: ContainerState): unknown {
  const own = (container.securityContext ?? {}) as Record<string, any>
  const all = (pod.spec.securityContext ?? {}) as Record<string, any>
  const uid: number = own['runAsUser'] ?? all['runAsUser'] ?? c.user
  const gid: number = own['runAsGroup'] ?? all['runAsGroup'] ?? c.gid ?? 0
  const groups = [
    ...new Set<number>([
      gid,
      ...((all['supplementalGroups'] as number[]) ?? []),
      ...(all['fsGroup'] !== undefined ? [all['fsGroup']] : []),
      ...(c.groups ?? []),
    ]),
  ]
  return { linux: { gid, supplementalGroups: groups.sort((a, b) => a - b), uid } }
}

function created(
  record: PodRecord,
  container: Container,
  c: ContainerState,
  runtime: Runtime,
  old: ContainerStatus | undefined,
): ContainerStatus {
  const { name } = container
  const previous = runtime.get(record.slots[name]?.previous)
  const { requests } = allocatedOf(record, container)
  return {
    name,
    ...(requests && Object.keys(requests).length > 0 ? { allocatedResources: requests } : {}),
    containerID: `containerd://${c.id}`,
    image: c.image,
    imageID: c.imageId,
    lastState: previous?.state === 'exited' ? terminated(previous) : lastOf(old, c.id),
    ready: false,
    resources: reportedOf(record, container, c.state === 'running'),
    restartCount: c.attempt,
    started: false,
    state: stateOf(c),
    user: userOf(record.pod, container, c),
    ...volumeMounts(container),
  }
}

/** The end of the run before, from what was reported: the runtime may have removed it. */
const lastOf = (old: ContainerStatus | undefined, id: string): ApiState =>
  old?.containerID !== `containerd://${id}` && old?.state?.terminated ? old.state : (old?.lastState ?? {})

const volumeMounts = (container: Container): { volumeMounts?: unknown[] } => {
  const list = mountStatuses(container)
  return list ? { volumeMounts: list } : {}
}

function waiting(container: Container, old: ContainerStatus | undefined, reason: string): ContainerStatus {
  return {
    name: container.name,
    image: container.image ?? '',
    imageID: '',
    lastState: old?.lastState ?? {},
    ready: false,
    restartCount: old?.restartCount ?? 0,
    started: false,
    state: { waiting: { reason } },
    ...volumeMounts(container),
  }
}

/** Statuses of one list of the spec's containers: in its order for those that come first, else by name. */
export function containerStatuses(
  record: PodRecord,
  list: readonly Container[],
  kind: 'init' | 'main' | 'ephemeral',
  runtime: Runtime,
  probes: ProbeView,
): ContainerStatus[] {
  const { pod } = record
  const field = kind === 'init' ? 'initContainerStatuses' : kind === 'main' ? 'containerStatuses' : 'ephemeralContainerStatuses'
  const previous = pod.status?.[field] ?? []
  const first = (pod.spec.initContainers?.length ?? 0) > 0 ? 'PodInitializing' : 'ContainerCreating'
  const isReset = restartsAll(record, runtime)
  const ordered = kind === 'init' || list.length < 2 ? list : [...list].sort((a, b) => (a.name < b.name ? -1 : 1))
  return ordered.map((container) => {
    const { name } = container
    const current = runtime.get(record.slots[name]?.current)
    const old = previous.find((status) => status.name === name)
    let status: ContainerStatus
    if (current) status = created(record, container, current, runtime, old)
    else if (isReset && kind !== 'ephemeral' && old?.state && !old.state.waiting)
      status = resetStatus(waiting(container, old, first), old)
    else status = old?.state?.terminated ? old : waiting(container, old, first)
    status = withReason(record, container, status, current, kind)
    return withProbes(record, container, status, current, kind, probes)
  })
}

/** A container that the last sync could not start shows why. */
function withReason(
  record: PodRecord,
  container: Container,
  status: ContainerStatus,
  current: ContainerState | undefined,
  kind: string,
): ContainerStatus {
  if (kind === 'init' && current?.state === 'exited' && current.exitCode === 0 && !isSidecar(container)) return status
  const reason = record.reasons[container.name]
  if (!reason || !shouldRestart(record.pod, container, current)) return status
  return {
    ...status,
    ...(status.state?.terminated ? { lastState: status.state } : {}),
    state: { waiting: { reason: reason.reason, ...(reason.message ? { message: reason.message } : {}) } },
  }
}

function withProbes(
  record: PodRecord,
  container: Container,
  status: ContainerStatus,
  current: ContainerState | undefined,
  kind: string,
  probes: ProbeView,
): ContainerStatus {
  const running = current?.state === 'running' && status.state?.running !== undefined
  const started = running && probes.started(record, container, current.id)
  // Nobody probes it, nor says that it has started.
  if (kind === 'ephemeral') {
    const { started: _never, ...told } = status
    return { ...told, ready: false }
  }
  if (kind === 'init' && !isSidecar(container)) {
    return { ...status, started, ready: status.state?.terminated?.exitCode === 0 }
  }
  return { ...status, started, ready: started && running && probes.ready(record, container, current.id) }
}
