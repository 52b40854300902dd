/** What the runtime needs from its kubelet, and what it is given and gives back. */
import type { DiskState } from '#posix/disk.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import type { ContainerState, ProcessState } from './container.ts'
import type { Resolved } from './context.ts'
import type { CpuRank } from './cpu-scarcity.ts'

/** What the runtime needs from its kubelet. */
export interface RuntimeOwner {
  readonly part: string
  readonly nodeName: string
  /** Milli-CPU that the machine has for containers. */
  readonly processors: number
  rank(container: ContainerState): CpuRank
  /** Process 1 runs. */
  started(container: ContainerState): void
  /** Process 1 ended. */
  exited(container: ContainerState): void
  /** A command executed in the container ended. */
  executed(container: ContainerState, process: ProcessState, code: number): void
  /** Output for the client of a stream. */
  send(stream: number, to: 'stdout' | 'stderr', text: string): void
  /** Something for the client of a connection from outside, or (null) its end. */
  say(connection: string, text: string | null): void
  /** Process 1 has written something into its log. */
  logged(container: ContainerState): void
  /** Some container uses more memory, or less. */
  memory(): void
  /** The machine lost its power while it ran. */
  crashed(container: ContainerState): void
  /** Something in the container changed that may change what probes find. */
  changed(container: ContainerState): void
  /** The running containers of its pod. */
  siblings(container: ContainerState): ContainerState[]
  /** Files of a pod's volume, changed in place. */
  volume(podUid: string, name: string): DiskState
  /** A file that the kubelet provides in its pod's containers. */
  managedFile(container: ContainerState, path: string): string | undefined
  /** Of the machine's control groups: the names in one, or the text of a file. */
  hostGroup(container: ContainerState, path: string): string | readonly string[] | undefined
  fetch(container: ContainerState, host: string, port: number, request: HttpRequest): HttpOutcome
  resolve(container: ContainerState, name: string): string[]
  lookUp(container: ContainerState, name: string, type: string): Resolved
}

export type NewContainer = Omit<
  ContainerState,
  | 'state'
  | 'createdAt'
  | 'startedAt'
  | 'finishedAt'
  | 'exitCode'
  | 'reason'
  | 'message'
  | 'processes'
  | 'nextPid'
  | 'disk'
  | 'kernel'
  | 'kernelTimer'
  | 'logs'
  | 'partial'
  | 'hits'
  | 'visits'
  | 'memoryMi'
  | 'attached'
  | 'followers'
>

/** How a command that was run at once came to its end. */
export type RunEnd = { end: 'exit' | 'timeout' | 'error'; code: number; output: string; errors: string; ms: number }
