/** A disk by plain paths, for those who fill one from outside: volumes, images, tests. Links are not followed. */
import { type Attributes, type Disk, type Node, ROOT } from './disk.ts'

const parts = (path: string): string[] => path.split('/').filter((part) => part !== '' && part !== '.')

/** The node's number at a path; undefined when there is none. */
export function find(disk: Disk, path: string): number | undefined {
  let ino: number | undefined = ROOT
  for (const part of parts(path)) {
    if (ino === undefined) return undefined
    ino = disk.lookup(ino, part)
  }
  return ino
}

export const nodeAt = (disk: Disk, path: string): Node | undefined => {
  const ino = find(disk, path)
  return ino === undefined ? undefined : disk.get(ino)
}

/** Makes a directory and those above it; its number. */
export function makeDirs(disk: Disk, path: string, attributes: Attributes = {}): number {
  let ino = ROOT
  for (const part of parts(path)) {
    const next = disk.lookup(ino, part)
    ino =
      next ??
      disk.add(ino, part, {
        k: 'd',
        mode: attributes.mode ?? 0o755,
        uid: attributes.uid ?? 0,
        gid: attributes.gid ?? 0,
        mtime: attributes.mtime ?? 0,
        entries: {},
      })
  }
  return ino
}

const split = (path: string): [string, string] => {
  const all = parts(path)
  const name = all.pop() ?? ''
  return [all.join('/'), name]
}

/** Writes a file, with the directories above it; what was there is replaced. */
export function putFile(disk: Disk, path: string, data: string, attributes: Attributes = {}): number {
  const [above, name] = split(path)
  const dir = makeDirs(disk, above, { ...attributes, mode: 0o755 })
  const { mode = 0o644, uid = 0, gid = 0, mtime = 0 } = attributes
  const old = disk.lookup(dir, name)
  if (old !== undefined && disk.get(old)?.k === 'f') {
    Object.assign(disk.edit(old), { data, mode, uid, gid, mtime })
    disk.touched(old)
    return old
  }
  return disk.add(dir, name, { k: 'f', data, mode, uid, gid, mtime })
}

/** Makes a symbolic link, with the directories above it; an old one is turned. */
export function putLink(disk: Disk, path: string, target: string, attributes: Attributes = {}): number {
  const [above, name] = split(path)
  const { uid = 0, gid = 0, mtime = 0 } = attributes
  const dir = makeDirs(disk, above, { uid, gid, mtime })
  if (disk.lookup(dir, name) !== undefined) disk.removeTree(dir, name, mtime)
  return disk.add(dir, name, { k: 'l', target, mode: 0o777, uid, gid, mtime })
}

export function readFile(disk: Disk, path: string): string | undefined {
  const node = nodeAt(disk, path)
  return node?.k === 'f' ? node.data : undefined
}

export function listDir(disk: Disk, path: string): string[] | undefined {
  const ino = find(disk, path)
  return ino !== undefined && disk.dir(ino) ? disk.names(ino).sort() : undefined
}

export function removePath(disk: Disk, path: string, now = 0): boolean {
  const [above, name] = split(path)
  const dir = find(disk, above)
  if (dir === undefined || disk.lookup(dir, name) === undefined) return false
  disk.removeTree(dir, name, now)
  return true
}

/** Every file below a path, with its path. */
export function* filesBelow(disk: Disk, ino = ROOT, at = ''): Generator<[string, Node]> {
  for (const name of disk.names(ino).sort()) {
    const child = disk.lookup(ino, name) as number
    const node = disk.get(child) as Node
    if (node.k === 'd') yield* filesBelow(disk, child, `${at}/${name}`)
    else yield [`${at}/${name}`, node]
  }
}
