/** The shell behind the terminal: the learner's own, on this desk's cluster, with the editor's text as a file. */
import { createShell, type Shell } from '#shell/shell.ts'
import type { Desk } from '../../state/desk.ts'

/** Where `kubectl apply -f` finds what stands in the editor. */
const EDITOR_FILE = 'manifest.yaml'
const LOOK_MS = 50

export function openShell(desk: Desk): Pick<Shell, 'run' | 'complete'> {
  const shell = createShell({
    transport: desk.transport,
    now: () => desk.clock.now() || Date.now(),
    sleep: (ms) => sleep(desk, ms),
  })
  return {
    run(line, io) {
      shell.files.write(EDITOR_FILE, desk.storage.get('draft') ?? '')
      return shell.run(line, io)
    },
    complete: (line, cursor) => shell.complete(line, cursor),
  }
}

/** Sleeps in the cluster's time, so that a paused cluster also pauses its scripts. */
function sleep(desk: Desk, ms: number): Promise<void> {
  if (!desk.simulation) return new Promise((wake) => setTimeout(wake, ms))
  const until = desk.clock.now() + ms
  return new Promise((wake) => {
    const look = (): void => {
      if (desk.clock.now() >= until) wake()
      else setTimeout(look, LOOK_MS)
    }
    look()
  })
}
