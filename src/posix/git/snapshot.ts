/** All files of a commit, the index or the work tree at one moment, and how two such moments differ. */
import type { Objects } from './objects.ts'
import { byBytes, type Entry, treeBytes } from './objects.ts'
import { similarity } from './similar.ts'

export interface Item {
  mode: string
  id: string
}
/** By path. */
export type Snapshot = ReadonlyMap<string, Item>

export function snapshotOf(objects: Objects, tree: string): Map<string, Item> {
  const all = new Map<string, Item>()
  const walk = (id: string, folder: string): void => {
    for (const entry of objects.tree(id)) {
      const path = `${folder}${entry.name}`
      if (entry.mode === '40000') walk(entry.id, `${path}/`)
      else all.set(path, { mode: entry.mode, id: entry.id })
    }
  }
  walk(tree, '')
  return all
}

/** Writes the trees of a snapshot; the id of the topmost. */
export function writeTree(objects: Objects, files: Snapshot): string {
  const own: Entry[] = []
  const folders = new Map<string, Map<string, Item>>()
  for (const [path, item] of files) {
    const slash = path.indexOf('/')
    if (slash < 0) own.push({ mode: item.mode, name: path, id: item.id })
    else {
      const folder = path.slice(0, slash)
      const inside = folders.get(folder) ?? new Map<string, Item>()
      inside.set(path.slice(slash + 1), item)
      folders.set(folder, inside)
    }
  }
  for (const [name, inside] of folders) own.push({ mode: '40000', name, id: writeTree(objects, inside) })
  return objects.write('tree', treeBytes(own))
}

export interface Change {
  kind: 'A' | 'M' | 'D' | 'R' | 'T'
  path: string
  /** Of a renamed file: where it was. */
  from: string
  old?: Item
  now?: Item
  /** Of a renamed file: how much of it stayed, in percent. */
  alike?: number
}

/** How `now` differs from `old`, by path. */
export function changesOf(old: Snapshot, now: Snapshot): Change[] {
  const changes: Change[] = []
  for (const path of [...new Set([...old.keys(), ...now.keys()])].sort(byBytes)) {
    const [a, b] = [old.get(path), now.get(path)]
    if (a && b) {
      if (a.id === b.id && a.mode === b.mode) continue
      const kind = a.mode.slice(0, 2) === b.mode.slice(0, 2) ? 'M' : 'T'
      changes.push({ kind, path, from: path, old: a, now: b })
    } else if (a) changes.push({ kind: 'D', path, from: path, old: a })
    else if (b) changes.push({ kind: 'A', path, from: path, now: b })
  }
  return changes
}

const LIMIT = 50

/** Files that are gone, and new ones that are like them, are taken for renamed. */
export function withRenames(changes: readonly Change[], text: (item: Item) => string): Change[] {
  const gone = changes.filter(({ kind }) => kind === 'D')
  const born = changes.filter(({ kind }) => kind === 'A')
  if (gone.length === 0 || born.length === 0) return [...changes]
  const pairs: { from: Change; to: Change; alike: number }[] = []
  for (const to of born)
    for (const from of gone) {
      const alike = likeness(from.old as Item, to.now as Item, text)
      if (alike >= LIMIT) pairs.push({ from, to, alike })
    }
  const sameName = ({ from, to }: { from: Change; to: Change }): number =>
    from.path.split('/').pop() === to.path.split('/').pop() ? 1 : 0
  pairs.sort((a, b) => b.alike - a.alike || sameName(b) - sameName(a))
  const taken = new Set<Change>()
  const renamed = new Map<Change, Change>()
  for (const { from, to, alike } of pairs) {
    if (taken.has(from) || renamed.has(to)) continue
    taken.add(from)
    renamed.set(to, { kind: 'R', path: to.path, from: from.path, old: from.old as Item, now: to.now as Item, alike })
  }
  return changes.filter((change) => !taken.has(change)).map((change) => renamed.get(change) ?? change)
}

function likeness(old: Item, now: Item, text: (item: Item) => string): number {
  if (old.mode.slice(0, 2) !== now.mode.slice(0, 2)) return 0
  return old.id === now.id ? 100 : similarity(text(old), text(now))
}
