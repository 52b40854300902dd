/** A volume in a container's file system: its disk from one directory (or file) on, read and written by path. */
import { Disk, type DiskState, ROOT } from '#posix/disk.ts'

const LINKS = 10

export class DiskMount {
  readonly #disk: Disk
  readonly #root: number

  constructor(state: DiskState, root: number) {
    this.#disk = new Disk(state)
    this.#root = root
  }

  /** The node at a path, links followed; the directory above and the last name, when it isn't there. */
  #find(path: string, follow = true): { ino: number | undefined; above: number | undefined; name: string } {
    let trail = [this.#root]
    let left = path.split('/').filter((part) => part !== '' && part !== '.')
    let links = 0
    let name = ''
    for (let part = left.shift(); part !== undefined; part = left.shift()) {
      const here = trail.at(-1) as number
      if (part === '..') {
        if (trail.length > 1) trail = trail.slice(0, -1)
        continue
      }
      name = part
      const ino = this.#disk.lookup(here, part)
      const node = ino === undefined ? undefined : this.#disk.get(ino)
      if (ino === undefined) return { ino: undefined, above: left.length === 0 ? here : undefined, name }
      if (node?.k === 'l' && (follow || left.length > 0) && links++ < LINKS) {
        left = [...node.target.split('/').filter((each) => each !== '' && each !== '.'), ...left]
        continue
      }
      trail.push(ino)
    }
    return { ino: trail.at(-1), above: trail.at(-2), name }
  }

  read(path: string): string | undefined {
    const { ino } = this.#find(path)
    const node = ino === undefined ? undefined : this.#disk.get(ino)
    return node?.k === 'f' ? node.data : undefined
  }
  isDirectory(path: string): boolean {
    const { ino } = this.#find(path)
    return ino !== undefined && this.#disk.dir(ino) !== undefined
  }
  isLink(path: string): boolean {
    const { ino } = this.#find(path, false)
    return ino !== undefined && this.#disk.get(ino)?.k === 'l'
  }
  mode(path: string): number {
    const { ino } = this.#find(path)
    return (ino === undefined ? undefined : this.#disk.get(ino)?.mode) ?? 0o644
  }
  list(path: string): string[] | undefined {
    const { ino } = this.#find(path)
    return ino !== undefined && this.#disk.dir(ino) ? this.#disk.names(ino) : undefined
  }

  /** False when there is no directory for it. */
  write(path: string, data: string, mtime: number): boolean {
    const { ino, above, name } = this.#find(path)
    if (ino !== undefined && this.#disk.get(ino)?.k === 'f') {
      Object.assign(this.#disk.edit(ino), { data, mtime })
      return true
    }
    if (ino !== undefined || above === undefined) return false
    const gid = this.#groupOf(above)
    this.#disk.add(above, name, { k: 'f', data, mode: 0o644, uid: 0, gid, mtime })
    return true
  }
  makeDirectory(path: string, mtime: number): boolean {
    const { ino, above, name } = this.#find(path)
    if (ino !== undefined || above === undefined) return ino !== undefined
    this.#disk.add(above, name, { k: 'd', mode: 0o755, uid: 0, gid: this.#groupOf(above), mtime, entries: {} })
    return true
  }
  remove(path: string, now: number): boolean {
    const { ino, above, name } = this.#find(path, false)
    if (ino === undefined || above === undefined || ino === this.#root) return false
    this.#disk.removeTree(above, name, now)
    return true
  }
  /** What is made in a directory with the set-group bit belongs to its group. */
  #groupOf(dir: number): number {
    const node = this.#disk.get(dir)
    return node && (node.mode & 0o2000) !== 0 ? node.gid : 0
  }
}

/** Where a `subPath` is on a volume: its node, made as a directory when it is missing; undefined when it cannot be. */
export function subPathRoot(state: DiskState, subPath: string, now: number): number | undefined {
  const disk = new Disk(state)
  let ino = ROOT
  for (const part of subPath.split('/').filter((each) => each !== '' && each !== '.')) {
    const next = followed(disk, ino, part)
    if (next !== undefined) {
      ino = next
      continue
    }
    const node = disk.dir(ino)
    if (!node) return undefined
    const { mode, uid, gid } = disk.dir(ROOT) ?? node
    ino = disk.add(ino, part, { k: 'd', mode, uid, gid, mtime: now, entries: {} })
  }
  // A file that is mounted stays, whatever becomes of its name.
  const file = disk.edit(ino)
  if (file.k === 'f') file.more = (file.more ?? 0) + 1
  return ino
}

function followed(disk: Disk, dir: number, name: string): number | undefined {
  const ino = disk.lookup(dir, name)
  const node = ino === undefined ? undefined : disk.get(ino)
  if (node?.k !== 'l') return ino
  return node.target.split('/').reduce<number | undefined>((at, part) => (at === undefined ? at : followed(disk, at, part)), dir)
}
