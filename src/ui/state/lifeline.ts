/** The page's hold on its cluster: whether it still lives, what to say about it, and how to start it again. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Session, Transport } from '#api/request.ts'
import type { Opened } from './link.ts'

export interface Lifeline {
  /** Why the cluster has stopped; `null` while it runs. */
  broken: string | null
  /** It has not answered for a while: busy, or gone. */
  silent: boolean
  /** It has not answered at all yet, and should have: its code is still on its way over a slow line. */
  late: boolean
  /** A sentence about how this session began. */
  notice: string
  /** Starts again from a session, or from nothing. */
  restart(session: Session | null): void
  /** Begins another cluster in the place of this one: a lesson's. */
  begin(cluster: { seed: string; nodes: number; scene: string; addons?: readonly string[] }): void
  /** Begins anew with what a link holds. */
  open(opened: Extract<Opened, { ok: true }>): void
  lastSession(): Session | null
  /** Another cluster as this one is now, to try things out on; it stands still. */
  rehearse(): Promise<{ transport: Transport; end(): void }>
}

export const createLifeline = (): StoreApi<Lifeline> =>
  createStore<Lifeline>()(() => ({
    broken: null,
    silent: false,
    late: false,
    notice: '',
    restart: () => location.reload(),
    begin: () => location.reload(),
    open: () => {},
    lastSession: () => null,
    rehearse: () => Promise.reject(new Error('no simulation')),
  }))
