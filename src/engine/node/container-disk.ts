/** A container's file system: the image's files, shared by all its containers, what was written over them, and its volumes. */
import { Disk, type DiskState, newDisk } from '#posix/disk.ts'
import { makeDirs, putFile } from '#posix/disk-paths.ts'
import { DEFAULT_PATH, ELF } from '#posix/exec.ts'
import type { MountState } from '#posix/state.ts'
import { allowed, failed, type Place, type Vacancy, Vfs, type Who } from '#posix/vfs.ts'
import type { ContainerState } from './container.ts'
import type { Files, Mount } from './files.ts'
import type { Image } from './image.ts'
import { baseOf, volumeDisk } from './image-base.ts'

/** What the disks of a container are made of. */
export interface DiskSources {
  image(container: ContainerState): Image
  /** A pod's volume, as it is now. */
  volume(container: ContainerState, name: string): DiskState
  /** A file that the kubelet provides. */
  managed(container: ContainerState, path: string): string | undefined
  hostGroup(container: ContainerState, path: string): string | readonly string[] | undefined
  now(): number
}

const READ = 4
const WRITE = 2
const SETGID = 0o2000
const MANAGED = ['/etc/hosts', '/etc/hostname', '/etc/resolv.conf']

/** The container's own disk; `keep`: it is to be written to, so that it stays. */
export function rootDisk(container: ContainerState, sources: DiskSources, keep: boolean): Disk {
  const base = baseOf(sources.image(container))
  if (!container.disk && keep) {
    container.disk = newDisk('image')
    const disk = new Disk(container.disk, base)
    for (const path of MANAGED) {
      const text = sources.managed(container, path)
      if (text !== undefined) putFile(disk, path, text, { mtime: container.startedAt || sources.now() })
    }
    if (container.cwd) makeDirs(disk, container.cwd)
    mountPoints(container, sources)
    putFile(disk, container.messagePath || '/dev/termination-log', '', { mode: 0o666, mtime: container.startedAt })
  }
  return new Disk(container.disk ?? newDisk('image'), base)
}

export function mountsOf(container: ContainerState): MountState[] {
  const proc = { disk: '', root: 0, readOnly: false }
  return [
    { path: '/', disk: 'root', root: 1, readOnly: container.readOnlyRoot, type: 'overlay', source: 'overlay' },
    { path: '/proc', ...proc, type: 'proc', source: 'proc' },
    { path: '/sys/fs/cgroup', ...proc, readOnly: true, type: 'cgroup2', source: 'cgroup' },
    ...container.mounts.map((mount) => mountOf(container, mount)),
  ]
}

function mountOf({ memoryVolumes }: ContainerState, { path, volume, readOnly, root, device, group }: Mount): MountState {
  const at = path.length > 1 ? path.replace(/\/+$/, '') : path
  if (group !== undefined) return { path: at, disk: '', root: 0, readOnly, type: 'cgroup2', source: 'cgroup', host: true }
  if (device) return { path: at, disk: `volume:${volume}`, root, readOnly, type: 'device', source: volume }
  const size = memoryVolumes?.[volume]
  const kind = size === undefined ? { type: 'ext4', source: '/dev/vda1' } : { type: 'tmpfs', source: 'tmpfs', size }
  return { path: at, disk: `volume:${volume}`, root, readOnly, ...kind }
}

/** The disk behind a mount's name. */
export function diskNamed(container: ContainerState, sources: DiskSources, name: string, keep: boolean): Disk {
  if (name === 'root') return rootDisk(container, sources, keep)
  return volumeDisk(sources.volume(container, name.replace(/^volume:/, '')))
}

/** The directories that lead to what is mounted are made, be it in another volume. */
function mountPoints(container: ContainerState, sources: DiskSources): void {
  const vfs = vfsOf(container, sources, true)
  const mtime = container.startedAt || sources.now()
  for (const { path } of container.mounts) {
    const names = path.split('/').filter(Boolean)
    for (let i = 1; i < names.length; i++) {
      const above = vfs.at(`/${names.slice(0, i - 1).join('/')}`, null)
      const name = names[i - 1] as string
      if (failed(above) || !above.disk || above.node.k !== 'd') break
      if (above.disk.lookup(above.ino, name) !== undefined || vfs.mountAt(`/${names.slice(0, i).join('/')}`)) continue
      above.disk.add(above.ino, name, { k: 'd', mode: 0o755, uid: 0, gid: 0, mtime, entries: {} })
    }
  }
}

