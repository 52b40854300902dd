/** Fixed seats: a pod keeps its slot on a machine for life, and a freed slot is the next one taken. */

export interface Seats {
  /** Seat of an occupant; seated at the lowest free slot when new. */
  seat(room: string, uid: string): number
  leave(room: string, uid: string): void
  /** Occupants by slot; `undefined` where a slot is free. */
  row(room: string): readonly (string | undefined)[]
}

export function createSeats(): Seats {
  const rooms = new Map<string, { slots: (string | undefined)[]; at: Map<string, number>; free: number }>()
  const roomOf = (name: string) => {
    let room = rooms.get(name)
    if (!room) rooms.set(name, (room = { slots: [], at: new Map(), free: 0 }))
    return room
  }
  return {
    seat(name, uid) {
      const room = roomOf(name)
      const known = room.at.get(uid)
      if (known !== undefined) return known
      let slot = room.free
      while (room.slots[slot] !== undefined) slot += 1
      room.slots[slot] = uid
      room.at.set(uid, slot)
      room.free = slot + 1
      return slot
    },
    leave(name, uid) {
      const room = rooms.get(name)
      const slot = room?.at.get(uid)
      if (!room || slot === undefined) return
      room.at.delete(uid)
      room.slots[slot] = undefined
      room.free = Math.min(room.free, slot)
      while (room.slots.length > 0 && room.slots.at(-1) === undefined) room.slots.pop()
    },
    row: (name) => rooms.get(name)?.slots ?? [],
  }
}

/** Room of a machine's system pods: they sit apart, so that the learner's own keep the good seats. */
export const systemRoom = (node: string): string => `${node} system`

const SYSTEM = new Set(['kube-system', 'kube-public', 'kube-node-lease', 'local-path-storage'])
export const isSystem = (namespace: string | undefined): boolean => SYSTEM.has(namespace ?? '')
