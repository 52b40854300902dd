/** A container's file system: the image's files, what was written over them, and the volumes mounted into it. */

/** Plain data: path → content. A directory is there when something is below it, or when its path ends in a slash. */
export type FileMap = Record<string, string>

export interface Mount {
  path: string
  /** Key of the volume in the pod's volumes. */
  volume: string
  readOnly: boolean
  /** Only this part of the volume. */
  subPath: string
  /** Made from objects: names are links into a directory of the present contents. */
  linked?: boolean
  /** Permissions of its files. */
  mode?: number
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

/** One level of files: an image's (read-only) or something written. */
interface Layer {
  files: FileMap
  at: string
}

export class ContainerFiles implements Files {
  readonly #base: Readonly<FileMap>
  readonly #own: FileMap
  readonly #mounts: readonly (Mount & { files: FileMap })[]
  readonly #changed: () => void

  /** `own` and the mounts' maps are changed in place; `changed` is told after each change. */
  constructor(base: Readonly<FileMap>, own: FileMap, mounts: readonly (Mount & { files: FileMap })[], changed: () => void) {
    this.#base = base
    this.#own = own
    // The longest path decides.
    this.#mounts = [...mounts].sort((a, b) => b.path.length - a.path.length)
    this.#changed = changed
  }

  #mount(path: string): (Mount & { files: FileMap }) | undefined {
    return this.#mounts.find((m) => path === m.path || path.startsWith(`${m.path === '/' ? '' : m.path}/`))
  }

  #layer(path: string): Layer {
    const mount = this.#mount(path)
    if (!mount) return { files: this.#own, at: path }
    const inside = path.slice(mount.path.length)
    return { files: mount.files, at: mount.subPath ? `/${mount.subPath}${inside}` : inside || '/' }
  }

  read(path: string): string | undefined {
    const full = normalPath(path)
    const { files, at } = this.#layer(full)
    const found = files[at]
    if (found !== undefined) return found === GONE ? undefined : found
    return files === this.#own ? this.#base[full] : undefined
  }

  write(path: string, content: string): string {
    const full = normalPath(path)
    if (this.#mount(full)?.readOnly) return 'Read-only file system'
    if (this.isDirectory(full)) return 'Is a directory'
    const parent = normalPath('..', full)
    if (!this.isDirectory(parent)) return 'No such file or directory'
    const { files, at } = this.#layer(full)
    if (files[at] === content) return ''
    files[at] = content
    this.#changed()
    return ''
  }

  remove(path: string): boolean {
    const full = normalPath(path)
    const { files, at } = this.#layer(full)
    let any = false
    for (const name of Object.keys(files)) {
      if (name === at || name.startsWith(`${at}/`)) {
        delete files[name]
        any = true
      }
    }
    if (files === this.#own) {
      for (const name of Object.keys(this.#base)) {
        if (name === full || name.startsWith(`${full}/`)) {
          files[name] = GONE
          any = true
        }
      }
    }
    if (any) this.#changed()
    return any
  }

  isDirectory(path: string): boolean {
    const full = normalPath(path)
    if (DIRECTORIES.includes(full) || this.#mounts.some((m) => m.path === full && m.subPath === '')) return true
    if (this.#mounts.some((m) => m.path.startsWith(`${full}/`))) return true
    const { files, at } = this.#layer(full)
    const below = at === '/' ? '/' : `${at}/`
    const within = (map: Readonly<FileMap>, prefix: string): boolean =>
      Object.keys(map).some((name) => name.startsWith(prefix) && map[name] !== GONE)
    if (within(files, below)) return true
    return files === this.#own && within(this.#base, `${full}/`)
  }

  makeDirectory(path: string): void {
    const full = normalPath(path)
    if (this.isDirectory(full)) return
    const { files, at } = this.#layer(full)
    files[`${at}/`] = ''
    this.#changed()
  }

  isLink(path: string): boolean {
    const full = normalPath(path)
    const mount = this.#mount(full)
    return mount?.linked === true && full !== mount.path && mount.subPath === ''
  }
  mode(path: string): number {
    const full = normalPath(path)
    if (this.isDirectory(full)) return 0o755
    return this.#mount(full)?.mode ?? 0o644
  }

  list(path: string): string[] | undefined {
    const full = normalPath(path)
    if (!this.isDirectory(full)) return undefined
    const names = new Set<string>()
    const collect = (map: Readonly<FileMap>, prefix: string): void => {
      for (const name of Object.keys(map)) {
        if (!name.startsWith(prefix) || map[name] === GONE) continue
        const first = name.slice(prefix.length).split('/')[0]
        if (first) names.add(first)
      }
    }
    const { files, at } = this.#layer(full)
    collect(files, at === '/' ? '/' : `${at}/`)
    if (files === this.#own) {
      const prefix = full === '/' ? '/' : `${full}/`
      collect(this.#base, prefix)
      for (const path of [...DIRECTORIES, ...this.#mounts.map((m) => m.path)]) {
        if (path !== '/' && path.startsWith(prefix)) names.add(path.slice(prefix.length).split('/')[0] as string)
      }
      for (const name of [...names]) if (files[`${prefix}${name}`] === GONE) names.delete(name)
    }
    return [...names].sort()
  }
}

/** Marks a file of the image as removed. */
const GONE = '\u0000gone'
