/** Brings index and files from one snapshot to another, and leaves what was changed by hand where that is possible. */
import { byteLength } from '#api/bytes.ts'
import type { Staged } from './index-file.ts'
import { byBytes } from './objects.ts'
import type { Repo } from './repo.ts'
import type { Snapshot } from './snapshot.ts'
import { Fatal } from './words.ts'
import { stagedOf } from './worktree.ts'

export interface Purpose {
  /** `checkout`, `merge`: what would overwrite. */
  verb: string
  /** `switch branches`, `merge`: before what they should be put aside. */
  before: string
  status: number
}
export const CHECKOUT: Purpose = { verb: 'checkout', before: 'switch branches', status: 1 }
export const MERGE: Purpose = { verb: 'merge', before: 'merge', status: 1 }

/** Files that differ between the snapshots. */
const differing = (from: Snapshot, to: Snapshot): string[] =>
  [...new Set([...from.keys(), ...to.keys()])]
    .filter((path) => from.get(path)?.id !== to.get(path)?.id || from.get(path)?.mode !== to.get(path)?.mode)
    .sort(byBytes)

/** Refuses where that would lose something. */
export function guard(repo: Repo, from: Snapshot, to: Snapshot, { verb, before, status }: Purpose): void {
  const index = new Map(repo.index().map((entry) => [entry.path, entry]))
  const local: string[] = []
  const unknown: string[] = []
  for (const path of differing(from, to)) {
    const file = repo.worktree.file(path)
    const now = file ? stagedOf(file).id : undefined
    const staged = index.get(path)
    const target = to.get(path)
    if (!staged && !from.has(path)) {
      if (file && target && now !== target.id) unknown.push(path)
    } else if (staged?.id !== target?.id && (staged?.id !== from.get(path)?.id || (file !== undefined && now !== staged?.id)))
      local.push(path)
  }
  const told = (head: string, files: readonly string[], cure: string): string =>
    files.length > 0 ? `error: ${head}\n${files.map((path) => `\t${path}\n`).join('')}${cure} before you ${before}.\n` : ''
  const words =
    told(
      `Your local changes to the following files would be overwritten by ${verb}:`,
      local,
      'Please commit your changes or stash them',
    ) + told(`The following untracked working tree files would be overwritten by ${verb}:`, unknown, 'Please move or remove them')
  if (words) throw new Fatal(`${words}Aborting`, status)
}

/** Index entry of a file as it was just written. */
export function entryOf(repo: Repo, path: string, id: string): Staged {
  const file = repo.worktree.file(path)
  return file
    ? stagedOf(file, id)
    : { path, mode: '100644', id, stage: 0, size: byteLength(repo.objects.blob(id)), mtime: repo.sys.now }
}

/** Writes what differs. What was changed by hand and is the same in both stays as it is. */
export function moveTo(repo: Repo, from: Snapshot, to: Snapshot): void {
  const { worktree, objects } = repo
  const entries = new Map(repo.index().map((entry) => [entry.path, entry]))
  for (const path of differing(from, to)) {
    const target = to.get(path)
    if (target) {
      worktree.write(path, target.mode, objects.blob(target.id))
      entries.set(path, { ...entryOf(repo, path, target.id), mode: target.mode })
    } else {
      if (worktree.file(path)) worktree.remove(path)
      entries.delete(path)
    }
  }
  repo.writeIndex([...entries.values()])
}

/** Throws away what was changed: index and tracked files are as in the snapshot. */
export function forceTo(repo: Repo, to: Snapshot): void {
  const { worktree, objects } = repo
  for (const { path } of repo.index()) if (!to.has(path) && worktree.file(path)) worktree.remove(path)
  const entries: Staged[] = []
  for (const [path, { mode, id }] of to) {
    const file = worktree.file(path)
    if (!file || file.mode !== mode || stagedOf(file).id !== id) worktree.write(path, mode, objects.blob(id))
    entries.push({ ...entryOf(repo, path, id), mode })
  }
  repo.writeIndex(entries)
}
