/** A container's file system: the image's files, shared by all its containers, what was written over them, and its volumes. */
import { type Base, Disk, type DiskState, newDisk } from '#posix/disk.ts'
import { makeDirs, putFile } from '#posix/disk-paths.ts'
import { DEFAULT_PATH, ELF } from '#posix/exec.ts'
import { appletNames, otherNames } from '#posix/names.ts'
import { appletPath, makeBase } from '#posix/skeleton.ts'
import type { MountState } from '#posix/state.ts'
import { allowed, failed, type Place, Vfs } from '#posix/vfs.ts'
import type { ContainerState } from './container.ts'
import type { Files } from './files.ts'
import type { Image } from './image.ts'
import { serverWords } from './programs/command-line.ts'

/** What the disks of a container are made of. */
export interface DiskSources {
  image(container: ContainerState): Image
  /** A pod's volume, as it is now. */
  volume(container: ContainerState, name: string): DiskState
  /** A file that the kubelet provides. */
  managed(container: ContainerState, path: string): string | undefined
  now(): number
}

const bases = new Map<Image, Base>()
/** What the shell VM brings itself: no image's servers. */
const PROGRAMS = new Set([...appletNames, ...otherNames])

/** Where an image keeps a program of its own. */
function programPath(word: string): string {
  if (word.startsWith('/')) return word
  return word.startsWith('./') ? word.slice(1) : `/usr/local/bin/${word}`
}

/** The image's tree, made once. */
export function baseOf(image: Image): Base {
  let base = bases.get(image)
  if (base) return base
  const shell = image.shell !== false
  const programs: Record<string, string> = {}
  for (const name of Object.keys(image.commands ?? {})) programs[programPath(name)] = `command:${name}`
  for (const word of serverWords(image)) {
    const name = word.slice(word.lastIndexOf('/') + 1)
    if (PROGRAMS.has(name)) continue
    programs[programPath(word)] = 'server'
  }
  for (const name of image.extras ?? []) programs[name === 'bash' ? '/bin/bash' : `/usr/bin/${name}`] = name
  const files = Object.fromEntries(Object.entries(image.files ?? {}).filter(([path]) => programs[path] === undefined))
  base = makeBase({
    applets: shell ? appletNames : [],
    ...(shell ? { busybox: '/bin/busybox' } : {}),
    files,
    programs,
    users: shell,
  })
  bases.set(image, base)
  return base
}

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
    ...container.mounts.map(({ path, volume, readOnly, root }) => ({
      path: path.length > 1 ? path.replace(/\/+$/, '') : path,
      disk: `volume:${volume}`,
      root,
      readOnly,
      type: container.memoryVolumes?.includes(volume) ? 'tmpfs' : 'ext4',
      source: container.memoryVolumes?.includes(volume) ? 'tmpfs' : '/dev/vda1',
    })),
  ]
}

/** The disk behind a mount's name. */
export function diskNamed(container: ContainerState, sources: DiskSources, name: string, keep: boolean): Disk {
  if (name === 'root') return rootDisk(container, sources, keep)
  return new Disk(sources.volume(container, name.replace(/^volume:/, '')))
}

function vfsOf(container: ContainerState, sources: DiskSources, keep: boolean): Vfs {
  return new Vfs(
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

/** Files by path, as servers see them; directories above are there already. */
export class DiskFiles implements Files {
  readonly #container: ContainerState
  readonly #sources: DiskSources
  readonly #changed: () => void

  constructor(container: ContainerState, sources: DiskSources, changed: () => void) {
    this.#container = container
    this.#sources = sources
    this.#changed = changed
  }

  #at(path: string, follow = true): Place | undefined {
    const place = vfsOf(this.#container, this.#sources, false).at(path, null, follow)
    return failed(place) ? undefined : place
  }

  read(path: string): string | undefined {
    if (!this.#container.disk && MANAGED.includes(path)) {
      const managed = this.#sources.managed(this.#container, path)
      if (managed !== undefined) return managed
    }
    const node = this.#at(path)?.node
    return node?.k === 'f' ? node.data : undefined
  }

  stat(path: string): { kind: string; mode: number; uid: number; gid: number } | undefined {
    const node = this.#at(path, false)?.node
    return node && { kind: node.k, mode: node.mode, uid: node.uid, gid: node.gid }
  }

  write(path: string, content: string, mode = 0o644, uid = 0): string {
    const found = vfsOf(this.#container, this.#sources, true).walk(path, null)
    if (failed(found)) return found
    if (found.readOnly) return 'Read-only file system'
    const mtime = this.#sources.now()
    if (!('node' in found)) found.disk.add(found.parent, found.name, { k: 'f', data: content, mode, uid, gid: 0, mtime })
    else if (found.node.k !== 'f' || !found.disk) return 'Is a directory'
    else if (found.node.data !== content) Object.assign(found.disk.edit(found.ino), { data: content, mtime })
    this.#changed()
    return ''
  }

  remove(path: string): boolean {
    const place = vfsOf(this.#container, this.#sources, true).at(path, null, false)
    if (failed(place) || !place.disk || place.readOnly) return false
    place.disk.removeTree(place.parent, place.name, this.#sources.now())
    this.#changed()
    return true
  }

  isDirectory(path: string): boolean {
    return this.#at(path)?.node.k === 'd'
  }

  makeDirectory(path: string): void {
    const vfs = vfsOf(this.#container, this.#sources, true)
    const parts = path.split('/').filter(Boolean)
    for (let i = 1; i <= parts.length; i++) {
      const found = vfs.walk(`/${parts.slice(0, i).join('/')}`, null)
      if (failed(found) || 'node' in found) continue
      found.disk.add(found.parent, found.name, { k: 'd', mode: 0o755, uid: 0, gid: 0, mtime: this.#sources.now(), entries: {} })
    }
    this.#changed()
  }

  isLink(path: string): boolean {
    return this.#at(path, false)?.node.k === 'l'
  }

  mode(path: string): number {
    return this.#at(path)?.node.mode ?? 0o644
  }

  list(path: string): string[] | undefined {
    const vfs = vfsOf(this.#container, this.#sources, false)
    const place = vfs.at(path, null)
    return failed(place) || place.node.k !== 'd' ? undefined : vfs.names(place)
  }
}

export { appletPath }
