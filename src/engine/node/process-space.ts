/** Which containers number their processes together: all of a Pod's (shareProcessNamespace), or one and those started beside it (targetContainerName). */
import { Disk, newDisk } from '#posix/disk.ts'
import { putFile } from '#posix/disk-paths.ts'
import { Kernel } from '#posix/kernel.ts'
import type { Ports } from '#posix/ports.ts'
import { newKernelState } from '#posix/state.ts'
import type { ContainerState } from './container.ts'
import type { KernelOwner } from './container-kernel.ts'

/** The user of the pause image. */
const PAUSE_USER = 65_535
/** Numbers that runc uses up before a container's first process has its own. */
const STAGES = 5

const spaceOf = (container: ContainerState): string => container.pidSpace ?? container.id

const mates = (container: ContainerState, siblings: readonly ContainerState[]): ContainerState[] =>
  siblings.filter((other) => other !== container && spaceOf(other) === spaceOf(container))

/** A server without a kernel keeps the numbers of those that it has started. */
function nextOf(owner: KernelOwner, container: ContainerState): number {
  if (container.kernel) return container.kernel.nextPid
  const main = container.processes.find(({ purpose }) => !purpose)
  return Math.max(container.nextPid, (main?.pid ?? 0) + (owner.image(container).titles?.later ?? 0) + 1)
}

/** The next number of the space, at least this one; nobody else gets it. */
function takeNumber(owner: KernelOwner, container: ContainerState, least: number): number {
  const others = mates(container, owner.siblings(container))
  const number = Math.max(least, ...others.map((other) => nextOf(owner, other)))
  for (const other of others) {
    if (other.kernel) other.kernel.nextPid = number + 1
    else other.nextPid = number + 1
  }
  return number
}

/** The number of a container's first process in the space it joins. */
export const firstNumber = (owner: KernelOwner, container: ContainerState): number =>
  Math.max(2, ...mates(container, owner.siblings(container)).map((other) => nextOf(owner, other))) + STAGES

/** The Pod's sandbox as its containers see it: number 1, which adopts and reaps. */
function pauseKernel({ hostname, createdAt }: ContainerState): Kernel {
  const disk = new Disk(newDisk())
  putFile(disk, '/pause', '', { mode: 0o755, mtime: createdAt })
  const mounts = [{ path: '/', disk: 'root', root: 1, readOnly: true, type: 'overlay', source: 'overlay' }]
  const state = newKernelState({ now: createdAt, hostname, mounts })
  const kernel = new Kernel(state, { output: () => {}, ended: () => {}, call: () => null, disk: () => disk }, {})
  kernel.spawn({ argv: ['/pause'], uid: PAUSE_USER, gid: PAUSE_USER, fds: {} }).state = 'wait'
  return kernel
}

/** Before the container's id in the names of other containers' disks. */
const BESIDE = 'beside/'

/** How a container's kernel meets the others of its space; `stir` lets it run soon. */
export function spacePorts(owner: KernelOwner, container: ContainerState, stir: () => void): Partial<Ports> {
  return {
    beside: () => {
      const running = mates(container, owner.siblings(container)).filter(({ state }) => state === 'running')
      const kernels = running.map((other) => owner.kernel(other).kernel)
      return container.pidSpace === container.podUid ? [pauseKernel(container), ...kernels] : kernels
    },
    diskBeside: (name) => `${BESIDE}${container.id}/${name}`,
    ...(container.pidSpace ? { number: (least: number) => takeNumber(owner, container, least) } : {}),
    stirred: stir,
  }
}

/** Another container's disk, by the name that its `diskBeside` gave: what is written there, that one notices. */
export function diskBeside(owner: KernelOwner, container: ContainerState, name: string): Disk | undefined {
  if (!name.startsWith(BESIDE)) return undefined
  const [id, own = ''] = name.slice(BESIDE.length).split('/')
  const other = owner.siblings(container).find((each) => each.id === id && each.state === 'running')
  if (!other) return new Disk(newDisk())
  const { ports } = owner.kernel(other).kernel
  const disk = ports.disk(own)
  const { changed } = disk
  disk.changed = (ino) => {
    changed?.(ino)
    ports.stirred?.()
  }
  return disk
}
