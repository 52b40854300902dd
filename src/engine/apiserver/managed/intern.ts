/**
 * One object per shape: equal field sets become the same object, so that thousands of Pods share their managedFields
 * and most comparisons are of references. Sharing only: nothing may rely on equal sets being identical.
 */
import { compareElements, type FieldSet, isLeaf, isMember, LEAF } from '#api/patch/field-set.ts'

/** Elements read so far, on the way to the set that ends here. */
interface State {
  /** The shared set whose elements these are. */
  set: FieldSet | null
  leaves: Map<string, State> | null
  parents: Map<string, Map<FieldSet, State>> | null
}

const start = (): State => ({ set: null, leaves: null, parents: null })

/** When this many states are known they are all forgotten: long sessions make many that never come back. */
const MOST = 50_000

let bare = start()
let members = start()
let shared = new WeakSet<FieldSet>()
let count = 0

function forget(): void {
  bare = start()
  members = start()
  shared = new WeakSet()
  count = 0
}

function step(state: State, element: string, child: FieldSet): State {
  if (child === LEAF) {
    state.leaves ??= new Map()
    let next = state.leaves.get(element)
    if (next === undefined) state.leaves.set(element, (next = begin()))
    return next
  }
  state.parents ??= new Map()
  let below = state.parents.get(element)
  if (below === undefined) state.parents.set(element, (below = new Map()))
  let next = below.get(child)
  if (next === undefined) below.set(child, (next = begin()))
  return next
}

function begin(): State {
  count += 1
  return start()
}

/** Whether this very object is one of ours. */
export const isShared = (set: object): boolean => set === LEAF || shared.has(set as FieldSet)

/** The shared object for a set; its children are interned on the way. */
export function intern(set: FieldSet): FieldSet {
  if (set === LEAF || shared.has(set)) return set
  if (isLeaf(set)) return LEAF
  if (count > MOST) forget()
  let state = '.' in set ? members : bare
  let fits = true
  for (const element in set) {
    if (element === '.') continue
    const child = set[element] as FieldSet
    const one = intern(child)
    if (one !== child) fits = false
    state = step(state, element, one)
  }
  state.set ??= settle(set, fits)
  return state.set
}

/** A shape met for the first time: the set itself if it is made as all of ours are, else one that is. */
function settle(set: FieldSet, fits: boolean): FieldSet {
  if (inOrder(set)) {
    const result = fits ? set : copied(set, Object.keys(set))
    shared.add(result)
    return result
  }
  const elements = Object.keys(set).filter((element) => element !== '.')
  return intern(copied(set, elements.sort(compareElements)))
}

function copied(set: FieldSet, elements: string[]): FieldSet {
  const result: Record<string, FieldSet> = isMember(set) ? { '.': LEAF } : {}
  for (const element of elements) if (element !== '.') result[element] = intern(set[element] as FieldSet)
  return result
}

/** Whether elements stand in structured-merge-diff's order, as the API server writes them. */
function inOrder(set: FieldSet): boolean {
  let before: string | null = null
  for (const element in set) {
    if (element === '.') {
      if (before !== null) return false
    } else {
      if (before !== null && compareElements(before, element) > 0) return false
      before = element
    }
  }
  return true
}
