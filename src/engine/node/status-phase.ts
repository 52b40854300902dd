/** A pod's phase from its containers' statuses (kubelet_pods.go getPhase). */
import type { Container, ContainerStatus, Pod } from '#api/kinds.ts'
import { isSidecar } from './pod-record.ts'
import { wasReset } from './restart-all.ts'
import { restartsAfter } from './status-containers.ts'

interface Counts {
  pendingInit: number
  pendingSidecars: number
  failedForGood: number
  unknown: number
  running: number
  waiting: number
  stopped: number
  stoppedForGood: number
  succeeded: number
}

/** The exit code that a container which isn't running ended with last. */
const lastExit = (status: ContainerStatus): number | undefined =>
  status.state?.terminated
    ? status.state.terminated.exitCode
    : status.state?.waiting
      ? status.lastState?.terminated?.exitCode
      : undefined

function countInit(pod: Pod, container: Container, status: ContainerStatus | undefined, n: Counts): void {
  const exit = status ? lastExit(status) : undefined
  if (!status || status.state?.running || exit === undefined) n.pendingInit += 1
  else if (exit !== 0 && !restartsAfter(pod, container, exit) && !wasReset(status)) n.failedForGood += 1
}

function countSidecar(status: ContainerStatus | undefined, n: Counts): void {
  if (!status) n.unknown += 1
  else if (status.state?.running) {
    if (!status.started) n.pendingSidecars += 1
    n.running += 1
  } else if (lastExit(status) === undefined) {
    n.pendingSidecars += 1
    n.waiting += 1
  }
}

function countMain(pod: Pod, container: Container, status: ContainerStatus | undefined, n: Counts): void {
  if (!status) n.unknown += 1
  else if (status.state?.running) n.running += 1
  else {
    const exit = lastExit(status)
    if (exit === undefined) n.waiting += 1
    else {
      n.stopped += 1
      if (!restartsAfter(pod, container, exit) && !wasReset(status)) n.stoppedForGood += 1
      if (status.state?.terminated && exit === 0) n.succeeded += 1
    }
  }
}

/** `ended`: its containers will not be started again whatever the restart policy says. */
export function phaseOf(pod: Pod, statuses: readonly ContainerStatus[], ended: boolean, initialized: boolean): string {
  const n: Counts = {
    pendingInit: 0,
    pendingSidecars: 0,
    failedForGood: 0,
    unknown: 0,
    running: 0,
    waiting: 0,
    stopped: 0,
    stoppedForGood: 0,
    succeeded: 0,
  }
  const find = (name: string): ContainerStatus | undefined => statuses.find((s) => s.name === name)
  for (const c of pod.spec.initContainers ?? []) {
    if (isSidecar(c)) countSidecar(find(c.name), n)
    else countInit(pod, c, find(c.name), n)
  }
  for (const c of pod.spec.containers) countMain(pod, c, find(c.name), n)
  if (n.failedForGood > 0) return 'Failed'
  if (n.pendingInit > 0 || (n.pendingSidecars > 0 && !initialized) || n.waiting > 0) return 'Pending'
  if (n.running > 0 && n.unknown === 0) return 'Running'
  if (n.running === 0 && n.stopped > 0 && n.unknown === 0) {
    if (!ended && n.stopped !== n.stoppedForGood) return 'Running'
    return n.stopped === n.succeeded ? 'Succeeded' : 'Failed'
  }
  return 'Pending'
}
