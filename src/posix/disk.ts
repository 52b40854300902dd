/** A file system as plain data: numbered nodes, those that changed over a base that many may share. */

interface Common {
  mode: number
  uid: number
  gid: number
  mtime: number
}
export interface FileNode extends Common {
  k: 'f'
  data: string
  /** Names that lead to it beyond the first. */
  more?: number
  /** It is a block device of so many bytes; what was not written yet is zeros. */
  block?: number
}
export interface DirNode extends Common {
  k: 'd'
  entries: Record<string, number>
}
export interface LinkNode extends Common {
  k: 'l'
  target: string
}
/** A device (`null`, `zero`, …) or a named pipe. */
export interface DeviceNode extends Common {
  k: 'c' | 'p'
  device: string
}
export type Node = FileNode | DirNode | LinkNode | DeviceNode

/** What it is, as a letter: a block device is kept as a file. */
export const kindOf = (node: Node): Node['k'] | 'b' => (node.k === 'f' && node.block !== undefined ? 'b' : node.k)

export type Base = Readonly<Record<number, Node>>

export interface DiskState {
  /** Name of the base it lies over; empty: none. */
  base: string
  /** What differs from the base; null: gone. */
  nodes: Record<number, Node | null>
  next: number
}

export interface Attributes {
  mode?: number
  uid?: number
  gid?: number
  mtime?: number
}

export const ROOT = 1
/** Numbers above this are never a base's. */
const FIRST_OWN = 1_000_000

const emptyRoot = (mtime: number): DirNode => ({ k: 'd', mode: 0o755, uid: 0, gid: 0, mtime, entries: {} })

export const newDisk = (base = ''): DiskState => ({ base, nodes: {}, next: base === '' ? 2 : FIRST_OWN })

/** Names may be anything, `__proto__` too: own properties only. */
export const entryOf = (entries: Record<string, number>, name: string): number | undefined =>
  Object.hasOwn(entries, name) ? entries[name] : undefined
function setEntry(entries: Record<string, number>, name: string, ino: number): void {
  if (name === '__proto__')
    Object.defineProperty(entries, name, { value: ino, enumerable: true, configurable: true, writable: true })
  else entries[name] = ino
}

export class Disk {
  readonly state: DiskState
  readonly #base: Base
  /** Told of every node whose content changed. */
  changed: ((ino: number) => void) | null = null

  constructor(state: DiskState, base: Base = {}) {
    this.state = state
    this.#base = base
    if (!this.get(ROOT)) state.nodes[ROOT] = emptyRoot(0)
  }

  get(ino: number): Node | undefined {
    const own = this.state.nodes[ino]
    if (own !== undefined) return own ?? undefined
    return this.#base[ino]
  }

  dir(ino: number): DirNode | undefined {
    const node = this.get(ino)
    return node?.k === 'd' ? node : undefined
  }

  /** A node of its own, that may be changed in place. */
  edit(ino: number): Node {
    const own = this.state.nodes[ino]
    if (own) return own
    const shared = this.#base[ino] as Node
    const copy = shared.k === 'd' ? { ...shared, entries: { ...shared.entries } } : { ...shared }
    this.state.nodes[ino] = copy
    return copy
  }

  touched(ino: number): void {
    this.changed?.(ino)
  }

  lookup(dir: number, name: string): number | undefined {
    const node = this.get(dir)
    return node?.k === 'd' ? entryOf(node.entries, name) : undefined
  }

  names(dir: number): string[] {
    const node = this.dir(dir)
    return node ? Object.keys(node.entries) : []
  }

  /** Puts a new node into a directory. */
  add(dir: number, name: string, node: Node): number {
    const ino = this.state.next++
    this.state.nodes[ino] = node
    this.#enter(dir, name, ino, node.mtime)
    return ino
  }

  #enter(dir: number, name: string, ino: number, mtime: number): void {
    const parent = this.edit(dir) as DirNode
    setEntry(parent.entries, name, ino)
    parent.mtime = mtime
    this.touched(dir)
  }

  link(dir: number, name: string, ino: number, now: number): void {
    const node = this.edit(ino)
    if (node.k === 'f') node.more = (node.more ?? 0) + 1
    this.#enter(dir, name, ino, now)
  }

  /** Takes a name away; the node goes with its last name, unless `keep` (it is still open). */
  unlink(dir: number, name: string, now: number, keep = false): void {
    const ino = this.lookup(dir, name)
    if (ino === undefined) return
    const parent = this.edit(dir) as DirNode
    delete parent.entries[name]
    parent.mtime = now
    const node = this.get(ino)
    if (node?.k === 'f' && node.more) (this.edit(ino) as FileNode).more = node.more - 1
    else if (!keep) this.drop(ino)
    this.touched(dir)
  }

  drop(ino: number): void {
    if (this.#base[ino]) this.state.nodes[ino] = null
    else delete this.state.nodes[ino]
  }

  /** Moves a name; what was at the new one is gone. */
  move(from: number, name: string, to: number, as: string, now: number): void {
    const ino = this.lookup(from, name)
    if (ino === undefined || (from === to && name === as)) return
    const old = this.lookup(to, as)
    if (old === ino) return
    if (old !== undefined) this.removeTree(to, as, now)
    const parent = this.edit(from) as DirNode
    delete parent.entries[name]
    parent.mtime = now
    this.#enter(to, as, ino, now)
    this.touched(from)
  }

  removeTree(dir: number, name: string, now: number): void {
    const ino = this.lookup(dir, name)
    const node = ino === undefined ? undefined : this.dir(ino)
    if (node) for (const child of Object.keys(node.entries)) this.removeTree(ino as number, child, now)
    this.unlink(dir, name, now)
  }

  /** Bytes in all its files. */
  used(): number {
    return usedOf(this.state)
  }
}

/** Bytes of what was written over the base, which need not be known. */
export function usedOf({ nodes }: DiskState): number {
  let sum = 0
  for (const node of Object.values(nodes)) if (node?.k === 'f') sum += node.data.length
  return sum
}
