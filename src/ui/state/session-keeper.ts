/** Keeps the running session for this tab: a reload, or a worker that died, continues from it. Two tabs do not meet. */
import type { Session } from '#api/request.ts'

export interface SessionKeeper {
  keep(session: Session): void
  last(): Session | null
  forget(): void
}

const KEY = 'tabernetes.session'
/** Replaying takes time: a session longer than this, in simulated ms, is not resumed by itself after a reload. */
const LONGEST = 2 * 3_600_000

export function createSessionKeeper(): SessionKeeper {
  let session: Session | null = null
  let disk: Storage | null = null
  try {
    disk = globalThis.sessionStorage
    session = JSON.parse(disk.getItem(KEY) ?? 'null') as Session | null
    if (session && (session.version !== 1 || session.until > LONGEST)) session = null
  } catch {
    session = null
  }
  return {
    keep(next) {
      session = next
      try {
        disk?.setItem(KEY, JSON.stringify(next))
      } catch {
        // Full or refused: this tab still has it in memory, only a reload forgets.
        disk = null
      }
    },
    last: () => session,
    forget() {
      session = null
      try {
        disk?.removeItem(KEY)
      } catch {
        disk = null
      }
    },
  }
}
