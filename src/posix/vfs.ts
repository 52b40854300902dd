/** Paths: walks the mounted disks as one tree, with links, permissions and the system's words for what goes wrong. */
import { type DirNode, type Disk, type Node, ROOT } from './disk.ts'
import type { MountState, Proc } from './state.ts'

/** The words of errno; expected failures are values. */
export type Errno =
  | 'No such file or directory'
  | 'Not a directory'
  | 'Is a directory'
  | 'Permission denied'
  | 'Operation not permitted'
  | 'File exists'
  | 'Directory not empty'
  | 'Read-only file system'
  | 'Too many levels of symbolic links'
  | 'Invalid argument'
  | 'Bad file descriptor'
  | 'Device or resource busy'
  | 'No such device or address'
  | 'File too large'
  | 'No space left on device'
  | 'Invalid cross-device link'
  | 'Inappropriate ioctl for device'
  | 'File name too long'

export interface Place {
  path: string
  node: Node
  /** Where the node is kept; null: it is made up on the way (`/proc`). */
  disk: Disk | null
  diskName: string
  ino: number
  /** Of the directory it stands in. */
  parent: number
  name: string
  readOnly: boolean
}

/** A place that is free: its directory is there. */
export interface Vacancy {
  path: string
  disk: Disk
  diskName: string
  parent: number
  name: string
  readOnly: boolean
}

/** Who asks, as far as permissions go; null in its place: somebody who may everything. */
export type Who = Pick<Proc, 'uid' | 'gid' | 'groups' | 'cwd'>

/** Files that are made up when they are looked at. */
export type Virtual<P extends Who> = (path: string, asking: P | null) => Node | undefined

/** A directory that is there for what is mounted below it. */
const POINT: Node = { k: 'd', mode: 0o755, uid: 0, gid: 0, mtime: 0, entries: {} }
const POINTS = 'points'

const LINKS = 40

