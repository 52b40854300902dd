/** All machines as one pool: what they can give together, what is asked of them, what waits. Follows each change; nothing is counted anew. */
import type { Node, Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Stop } from '#api/request.ts'
import type { Change, Mirror } from '#client/mirror.ts'
import { amount, asks, isDone } from './asks.ts'

export const RESOURCES = ['cpu', 'memory', 'ephemeral-storage', 'pods'] as const
export type Resource = (typeof RESOURCES)[number]
export type Sums = Record<Resource, number>

export interface Share {
  room: Sums
  asked: Sums
  /** Takes no ordinary Pod: cordoned, silent, or kept for others by a taint. */
  closed: boolean
}

export interface Pool {
  /** Of all machines. */
  readonly room: Sums
  /** By Pods that have a machine. */
  readonly asked: Sums
  /** By Pods that have none yet. */
  readonly waiting: Sums
  readonly machines: ReadonlyMap<string, Share>
}

const none = (): Sums => ({ cpu: 0, memory: 0, 'ephemeral-storage': 0, pods: 0 })

const roomOf = (node: Node): Sums => {
  const room = none()
  for (const what of RESOURCES) room[what] = amount(node.status?.allocatable?.[what])
  return room
}

function askedBy(pod: Pod): Sums {
  const asked = none()
  for (const what of RESOURCES) asked[what] = what === 'pods' ? 1 : asks(pod, what)
  return asked
}

const add = (to: Sums, more: Sums, sign: 1 | -1): void => {
  for (const what of RESOURCES) to[what] += sign * more[what]
}

const isClosed = ({ spec }: Node): boolean =>
  spec?.unschedulable === true || (spec?.taints ?? []).some(({ effect }) => effect === 'NoSchedule' || effect === 'NoExecute')

export function createPool(mirror: Mirror): { pool: Pool; stop: Stop } {
  const machines = new Map<string, Share>()
  const pool = { room: none(), asked: none(), waiting: none(), machines }
  const shareOf = (name: string): Share => {
    const share = machines.get(name) ?? { room: none(), asked: none(), closed: true }
    machines.set(name, share)
    return share
  }
  const countPod = (object: AnyObject | undefined, sign: 1 | -1): void => {
    const pod = object as unknown as Pod | undefined
    if (!pod || isDone(pod)) return
    const asked = askedBy(pod)
    add(pod.spec.nodeName ? pool.asked : pool.waiting, asked, sign)
    if (pod.spec.nodeName) add(shareOf(pod.spec.nodeName).asked, asked, sign)
  }
  const countNode = (object: AnyObject | undefined, sign: 1 | -1): void => {
    const node = object as unknown as Node | undefined
    if (!node) return
    const room = roomOf(node)
    add(pool.room, room, sign)
    const share = shareOf(node.metadata.name)
    add(share.room, room, sign)
    share.closed = sign < 0 || isClosed(node)
    if (sign < 0 && share.asked.pods === 0) machines.delete(node.metadata.name)
  }
  /** As it was counted: the mirror may hold more already than it has told. */
  const counted = { pods: new Map<string, AnyObject>(), nodes: new Map<string, AnyObject>() }
  const take = ({ id, key, after }: Change): void => {
    if (id !== 'pods' && id !== 'nodes') return
    const count = id === 'pods' ? countPod : countNode
    count(counted[id].get(key), -1)
    count(after, 1)
    if (after) counted[id].set(key, after)
    else counted[id].delete(key)
  }
  for (const id of ['nodes', 'pods']) for (const [key, after] of mirror.all(id)) take({ id, key, after })
  return { pool, stop: mirror.subscribe((changes) => changes.forEach(take)) }
}

/** The machine on which most is free, by its scarcest resource: a Pod must fit into one piece. */
export function largestPiece({ machines }: Pool): { name: string; cpu: number; memory: number } | null {
  let best: { name: string; cpu: number; memory: number; worth: number } | null = null
  for (const [name, { room, asked, closed }] of machines) {
    const [cpu, memory] = [room.cpu - asked.cpu, room.memory - asked.memory]
    const worth = Math.min(cpu / (room.cpu || 1), memory / (room.memory || 1)) * room.cpu
    if (!closed && room.pods > asked.pods && cpu > 0 && memory > 0 && worth > (best?.worth ?? 0))
      best = { name, cpu, memory, worth }
  }
  return best
}

/** What machines could give that take no ordinary Pod. */
export function closedOff({ machines }: Pool): { count: number; cpu: number; memory: number } {
  const sum = { count: 0, cpu: 0, memory: 0 }
  for (const { room, closed } of machines.values()) {
    if (!closed || room.pods === 0) continue
    sum.count += 1
    sum.cpu += room.cpu
    sum.memory += room.memory
  }
  return sum
}
