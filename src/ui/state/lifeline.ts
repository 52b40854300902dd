/** The page's hold on its cluster: whether it still lives, what to say about it, and how to start it again. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Session, SimulationPort, Stop } from '#api/request.ts'
import type { Clock } from './clock.ts'

export interface Lifeline {
  /** Why the cluster has stopped; `null` while it runs. */
  broken: string | null
  /** It has not answered for a while: busy, or gone. */
  silent: boolean
  /** A sentence about how this session began. */
  notice: string
  /** Starts again from a session, or from nothing. */
  restart(session: Session | null): void
  lastSession(): Session | null
}

export const createLifeline = (): StoreApi<Lifeline> =>
  createStore<Lifeline>()(() => ({
    broken: null,
    silent: false,
    notice: '',
    restart: () => location.reload(),
    lastSession: () => null,
  }))

const LOOK_MS = 3000
const SILENT_MS = 12_000

/** Looks after the cluster: takes down its session now and then, and notices when it is silent or has stopped. */
export function watchOver(
  lifeline: StoreApi<Lifeline>,
  simulation: SimulationPort,
  clock: Clock,
  keep: (session: Session) => void,
): Stop {
  let heard = performance.now()
  let asked = false
  const look = (): void => {
    const error = clock.store.getState().status?.error
    if (error) {
      lifeline.setState({ broken: error })
      return
    }
    const silent = asked && !document.hidden && performance.now() - heard > SILENT_MS
    if (silent !== lifeline.getState().silent) lifeline.setState({ silent })
    if (asked) return
    asked = true
    simulation.session().then(
      (session) => {
        asked = false
        heard = performance.now()
        keep(session)
      },
      (reason: unknown) => lifeline.setState({ broken: String(reason) }),
    )
  }
  const timer = setInterval(look, LOOK_MS)
  return () => clearInterval(timer)
}
