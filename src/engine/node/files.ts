/** A container's file system: the image's files, what was written over them, and the volumes mounted into it. */

import type { DiskMount } from './disk-mount.ts'

/** Plain data: path → content. A directory is there when something is below it, or when its path ends in a slash. */
export type FileMap = Record<string, string>

export interface Mount {
  path: string
  /** Key of the volume in the pod's volumes. */
  volume: string
  readOnly: boolean
  /** The node of the volume's disk that is mounted: its root, or what a subPath led to when the container was made. */
  root: number
}

export interface Files {
  read(path: string): string | undefined
  /** Why not, or empty when it was written. */
  write(path: string, content: string): string
  remove(path: string): boolean
  isDirectory(path: string): boolean
  makeDirectory(path: string): void
  /** Whether a name is a link, as `ls -l` shows those of mounted ConfigMaps; and the permissions of what it leads to. */
  isLink(path: string): boolean
  mode(path: string): number
  /** Names directly below a directory, sorted; undefined when there is none. */
  list(path: string): string[] | undefined
}

/** Absolute and without `.`, `..` or double slashes. */
export function normalPath(path: string, from = '/'): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${from}/${path}`).split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

const DIRECTORIES = [
  '/',
  '/tmp',
  '/etc',
  '/bin',
  '/usr',
  '/usr/share',
  '/usr/bin',
  '/var',
  '/var/run',
  '/var/log',
  '/root',
  '/home',
  '/proc',
  '/dev',
  '/opt',
  '/mnt',
  '/srv',
  '/run',
]

/** A mount, and the way to its disk, which is made when somebody looks. */
export interface OpenMount extends Mount {
  open(): DiskMount
}

export interface FilesOptions {
  now?: () => number
  /** The container's root is not to be written to. */
  readOnly?: boolean
  /** Files that the kubelet provides. */
  managed?: (path: string) => string | undefined
}

export class ContainerFiles implements Files {
  readonly #base: Readonly<FileMap>
  readonly #own: FileMap
  readonly #mounts: readonly OpenMount[]
  readonly #changed: () => void
  readonly #now: () => number
  readonly #readOnly: boolean
  readonly #managed: (path: string) => string | undefined

  /** `own` and the mounts' disks are changed in place; `changed` is told after each change. */
  constructor(
    base: Readonly<FileMap>,
    own: FileMap,
    mounts: readonly OpenMount[],
    changed: () => void,
    { now = () => 0, readOnly = false, managed = () => undefined }: FilesOptions = {},
  ) {
    this.#managed = managed
    this.#base = base
    this.#own = own
    // The longest path decides.
    this.#mounts = [...mounts].sort((a, b) => b.path.length - a.path.length)
    this.#changed = changed
    this.#now = now
    this.#readOnly = readOnly
  }

  #mount(path: string): { mount: OpenMount; at: string } | undefined {
    const mount = this.#mounts.find((m) => path === m.path || path.startsWith(`${m.path === '/' ? '' : m.path}/`))
    return mount && { mount, at: path.slice(mount.path.length) || '/' }
  }

  read(path: string): string | undefined {
    const full = normalPath(path)
    const mounted = this.#mount(full)
    if (mounted) return mounted.mount.open().read(mounted.at)
    const found = this.#own[full]
    if (found !== undefined) return found === GONE ? undefined : found
    return this.#managed(full) ?? this.#base[full]
  }

  write(path: string, content: string): string {
    const full = normalPath(path)
    const mounted = this.#mount(full)
    if (mounted ? mounted.mount.readOnly : this.#readOnly) return 'Read-only file system'
    if (this.isDirectory(full)) return 'Is a directory'
    if (full !== mounted?.mount.path && !this.isDirectory(normalPath('..', full))) return 'No such file or directory'
    if (this.read(full) === content) return ''
    if (mounted) mounted.mount.open().write(mounted.at, content, this.#now())
    else this.#own[full] = content
    this.#changed()
    return ''
  }

  remove(path: string): boolean {
    const full = normalPath(path)
    const mounted = this.#mount(full)
    const any = mounted
      ? !mounted.mount.readOnly && mounted.mount.open().remove(mounted.at, this.#now())
      : !this.#readOnly && this.#removeOwn(full)
    if (any) this.#changed()
    return any
  }

  #removeOwn(full: string): boolean {
    let any = false
    const below = (name: string): boolean => name === full || name.startsWith(`${full}/`)
    for (const name of Object.keys(this.#own)) {
      if (!below(name)) continue
      delete this.#own[name]
      any = true
    }
    for (const name of Object.keys(this.#base)) {
      if (!below(name)) continue
      this.#own[name] = GONE
      any = true
    }
    return any
  }

  isDirectory(path: string): boolean {
    const full = normalPath(path)
    const mounted = this.#mount(full)
    if (mounted?.mount.open().isDirectory(mounted.at)) return true
    if (this.#mounts.some((m) => m.path.startsWith(`${full === '/' ? '' : full}/`))) return true
    if (mounted) return false
    if (DIRECTORIES.includes(full)) return true
    const prefix = full === '/' ? '/' : `${full}/`
    const within = (map: Readonly<FileMap>): boolean =>
      Object.keys(map).some((name) => name.startsWith(prefix) && map[name] !== GONE)
    return within(this.#own) || within(this.#base)
  }

  makeDirectory(path: string): void {
    const full = normalPath(path)
    const mounted = this.#mount(full)
    if (this.isDirectory(full) || (mounted ? mounted.mount.readOnly : this.#readOnly)) return
    if (mounted) mounted.mount.open().makeDirectory(mounted.at, this.#now())
    else this.#own[`${full}/`] = ''
    this.#changed()
  }

  isLink(path: string): boolean {
    const mounted = this.#mount(normalPath(path))
    return mounted?.mount.open().isLink(mounted.at) ?? false
  }
  mode(path: string): number {
    const full = normalPath(path)
    const mounted = this.#mount(full)
    if (mounted) return mounted.mount.open().mode(mounted.at)
    return this.isDirectory(full) ? 0o755 : 0o644
  }

  list(path: string): string[] | undefined {
    const full = normalPath(path)
    if (!this.isDirectory(full)) return undefined
    const prefix = full === '/' ? '/' : `${full}/`
    const mounted = this.#mount(full)
    const names = new Set<string>(mounted?.mount.open().list(mounted.at))
    const collect = (paths: readonly string[]): void => {
      for (const path of paths) {
        const first = path.startsWith(prefix) ? path.slice(prefix.length).split('/')[0] : ''
        if (first) names.add(first)
      }
    }
    collect(this.#mounts.map((m) => m.path))
    if (!mounted) {
      collect([...DIRECTORIES, ...Object.keys(this.#base), ...Object.keys(this.#own)])
      for (const name of [...names]) if (this.#own[`${prefix}${name}`] === GONE) names.delete(name)
    }
    return [...names].filter((name) => !name.startsWith('..')).sort()
  }
}

/** Marks a file of the image as removed. */
const GONE = '\u0000gone'
