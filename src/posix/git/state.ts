/** Where a repository stands: what is staged, what is changed beside that, what is in conflict, what git does not know. */
import { byteLength } from '#api/bytes.ts'
import type { Staged } from './index-file.ts'
import { blobId, byBytes } from './objects.ts'
import { changesBetween } from './patch.ts'
import type { Repo } from './repo.ts'
import type { Change, Item, Snapshot } from './snapshot.ts'
import type { WorkFile } from './worktree.ts'

/** The index without what is in conflict. */
export const snapshotOfIndex = (entries: readonly Staged[]): Map<string, Item> =>
  new Map(entries.filter(({ stage }) => stage === 0).map(({ path, mode, id }) => [path, { mode, id }]))

/** The tracked files as they lie there; their texts by id, for those that are in no object. */
export function snapshotOfWork(
  repo: Repo,
  paths: Iterable<string>,
  known: ReadonlyMap<string, Staged> = new Map(),
): { files: Map<string, Item>; texts: Map<string, string> } {
  const files = new Map<string, Item>()
  const texts = new Map<string, string>()
  const { worktree } = repo
  for (const path of paths) {
    const file = worktree.file(path)
    if (!file) continue
    const id = idOfFile(file, known.get(path))
    files.set(path, { mode: file.mode, id })
    texts.set(id, file.text)
  }
  return { files, texts }
}

/** A file as old and as long as when it was added needs no look inside: it is older than the moment after. */
const idOfFile = (file: WorkFile, staged: Staged | undefined): string =>
  staged && staged.mtime === file.mtime && staged.size === byteLength(file.text) && file.mtime === 0
    ? staged.id
    : blobId(file.text)

export interface Conflict {
  path: string
  /** Which of base (1), ours (2) and theirs (4) have it. */
  sides: number
}

export interface Standing {
  staged: Change[]
  unstaged: Change[]
  conflicts: Conflict[]
  untracked: string[]
  /** Texts of files as they lie there. */
  texts: Map<string, string>
}

export function conflictsIn(entries: readonly Staged[]): Conflict[] {
  const sides = new Map<string, number>()
  for (const { path, stage } of entries) if (stage > 0) sides.set(path, (sides.get(path) ?? 0) | (1 << (stage - 1)))
  return [...sides].map(([path, all]) => ({ path, sides: all }))
}

/** `against`: another commit's files in place of HEAD's. */
export function standingOf(repo: Repo, all = false, against?: Snapshot): Standing {
  const entries = repo.index()
  const index = snapshotOfIndex(entries)
  const conflicts = conflictsIn(entries)
  const inConflict = new Set(conflicts.map(({ path }) => path))
  const head: Snapshot = new Map([...(against ?? repo.snapshot(repo.head))].filter(([path]) => !inConflict.has(path)))
  const { files, texts } = snapshotOfWork(repo, index.keys(), new Map(entries.map((entry) => [entry.path, entry])))
  const text = textIn(repo, texts)
  return {
    staged: changesBetween(head, index, text),
    // A new file is none of these: it is not known yet.
    unstaged: changesBetween(index, files, text),
    conflicts,
    untracked: untrackedIn(repo, new Set(entries.map(({ path }) => path)), all),
    texts,
  }
}

export const textIn =
  (repo: Repo, texts: ReadonlyMap<string, string> = new Map()) =>
  ({ id }: Item): string =>
    texts.get(id) ?? repo.objects.blob(id)

/** Files that are not known, folders of nothing else as one. `all`: every file. */
export function untrackedIn(repo: Repo, known: ReadonlySet<string>, all = false): string[] {
  const { worktree } = repo
  const out: string[] = []
  const walk = (folder: string): void => {
    const found = worktree.list(folder, (path, isFolder) => {
      if (worktree.ignore.ignores(path, isFolder)) return true
      const isKnown = [...known].some((each) => each.startsWith(`${path}/`))
      if (!isFolder || all || isKnown) return false
      if (worktree.list(path, (each, folded) => worktree.ignore.ignores(each, folded)).length > 0) out.push(`${path}/`)
      return true
    })
    out.push(...found.filter((path) => !known.has(path)))
  }
  walk('')
  return out.sort(byBytes)
}
