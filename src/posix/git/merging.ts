/** Brings two commits' files together that come from a third. */
import type { Staged } from './index-file.ts'
import { mergeTexts } from './merge-text.ts'
import { entryOf } from './move.ts'
import { byBytes } from './objects.ts'
import type { Repo } from './repo.ts'
import type { Item, Snapshot } from './snapshot.ts'

export interface Three {
  base: Snapshot
  ours: Snapshot
  theirs: Snapshot
}
export interface Names {
  ours: string
  theirs: string
}

interface Outcome {
  /** Undefined: the file is gone. */
  item?: Item | undefined
  /** The stages of a conflict, and the text that is to lie there. */
  conflict?: string | undefined
  said: string
}

const same = (a: Item | undefined, b: Item | undefined): boolean => a?.id === b?.id && a?.mode === b?.mode

function one(repo: Repo, path: string, { base, ours, theirs }: Three, names: Names): Outcome {
  const [o, a, b] = [base.get(path), ours.get(path), theirs.get(path)]
  if (same(a, b) || same(o, b)) return { item: a, said: '' }
  if (same(o, a)) return { item: b, said: '' }
  const text = (item: Item | undefined): string => (item ? repo.objects.blob(item.id) : '')
  if (!a || !b) {
    const [gone, kept] = a ? [names.theirs, names.ours] : [names.ours, names.theirs]
    const said = `CONFLICT (modify/delete): ${path} deleted in ${gone} and modified in ${kept}.  Version ${kept} of ${path} left in tree.\n`
    return { conflict: text(a ?? b), said }
  }
  const merged = mergeTexts(text(o), text(a), text(b), names)
  if (merged.conflicts === 0) {
    const mode = o && a.mode === o.mode ? b.mode : a.mode
    return { item: { mode, id: repo.objects.writeBlob(merged.text) }, said: `Auto-merging ${path}\n` }
  }
  const kind = o ? 'content' : 'add/add'
  return { conflict: merged.text, said: `Auto-merging ${path}\nCONFLICT (${kind}): Merge conflict in ${path}\n` }
}

/** What comes of it, before anything is written. */
export interface Plan {
  files: Map<string, Item>
  conflicts: Map<string, { text: string; stages: (Item | undefined)[] }>
  said: string
}

export function planMerge(repo: Repo, three: Three, names: Names): Plan {
  const plan: Plan = { files: new Map(), conflicts: new Map(), said: '' }
  const paths = new Set([...three.base.keys(), ...three.ours.keys(), ...three.theirs.keys()])
  for (const path of [...paths].sort(byBytes)) {
    const { item, conflict, said } = one(repo, path, three, names)
    plan.said += said
    if (item) plan.files.set(path, item)
    if (conflict !== undefined)
      plan.conflicts.set(path, { text: conflict, stages: [three.base.get(path), three.ours.get(path), three.theirs.get(path)] })
  }
  return plan
}

/** Puts the conflicts into the index and the files, once the rest is there. */
export function writeConflicts(repo: Repo, { conflicts }: Plan): void {
  const entries: Staged[] = repo.index().filter(({ path }) => !conflicts.has(path))
  for (const [path, { text, stages }] of conflicts) {
    repo.worktree.write(path, stages.find((item) => item)?.mode ?? '100644', text)
    for (const [i, item] of stages.entries())
      if (item) entries.push({ ...entryOf(repo, path, item.id), mode: item.mode, stage: i + 1, size: 0, mtime: 0 })
  }
  repo.writeIndex(entries)
}
