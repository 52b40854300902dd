/** What ZooKeeper keeps: a tree of nodes with data and versions, changed by numbered transactions. */

/** Epoch and counter: of two, the later one has the larger. */
export interface Zxid {
  epoch: number
  counter: number
}

export interface Znode {
  data: string
  created: Zxid
  modified: Zxid
  /** Of the last change of its children. */
  children: Zxid
  ctime: number
  mtime: number
  cversion: number
  version: number
}
/** By path. */
export type Tree = Readonly<Record<string, Znode>>

export type Change =
  | { op: 'create'; path: string; data: string; sequential?: boolean }
  | { op: 'set'; path: string; data: string; version?: number }
  | { op: 'delete'; path: string; version?: number }
  /** A session that begins or ends. */
  | { op: 'session' }

/** What became of a change: the path it made, or why not. */
export type Changed = { path: string; tree: Tree } | { why: Why }
export type Why = 'NodeExists' | 'NoNode' | 'NotEmpty' | 'BadVersion' | 'BadArguments'

const NONE: Zxid = { epoch: 0, counter: 0 }
const bare = (data = ''): Znode => ({
  data,
  created: NONE,
  modified: NONE,
  children: NONE,
  ctime: 0,
  mtime: 0,
  cversion: 0,
  version: 0,
})

export const emptyTree = (): Tree => ({ '/': bare(), '/zookeeper': bare(), '/zookeeper/quota': bare() })

export const later = (a: Zxid, b: Zxid): boolean => a.epoch > b.epoch || (a.epoch === b.epoch && a.counter > b.counter)
export const hex = ({ epoch, counter }: Zxid): string =>
  epoch === 0 ? `0x${counter.toString(16)}` : `0x${epoch.toString(16)}${counter.toString(16).padStart(8, '0')}`

const above = (path: string): string => path.slice(0, path.lastIndexOf('/')) || '/'
export const childrenOf = (tree: Tree, path: string): string[] =>
  Object.keys(tree)
    .filter((each) => each !== '/' && above(each) === path)
    .map((each) => each.slice(each.lastIndexOf('/') + 1))
    .sort()

/** The node at a path, if there is one. */
export const nodeAt = (tree: Tree, path: string): Znode | undefined => (Object.hasOwn(tree, path) ? tree[path] : undefined)

const isPath = (path: string): boolean => path === '/' || /^(\/[^/]+)+$/.test(path)

export function apply(tree: Tree, change: Change, zxid: Zxid, now: number): Changed {
  if (change.op === 'session') return { path: '', tree }
  if (!isPath(change.path)) return { why: 'BadArguments' }
  if (change.op === 'create') return create(tree, change, zxid, now)
  const node = nodeAt(tree, change.path)
  if (!node) return { why: 'NoNode' }
  const { version = -1 } = change
  if (version !== -1 && version !== node.version) return { why: 'BadVersion' }
  if (change.op === 'set') {
    const next = { ...node, data: change.data, modified: zxid, mtime: now, version: node.version + 1 }
    return { path: change.path, tree: { ...tree, [change.path]: next } }
  }
  if (change.path === '/') return { why: 'BadArguments' }
  if (childrenOf(tree, change.path).length > 0) return { why: 'NotEmpty' }
  const { [change.path]: _gone, ...rest } = tree
  return { path: change.path, tree: { ...rest, ...touched(tree, above(change.path), zxid) } }
}

function create(tree: Tree, { path: given, data, sequential }: Change & { op: 'create' }, zxid: Zxid, now: number): Changed {
  const parent = tree[above(given)]
  if (!parent) return { why: 'NoNode' }
  const path = sequential ? `${given}${String(parent.cversion).padStart(10, '0')}` : given
  if (tree[path]) return { why: 'NodeExists' }
  const made = { ...bare(data), created: zxid, modified: zxid, children: zxid, ctime: now, mtime: now }
  return { path, tree: { ...tree, ...touched(tree, above(path), zxid), [path]: made } }
}

/** A node whose children have changed. */
function touched(tree: Tree, path: string, zxid: Zxid): Tree {
  const node = tree[path]
  return node ? { [path]: { ...node, children: zxid, cversion: node.cversion + 1 } } : {}
}