export function normalPath(path: string, from = '/'): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${from}/${path}`).split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

export const failed = <T>(value: T | Errno): value is Errno => typeof value === 'string'

/** Whether a process may read (4), write (2) or enter (1). */
export function allowed(node: Node, proc: Who | null, bit: number): boolean {
  if (proc === null || proc.uid === 0) return proc === null || bit !== 1 || node.k === 'd' || (node.mode & 0o111) !== 0
  if (node.uid === proc.uid) return ((node.mode >> 6) & bit) !== 0
  if (node.gid === proc.gid || proc.groups.includes(node.gid)) return ((node.mode >> 3) & bit) !== 0
  return (node.mode & bit) !== 0
}

/** Index of the last part that is not empty. */
function lastPart(parts: readonly string[]): number {
  let at = parts.length - 1
  while (at >= 0 && parts[at] === '') at--
  return at
}

export class Vfs<P extends Who = Proc> {
  readonly mounts: MountState[]
  readonly #disk: (name: string) => Disk
  readonly #virtual: Virtual<P>

  constructor(mounts: MountState[], disk: (name: string) => Disk, virtual: Virtual<P>) {
    this.mounts = mounts
    this.#disk = disk
    this.#virtual = virtual
  }

  mountAt(path: string): MountState | undefined {
    if (this.mounts.length === 1) return path === '/' ? this.mounts[0] : undefined
    // The last one mounted covers those before.
    for (let i = this.mounts.length - 1; i >= 0; i--) if (this.mounts[i]?.path === path) return this.mounts[i]
    return undefined
  }
  disk(name: string): Disk {
    return this.#disk(name)
  }

  #mounted(mount: MountState, path: string, parent: number, name: string): Place | Errno {
    const disk = this.#disk(mount.disk)
    const node = disk.get(mount.root)
    if (!node) return 'No such file or directory'
    return { path, node, disk, diskName: mount.disk, ino: mount.root, parent, name, readOnly: mount.readOnly }
  }

  #child(dir: Place, name: string, asking: P | null): Place | Errno {
    const path = dir.path === '/' ? `/${name}` : `${dir.path}/${name}`
    const mount = this.mountAt(path)
    if (mount) {
      if (mount.type === 'proc' || mount.type === 'cgroup2') return this.#made(path, name, asking)
      return this.#mounted(mount, path, dir.ino, name)
    }
    if (dir.disk === null && dir.diskName !== POINTS) return this.#made(path, name, asking)
    const ino = dir.disk?.lookup(dir.ino, name)
    const node = ino === undefined ? undefined : dir.disk?.get(ino)
    if (ino === undefined || !node) return this.#point(path, name)
    const { disk, diskName, readOnly } = dir
    return { path, node, disk, diskName, ino, parent: dir.ino, name, readOnly }
  }

  /** What is mounted has its place, even before the disk knows the directories that lead there. */
  #point(path: string, name: string): Place | Errno {
    const below = `${path}/`
    if (!this.mounts.some((mount) => mount.path.startsWith(below))) return 'No such file or directory'
    return { path, node: POINT, disk: null, diskName: POINTS, ino: 0, parent: 0, name, readOnly: true }
  }

  #made(path: string, name: string, asking: P | null): Place | Errno {
    const node = this.#virtual(path, asking)
    if (!node) return 'No such file or directory'
    return { path, node, disk: null, diskName: 'proc', ino: 0, parent: 0, name, readOnly: true }
  }

  root(): Place {
    const mount = this.mountAt('/') as MountState
    return this.#mounted(mount, '/', ROOT, '/') as Place
  }

  /** What a path leads to. `follow`: through a link that is its last part. */
  at(path: string, proc: P | null, follow = true, cwd = proc?.cwd ?? '/'): Place | Errno {
    const found = this.walk(path, proc, follow, cwd)
    if (failed(found)) return found
    return 'node' in found ? found : 'No such file or directory'
  }

  /** A place, or the vacancy where it could be made. */
  walk(path: string, proc: P | null, follow = true, cwd = proc?.cwd ?? '/'): Place | Vacancy | Errno {
    if (path === '') return 'No such file or directory'
    const todo = (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')
    let end = lastPart(todo)
    let trail: Place[] = [this.root()]
    let links = 0
    for (let i = 0; i < todo.length; i++) {
      const part = todo[i] as string
      if (part === '' || part === '.') continue
      const here = trail.at(-1) as Place
      if (here.node.k !== 'd') return 'Not a directory'
      if (part === '..') {
        if (trail.length > 1) trail.pop()
        continue
      }
      if (part.length > 255) return 'File name too long'
      if (!allowed(here.node, proc, 1)) return 'Permission denied'
      const next = this.#child(here, part, proc)
      const last = i === end
      if (failed(next)) {
        if (next !== 'No such file or directory' || !last || here.disk === null) return next
        return {
          path: here.path === '/' ? `/${part}` : `${here.path}/${part}`,
          disk: here.disk,
          diskName: here.diskName,
          parent: here.ino,
          name: part,
          readOnly: here.readOnly,
        }
      }
      if (next.node.k === 'l' && (follow || !last || todo.length > i + 1)) {
        if (++links > LINKS) return 'Too many levels of symbolic links'
        const { target } = next.node
        todo.splice(0, i + 1, ...target.split('/'))
        if (target.startsWith('/')) trail = [this.root()]
        i = -1
        end = lastPart(todo)
        continue
      }
      trail.push(next)
    }
    const found = trail.at(-1) as Place
    if (path.endsWith('/') && found.node.k !== 'd') return 'Not a directory'
    return found
  }

  /** Names in a directory, those of mounts among them. */
  names(place: Place): string[] {
    const names = place.disk ? place.disk.names(place.ino) : Object.keys((place.node as DirNode).entries)
    const prefix = place.path === '/' ? '/' : `${place.path}/`
    for (const { path } of this.mounts) {
      if (path === '/' || !path.startsWith(prefix)) continue
      const [name = ''] = path.slice(prefix.length).split('/')
      if (name !== '' && !names.includes(name)) names.push(name)
    }
    return names.sort()
  }

  /** The mount a path lies on. */
  mountOf(path: string): MountState {
    let best = this.mountAt('/') as MountState
    for (const mount of this.mounts) {
      if ((path === mount.path || path.startsWith(`${mount.path}/`)) && mount.path.length >= best.path.length) best = mount
    }
    return best
  }
}
