/** Processes of several kernels under one numbering: containers that share a process namespace see, signal and look into each other. */
import type { Kernel } from './kernel.ts'
import { may } from './privileges.ts'
import type { MountState, Proc } from './state.ts'
import { type Errno, normalPath, type Place, type Vacancy, Vfs, type Virtual } from './vfs.ts'

/** A process, and the kernel that lets it run. */
export interface Seen {
  kernel: Kernel
  proc: Proc
}

/** All processes that a kernel's own may see, by number. */
export function everyone(kernel: Kernel): Proc[] {
  const others = kernel.ports.beside?.() ?? []
  return [...kernel.state.procs, ...others.flatMap(({ state }) => state.procs)].sort((a, b) => a.pid - b.pid)
}

export function seen(kernel: Kernel, pid: number): Seen | undefined {
  for (const each of [kernel, ...(kernel.ports.beside?.() ?? [])]) {
    const proc = each.find(pid)
    if (proc) return { kernel: each, proc }
  }
  return undefined
}

/** Sends a signal to a process, wherever it lives; permissions are the sender's business. */
export function signalSeen(kernel: Kernel, target: Proc, signal: string, from: Proc): void {
  const owner = kernel.state.procs.includes(target) ? kernel : seen(kernel, target.pid)?.kernel
  owner?.signal(target, signal, from)
  if (owner !== kernel) owner?.ports.stirred?.()
}

/** Whether one may look into the other's files and memory (ptrace_may_access): its own user, and nothing that it may not itself. */
function mayInspect(kernel: Kernel, asking: Proc, target: Seen): boolean {
  if (may(kernel, asking, 'SYS_PTRACE')) return true
  if (asking.uid !== target.proc.uid || asking.gid !== target.proc.gid) return false
  const [mine, its] = [kernel, target.kernel].map(({ state }) => state.privileges?.capabilities ?? Number.MAX_SAFE_INTEGER)
  return asking.uid !== 0 || mine === its
}

/** What of another's process only those see who may look into it. */
const PRIVATE = /^\/proc\/(\d+)\/(?:environ|cwd|root|exe|fd)(?:\/|$)/
const ROOT = /^\/proc\/(\d+)\/root(\/.*)?$/

/** The tree that a kernel's processes walk: with the files of others below `/proc/PID/root`, as the mounts they are there. */
export class SharedVfs extends Vfs {
  readonly #kernel: Kernel

  constructor(kernel: Kernel, virtual: Virtual<Proc>) {
    super(kernel.state.mounts, (name) => kernel.ports.disk(name), virtual)
    this.#kernel = kernel
  }

  override walk(path: string, proc: Proc | null, follow = true, cwd = proc?.cwd ?? '/'): Place | Vacancy | Errno {
    if (proc && (path.startsWith('/proc/') || cwd.startsWith('/proc'))) {
      const pid = PRIVATE.exec(normalPath(path, cwd))?.[1]
      const found = pid === undefined ? undefined : seen(this.#kernel, Number(pid))
      if (found && found.kernel !== this.#kernel && !mayInspect(this.#kernel, proc, found)) return 'Permission denied'
    }
    return super.walk(path, proc, follow, cwd)
  }

  #beside(path: string): { owner: Kernel; prefix: string; rest: string } | undefined {
    const [, pid = '', rest = '/'] = ROOT.exec(path) ?? []
    const found = pid === '' ? undefined : seen(this.#kernel, Number(pid))
    if (!found || found.kernel === this.#kernel) return undefined
    return { owner: found.kernel, prefix: `/proc/${pid}/root`, rest }
  }

  override mountAt(path: string): MountState | undefined {
    const own = super.mountAt(path)
    const there = own || !path.startsWith('/proc/') ? undefined : this.#beside(path)
    const mount = there?.owner.vfs.mountAt(there.rest)
    return there && mount ? { ...mount, path, disk: there.owner.ports.diskBeside?.(mount.disk) ?? mount.disk } : own
  }

  override names(place: Place): string[] {
    const there = place.path.startsWith('/proc/') ? this.#beside(place.path) : undefined
    if (!there) return super.names(place)
    return there.owner.vfs.names({ ...place, path: there.rest })
  }
}
