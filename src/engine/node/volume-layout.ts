/** How a volume made from objects lies on its disk: contents in a dated directory, `..data` leading there, and a link for each name (util/atomic_writer.go). */
import type { Pod, Volume } from '#api/kinds.ts'
import { formatTime } from '#api/time.ts'
import { type Attributes, Disk, type DiskState, newDisk, ROOT } from '#posix/disk.ts'
import { listDir, makeDirs, nodeAt, putFile, putLink, removePath } from '#posix/disk-paths.ts'
import type { FileMap } from './files.ts'
import { parseImageName } from './image-name.ts'
import { imageFor } from './images/index.ts'

const DATA = '..data'
const SETGID = 0o2000

export interface Ownership {
  /** Group of everything in it. */
  fsGroup: number | undefined
  /** User of the files that only their owner may read. */
  user: number | undefined
}

export function ownershipOf(pod: Pod): Ownership {
  const all = (pod.spec.securityContext ?? {}) as Record<string, any>
  const users = [...(pod.spec.initContainers ?? []), ...pod.spec.containers].map(
    ({ securityContext: own }) => ((own ?? {}) as Record<string, any>)['runAsUser'] ?? all['runAsUser'],
  )
  const [user] = users
  return { fsGroup: all['fsGroup'], user: users.every((each) => each === user) ? user : undefined }
}

/** An empty disk for a volume that containers write to. */
export function emptyVolume(pod: Pod, now: number, mode = 0o777): DiskState {
  const { fsGroup } = ownershipOf(pod)
  const state = newDisk()
  const grouped = fsGroup === undefined ? mode : mode | SETGID | 0o770
  state.nodes[ROOT] = { k: 'd', mode: grouped, uid: 0, gid: fsGroup ?? 0, mtime: now, entries: {} }
  return state
}

/** What is in an image, as a volume. */
export function imageVolume(reference: string, now: number): DiskState {
  const state = newDisk()
  const disk = new Disk(state)
  const name = parseImageName(reference)
  const { files = {} } = typeof name === 'string' ? {} : imageFor(name)
  for (const [path, data] of Object.entries(files)) if (!path.endsWith('/')) putFile(disk, path, data, { mtime: now })
  return state
}

/** Lays out `files` (path → content) as they are now; the directory of before goes. */
export function layOut(state: DiskState, files: FileMap, volume: Volume, pod: Pod, now: number, salt: number): void {
  const disk = new Disk(state)
  const owners = ownershipOf(pod)
  const old = nodeAt(disk, `/${DATA}`)
  const base: Attributes = { uid: 0, gid: owners.fsGroup ?? 0, mtime: now }
  const dated = `..${stamp(now)}.${String(salt).padStart(9, '0')}`
  makeDirs(disk, `/${dated}`, { ...base, mode: owners.fsGroup === undefined ? 0o755 : 0o2755 })
  for (const [path, data] of Object.entries(files)) {
    const attributes = modeOf(volume, path, owners)
    putFile(disk, `/${dated}${path}`, data, { ...base, ...attributes })
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

interface Source {
  defaultMode?: number
  items?: { path: string; mode?: number }[]
}

/** A file's permissions: of its item, else of the volume; with a group it may read them, too. */
function modeOf(volume: Volume, path: string, { fsGroup, user }: Ownership): Attributes {
  const projected = volume['projected'] as { defaultMode?: number; sources?: Record<string, any>[] } | undefined
  const own = (volume['configMap'] ?? volume['secret'] ?? volume['downwardAPI']) as Source | undefined
  const sources: Source[] = own
    ? [own]
    : (projected?.sources ?? []).flatMap((s) => s['configMap'] ?? s['secret'] ?? s['downwardAPI'] ?? [])
  const tokens = (projected?.sources ?? []).flatMap((s) => s['serviceAccountToken'] ?? [])
  if (tokens.some((token) => `/${token.path}` === path)) {
    if (fsGroup !== undefined) return { mode: 0o640, uid: user ?? 0 }
    return user === undefined ? { mode: 0o644 } : { mode: 0o600, uid: user }
  }
  const item = sources.flatMap(({ items = [] }) => items).find((each) => `/${each.path}` === path)
  const mode = item?.mode ?? own?.defaultMode ?? projected?.defaultMode ?? 0o644
  return { mode: fsGroup === undefined ? mode : mode | 0o440 }
}
