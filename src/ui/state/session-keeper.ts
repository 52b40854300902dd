/** Keeps the running session for this tab: each input as it happens, and now and then a snapshot; a reload, or a worker that died, loses nothing. */
import type { Session, SessionInput } from '#api/request.ts'

export interface SessionKeeper {
  keep(session: Session): void
  /** Inputs of the session from this one on: they replace what was known there. */
  add(from: number, inputs: readonly SessionInput[]): void
  last(): Session | null
  /** From now on sessions belong to this address; whether the last one was begun from the same. */
  begun(address: string): boolean
  /** The last snapshot, if it is of the last session's past. */
  snapshot(): Promise<string | null>
  /** Asks for a snapshot when replaying would take longer than loading one. */
  consider(steps: number, save: () => Promise<string>): Promise<void>
  forget(): void
}

const KEY = 'tabernetes.session'
const TAB = 'tabernetes.tab'
/** Under it stands which address the tab's session was begun from. */
export const ADDRESS = 'tabernetes.address'
/** Replaying takes time: without a snapshot a session longer than this, in simulated ms, is not resumed after a reload. */
const LONGEST = 2 * 3_600_000
/** Entries of the due-queue between snapshots. */
const SNAPSHOT_STEPS = 4000
/** Making a snapshot may take this share of the time. */
const SHARE = 0.01
const OLD_MS = 7 * 86_400_000

interface Shot {
  text: string
  /** The inputs it has lived through, to be compared with the session's. */
  inputs: string
  at: number
}

const digest = (inputs: readonly SessionInput[]): string => `${inputs.length} ${JSON.stringify(inputs.at(-1) ?? null)}`

async function shelf() {
  const { openDB } = await import('idb')
  return openDB('tabernetes', 1, { upgrade: (db) => void db.createObjectStore('snapshots') })
}

/** Remembers the address that the tab's session is begun from. */
function isSameAddress(disk: Storage | null, address: string): boolean {
  try {
    if (disk?.getItem(ADDRESS) === address) return true
    disk?.setItem(ADDRESS, address)
  } catch {
    // Without storage every load is the first.
  }
  return false
}

export function createSessionKeeper(): SessionKeeper {
  let session: Session | null = null
  let disk: Storage | null = null
  let tab = ''
  try {
    disk = globalThis.sessionStorage
    session = JSON.parse(disk.getItem(KEY) ?? 'null') as Session | null
    if (session?.version !== 1) session = null
    tab = disk.getItem(TAB) ?? ''
    if (!tab) disk.setItem(TAB, (tab = `${Math.random()}`.slice(2)))
  } catch {
    session = null
  }
  let steps = 0
  let notBefore = 0
  const write = (): void => {
    try {
      disk?.setItem(KEY, JSON.stringify(session))
    } catch {
      // Full or refused: this tab still has it in memory, and a reload what was kept before; the next may fit again.
    }
  }
  return {
    keep(next) {
      session = next
      write()
    },
    add(from, inputs) {
      if (!session) return
      session = {
        ...session,
        inputs: [...session.inputs.slice(0, from), ...inputs],
        until: Math.max(session.until, inputs.at(-1)?.at ?? 0),
      }
      write()
    },
    begun(address) {
      const same = isSameAddress(disk, address)
      if (!same) session = null
      return same
    },
    last: () => session,
    async snapshot() {
      const shot = (await (await shelf()).get('snapshots', tab).catch(() => undefined)) as Shot | undefined
      const length = Number(shot?.inputs.split(' ')[0])
      const fits = shot && session && shot.inputs === digest(session.inputs.slice(0, length))
      if (fits) return shot.text
      if (session && session.until > LONGEST) session = null
      return null
    },
    async consider(now, save) {
      if (now < steps) steps = 0
      if (!tab || !session || now - steps < SNAPSHOT_STEPS || performance.now() < notBefore) return
      const [begun, before] = [performance.now(), session]
      const text = await save()
      notBefore = performance.now() + (performance.now() - begun) / SHARE
      // What came in meanwhile is not in the text for sure: the session as it was when asking.
      const shot: Shot = { text, inputs: digest(before.inputs), at: Date.now() }
      if (session?.inputs.length !== before.inputs.length) return
      steps = now
      const db = await shelf()
      await db.put('snapshots', shot, tab)
      for (const key of await db.getAllKeys('snapshots')) {
        const other = (await db.get('snapshots', key)) as Shot
        if (other.at < Date.now() - OLD_MS) await db.delete('snapshots', key)
      }
    },
    forget() {
      session = null
      steps = 0
      try {
        disk?.removeItem(KEY)
      } catch {
        disk = null
      }
    },
  }
}
