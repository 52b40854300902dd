/** How a volume made from objects lies on its disk: contents in a dated directory, `..data` leading there, and a link for each name (util/atomic_writer.go). */
import type { Pod } from '#api/kinds.ts'
import { formatTime } from '#api/time.ts'
import { type Attributes, Disk, type DiskState, newDisk, ROOT } from '#posix/disk.ts'
import { listDir, makeDirs, nodeAt, putFile, putLink, removePath } from '#posix/disk-paths.ts'
import { ownershipOf, type Payload } from './volume-payload.ts'

const DATA = '..data'
const SETGID = 0o2000
/** volume_linux.go: what is read-only, and what isn't; directories may be entered, too. */
const GROUP_READS = 0o440
const GROUP_WRITES = 0o660
const GROUP_ENTERS = 0o110

/** An empty disk for a volume that containers write to. */
export function emptyVolume(pod: Pod, now: number, mode = 0o777): DiskState {
  const { fsGroup } = ownershipOf(pod)
  const state = newDisk()
  const grouped = fsGroup === undefined ? mode : mode | SETGID | GROUP_WRITES | GROUP_ENTERS
  state.nodes[ROOT] = { k: 'd', mode: grouped, uid: 0, gid: fsGroup ?? 0, mtime: now, entries: {} }
  return state
}

/** Gives a volume that outlives its pods to the pod's group, unless its root says that this has been done (`OnRootMismatch`). */
export function giveToGroup(state: DiskState, root: number, pod: Pod): void {
  const { fsGroup } = ownershipOf(pod)
  if (fsGroup === undefined) return
  const disk = new Disk(state)
  const top = disk.get(root)
  const wanted = SETGID | GROUP_WRITES | GROUP_ENTERS
  const policy = (pod.spec.securityContext as { fsGroupChangePolicy?: string } | undefined)?.fsGroupChangePolicy
  if (policy === 'OnRootMismatch' && top?.gid === fsGroup && (top.mode & wanted) === wanted) return
  const todo = [root]
  for (let ino = todo.pop(); ino !== undefined; ino = todo.pop()) {
    const node = disk.edit(ino)
    node.gid = fsGroup
    if (node.k !== 'l') node.mode |= node.k === 'd' ? wanted : GROUP_WRITES
    if (node.k === 'd') todo.push(...Object.values(node.entries))
  }
}

/** Lays out files as they are now; the directory of before goes. With a group, its members may read them. */
export function layOut(state: DiskState, files: Payload, pod: Pod, now: number, salt: number): void {
  const disk = new Disk(state)
  const { fsGroup } = ownershipOf(pod)
  const old = nodeAt(disk, `/${DATA}`)
  const base: Attributes = { uid: 0, gid: fsGroup ?? 0, mtime: now }
  const dated = `..${stamp(now)}.${String(salt).padStart(9, '0')}`
  const grouped = (mode: number, more: number): number => (fsGroup === undefined ? mode : mode | GROUP_READS | more)
  const makeDir = (path: string): unknown => makeDirs(disk, path, { ...base, mode: grouped(0o755, SETGID | GROUP_ENTERS) })
  makeDir(`/${dated}`)
  for (const [path, { data, mode, uid = 0 }] of Object.entries(files)) {
    makeDir(`/${dated}${path.slice(0, path.lastIndexOf('/'))}`)
    putFile(disk, `/${dated}${path}`, data, { ...base, uid, mode: grouped(mode, 0) })
  }
  putLink(disk, `/${DATA}`, dated, base)
  const names = new Set(Object.keys(files).map((path) => path.split('/')[1] as string))
  for (const name of names) if (!nodeAt(disk, `/${name}`)) putLink(disk, `/${name}`, `${DATA}/${name}`, base)
  for (const name of listDir(disk, '/') ?? []) {
    if (!name.startsWith('..') && !names.has(name)) removePath(disk, `/${name}`, now)
  }
  if (old?.k === 'l' && old.target !== dated) removePath(disk, `/${old.target}`, now)
}

/** `2026_11_29_20_47_11`. */
const stamp = (ms: number): string => formatTime(ms).slice(0, -1).replace(/\D/g, '_')