function vfsOf(container: ContainerState, sources: DiskSources, keep: boolean): Vfs<Who> {
  return new Vfs<Who>(
    container.kernel?.mounts ?? mountsOf(container),
    (name) => diskNamed(container, sources, name, keep),
    () => undefined,
  )
}

/** Whether a command's first word names something that can be run. */
export function executable(container: ContainerState, sources: DiskSources, word: string): 'native' | 'program' | null {
  const vfs = vfsOf(container, sources, false)
  const paths = word.includes('/')
    ? [word]
    : (container.env['PATH'] ?? DEFAULT_PATH).split(':').map((folder) => `${folder}/${word}`)
  for (const path of paths) {
    const place = vfs.at(path, null, true, container.cwd || '/')
    if (failed(place) || place.node.k !== 'f' || !allowed(place.node, null, 1)) continue
    return place.node.data.startsWith(`${ELF}server`) ? 'native' : 'program'
  }
  return null
}

/** Files by path, as the container's user may see them, or the kubelet; directories above are there already. */
export class DiskFiles implements Files {
  readonly #container: ContainerState
  readonly #sources: DiskSources
  readonly #changed: () => void
  readonly #who: Who | null

  constructor(container: ContainerState, sources: DiskSources, changed: () => void, user: 'its own' | 'kubelet') {
    this.#container = container
    this.#sources = sources
    this.#changed = changed
    const { user: uid, gid = 0, groups = [], cwd = '/' } = container
    this.#who = user === 'kubelet' ? null : { uid, gid, groups, cwd }
  }

  #find(path: string, bit: number): Place | string {
    const place = vfsOf(this.#container, this.#sources, false).at(path, this.#who)
    return failed(place) || allowed(place.node, this.#who, bit) ? place : 'Permission denied'
  }
  #at(path: string, bit = 0): Place | undefined {
    const found = this.#find(path, bit)
    return typeof found === 'string' ? undefined : found
  }

  read(path: string): string | undefined {
    if (!this.#container.disk && MANAGED.includes(path) && !this.#container.mounts.some((mount) => mount.path === path)) {
      const managed = this.#sources.managed(this.#container, path)
      if (managed !== undefined) return managed
    }
    const node = this.#at(path, READ)?.node
    return node?.k === 'f' ? node.data : undefined
  }
  unreadable(path: string): string {
    const found = this.#find(path, READ)
    if (typeof found === 'string') return found
    return found.node.k === 'd' ? 'Is a directory' : ''
  }

  stat(path: string): { kind: string; mode: number; uid: number; gid: number } | string {
    const found = vfsOf(this.#container, this.#sources, false).at(path, this.#who)
    return failed(found) ? found : { kind: found.node.k, mode: found.node.mode, uid: found.node.uid, gid: found.node.gid }
  }

  write(path: string, content: string, mode = 0o644): string {
    const found = vfsOf(this.#container, this.#sources, true).walk(path, this.#who)
    if (failed(found)) return found
    if (found.readOnly) return 'Read-only file system'
    if (!('node' in found)) return this.#add(found, { k: 'f', data: content }, mode)
    if (found.node.k !== 'f' || !found.disk) return 'Is a directory'
    if (!allowed(found.node, this.#who, WRITE)) return 'Permission denied'
    if (found.node.data !== content) Object.assign(found.disk.edit(found.ino), { data: content, mtime: this.#sources.now() })
    this.#changed()
    return ''
  }

  makeDirectory(path: string, mode: number): string {
    const found = vfsOf(this.#container, this.#sources, true).walk(path, this.#who)
    if (failed(found)) return found
    if (found.readOnly) return 'Read-only file system'
    return 'node' in found ? 'File exists' : this.#add(found, { k: 'd', entries: {} }, mode)
  }

  #add({ disk, parent, name }: Vacancy, made: { k: 'f'; data: string } | { k: 'd'; entries: {} }, mode: number): string {
    const dir = disk.dir(parent)
    if (!dir || !allowed(dir, this.#who, WRITE)) return 'Permission denied'
    const { uid, gid } = this.#who ?? { uid: 0, gid: 0 }
    const group = dir.mode & SETGID ? dir.gid : gid
    disk.add(parent, name, { ...made, mode, uid, gid: group, mtime: this.#sources.now() })
    this.#changed()
    return ''
  }

  isDirectory(path: string): boolean {
    return this.#at(path)?.node.k === 'd'
  }

  list(path: string): string[] | undefined {
    const vfs = vfsOf(this.#container, this.#sources, false)
    const place = vfs.at(path, this.#who)
    return failed(place) || place.node.k !== 'd' || !allowed(place.node, this.#who, READ) ? undefined : vfs.names(place)
  }
}
