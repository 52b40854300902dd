/** The state of a container's kernel when it begins. */
import { type KernelState, newKernelState } from '#posix/state.ts'
import type { ContainerState } from './container.ts'
import { mountsOf } from './container-disk.ts'

export const bootedKernel = (container: ContainerState, seed: number, now: number): KernelState =>
  newKernelState({
    now,
    seed,
    hostname: container.hostname,
    mounts: mountsOf(container),
    memoryLimit: container.memoryLimitMi * 1_048_576,
    privileges: container.privileges,
    first: container.processes.find(({ purpose }) => !purpose)?.pid ?? container.nextPid,
  })
