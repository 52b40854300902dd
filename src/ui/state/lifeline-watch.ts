/** Looks after the cluster: is it alive, does it answer, and what would it take to start it again. */
import type { StoreApi } from 'zustand/vanilla'
import type { Session, SimulationPort, Stop } from '#api/request.ts'
import type { Clock } from './clock.ts'
import type { Lifeline } from './lifeline.ts'

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
  let known = false
  const look = (): void => {
    const error = clock.store.getState().status?.error
    if (error) {
      lifeline.setState({ broken: error })
      return
    }
    const quiet = asked && !document.hidden && performance.now() - heard > SILENT_MS
    const [silent, late] = [quiet && known, quiet && !known]
    const now = lifeline.getState()
    if (silent !== now.silent || late !== now.late) lifeline.setState({ silent, late })
    if (asked) return
    asked = true
    simulation.session().then(
      (session) => {
        asked = false
        known = true
        heard = performance.now()
        keep(session)
      },
      (reason: unknown) => lifeline.setState({ broken: String(reason) }),
    )
  }
  const timer = setInterval(look, LOOK_MS)
  return () => clearInterval(timer)
}
