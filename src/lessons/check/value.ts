/** Values a check can read off the present cluster, and what can be claimed of them. */
import type { AnyObject, Condition } from '#api/meta.ts'
import type { Raft } from '#api/raft.ts'
import { matchesLabels } from './labels.ts'
import type { Breakage, View } from './moment.ts'

/** Something that can be read at any moment; `needs` are the resources to watch for it. */
export class Value<T> {
  readonly needs: readonly string[]
  readonly read: (view: View) => T

  constructor(needs: readonly string[], read: (view: View) => T) {
    this.needs = needs
    this.read = read
  }

  map<U>(change: (value: T) => U): Value<U> {
    return new Value(this.needs, (view) => change(this.read(view)))
  }
  is(wanted: unknown): Value<boolean> {
    return this.map((value) => value === wanted)
  }
  isNot(unwanted: unknown): Value<boolean> {
    return this.map((value) => value !== unwanted)
  }
  atLeast(least: number): Value<boolean> {
    return this.map((value) => Number(value) >= least)
  }
  atMost(most: number): Value<boolean> {
    return this.map((value) => Number(value) <= most)
  }
  matches(pattern: RegExp): Value<boolean> {
    return this.map((value) => pattern.test(String(value ?? '')))
  }
  /** As another value is at the same moment; nothing is the same as nothing. */
  sameAs(other: Value<unknown>): Value<boolean> {
    return new Value(needsOf([this, other]), (view) => {
      const value = this.read(view)
      return value !== undefined && value === other.read(view)
    })
  }
  exists(): Value<boolean> {
    return this.map((value) => value !== undefined && value !== null)
  }
}

/** Something that is so, or not, at any moment. */
export type Claim = Value<boolean>

export const not = (claim: Claim): Claim => claim.map((so) => !so)
export const both = (...claims: Claim[]): Claim => new Value(needsOf(claims), (view) => claims.every((claim) => claim.read(view)))
export const either = (...claims: Claim[]): Claim =>
  new Value(needsOf(claims), (view) => claims.some((claim) => claim.read(view)))

export const needsOf = (parts: readonly { needs: readonly string[] }[]): string[] => [
  ...new Set(parts.flatMap((part) => part.needs)),
]

/** One object, and fields of it. */
export class ObjectValue extends Value<AnyObject | undefined> {
  /** A field by its path, list items by number: `status.containerStatuses.0.restartCount`. */
  path(path: string): Value<any> {
    return this.map((object) => at(object, path))
  }
  /** The status of a condition: `True`, `False`, `Unknown`, or undefined when nobody has set it. */
  condition(type: string): Value<string | undefined> {
    return this.map((object) => conditionOf(object, type))
  }
}

/** `obj('deployment/shop')`; `obj('pod/kube-system/dns')` for another namespace than `default`; `obj('node/node-1')`. */
export function obj(what: string): ObjectValue {
  const [word = '', ...rest] = what.split('/')
  const [name = '', namespace = 'default'] = rest.reverse()
  return new ObjectValue([word], (view) => view.find(word, namespace, name) ?? view.find(word, '', name))
}

export interface Where {
  /** Labels as kubectl's -l takes them, with `=` only: `app=shop,tier=web`. */
  labels?: string
  /** Absent: every namespace but kube-system. */
  namespace?: string
  is?: (object: AnyObject) => boolean
}

/** How many objects of a kind there are. */
export const count = (word: string, where: Where = {}): Value<number> => list(word, where).map((objects) => objects.length)

export const list = (word: string, where: Where = {}): Value<readonly AnyObject[]> =>
  new Value([word], (view) => view.all(word).filter((object) => suits(object, where)))

/** A part of the control plane is stopped, a machine's kubelet, its link, its disk or the machine itself: `broken('kubelets', 'node-1')`. */
export const broken = (kind: Breakage, name: string): Claim => new Value([], (view) => view.broken[kind].includes(name))

/** Something of etcd's members: `raft((it) => it.leader !== '')`; false where the control plane has one machine. */
export const raft = (claim: (raft: Raft) => boolean): Claim => new Value([], ({ raft: it }) => it !== undefined && claim(it))

/** The first such object by name. */
export const one = (word: string, where: Where = {}): ObjectValue =>
  new ObjectValue([word], (view) =>
    view
      .all(word)
      .filter((object) => suits(object, where))
      .sort((a, b) => (a.metadata.name < b.metadata.name ? -1 : 1))
      .at(0),
  )

export function suits(object: AnyObject, { labels, namespace, is }: Where): boolean {
  const own = object.metadata.namespace
  if (namespace === undefined ? own === 'kube-system' : own !== namespace) return false
  return (labels === undefined || matchesLabels(object, labels)) && (is?.(object) ?? true)
}

export const isReady = (object: AnyObject): boolean =>
  conditionOf(object, 'Ready') === 'True' && !object.metadata.deletionTimestamp

function conditionOf(object: AnyObject | undefined, type: string): string | undefined {
  const conditions = (object?.['status']?.conditions ?? []) as Condition[]
  return conditions.find((condition) => condition.type === type)?.status
}

export function at(object: unknown, path: string): unknown {
  let value: any = object
  for (const key of path.split('.')) value = value?.[key]
  return value
}
