/** Waiting for something to become so: looked at when anything changes that it could follow from, never by the clock alone. */
import type { Stop } from '#api/request.ts'
import type { Desk } from './desk.ts'

export type Changing = Pick<Desk, 'choices' | 'clock' | 'mirror' | 'verdict'>

/** Runs after what was picked, the clock, the objects or the verdict have changed; once for all that changes at once. */
export function onChange({ choices, clock, mirror, verdict }: Changing, run: () => void): Stop {
  let asked = false
  let stopped = false
  const soon = (): void => {
    if (asked) return
    asked = true
    queueMicrotask(() => {
      asked = false
      if (!stopped) run()
    })
  }
  const stops = [choices.subscribe(soon), clock.store.subscribe(soon), verdict.subscribe(soon), mirror.subscribe(soon)]
  soon()
  return () => {
    stopped = true
    for (const stop of stops) stop()
  }
}

/** Whether it became so within so long; while the clock stands nothing can, and that time does not count. */
export function becomes(desk: Changing, so: () => boolean, patience: number): Promise<boolean> {
  return new Promise((done) => {
    let timer: ReturnType<typeof setTimeout>
    const end = (reached: boolean): void => {
      stop()
      clearTimeout(timer)
      done(reached)
    }
    const stop = onChange(desk, () => so() && end(true))
    const arm = (): void => {
      timer = setTimeout(() => (desk.clock.store.getState().status?.speed === 'paused' ? arm() : end(false)), patience)
    }
    arm()
  })
}
