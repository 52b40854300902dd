/** Places on a volume's disk: what a path leads to from one directory on, and where a `subPath` is. */
import { type Disk, type DiskState, ROOT } from '#posix/disk.ts'
import { volumeDisk } from './image-base.ts'

const LINKS = 10

/** A file on a volume by its path, links followed. */
export function readFrom(state: DiskState, path: string): string | undefined {
  const disk = volumeDisk(state)
  let trail = [ROOT]
  let left = partsOf(path)
  let links = 0
  for (let part = left.shift(); part !== undefined; part = left.shift()) {
    const here = trail.at(-1) as number
    if (part === '..') {
      if (trail.length > 1) trail = trail.slice(0, -1)
      continue
    }
    const ino = disk.lookup(here, part)
    const node = ino === undefined ? undefined : disk.get(ino)
    if (ino === undefined) return undefined
    if (node?.k === 'l' && links++ < LINKS) left = [...partsOf(node.target), ...left]
    else trail.push(ino)
  }
  const node = disk.get(trail.at(-1) as number)
  return node?.k === 'f' ? node.data : undefined
}

const partsOf = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.')

/** Where a `subPath` is on a volume: its node, made as a directory when it is missing; undefined when it cannot be. */
export function subPathRoot(state: DiskState, subPath: string, now: number, top = ROOT): number | undefined {
  const disk = volumeDisk(state)
  let ino = top
  for (const part of partsOf(subPath)) {
    const next = followed(disk, ino, part)
    if (next !== undefined) {
      ino = next
      continue
    }
    const node = disk.dir(ino)
    if (!node) return undefined
    const { mode, uid, gid } = disk.dir(top) ?? node
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
