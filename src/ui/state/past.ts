/** Looking back: one seek at a time, the latest wish wins; and the ways back into the present. */
import type { Speed } from '#api/request.ts'
import { t } from '../words/index.ts'
import type { Desk } from './desk.ts'

export interface Seeker {
  /** The hand is on the timeline: the clock stands. */
  begin(): void
  to(elapsed: number): void
  end(): void
  resume(): Promise<void>
  fork(): Promise<void>
  /** The speed to go on with. */
  readonly speed: Speed
}

const seekers = new WeakMap<Desk, Seeker>()

export function seeker(desk: Desk): Seeker {
  const known = seekers.get(desk) ?? create(desk)
  seekers.set(desk, known)
  return known
}

function create(desk: Desk): Seeker {
  const { simulation, clock, story } = desk
  let before: Speed = 1
  let wish: number | null = null
  let busy = false
  const statusOf = () => clock.store.getState().status
  const isPast = (): boolean => statusOf()?.present !== undefined
  const go = async (): Promise<void> => {
    if (busy || !simulation) return
    busy = true
    try {
      while (wish !== null) {
        const elapsed = wish
        wish = null
        clock.take(await simulation.seek(elapsed))
      }
    } finally {
      busy = false
    }
  }
  return {
    get speed() {
      return before
    },
    begin() {
      const { speed = 1 } = statusOf() ?? {}
      if (!isPast() && speed !== 'paused') before = speed
      story.hush()
      void simulation?.setSpeed('paused')
    },
    to(elapsed) {
      wish = elapsed
      void go()
    },
    end() {
      // Let go at the right end: that is the present, and it goes on.
      const settle = (): void => {
        if (busy) setTimeout(settle, 30)
        else if (!isPast()) void simulation?.setSpeed(before)
      }
      settle()
    },
    async resume() {
      await simulation?.resume()
      await simulation?.setSpeed(before)
    },
    async fork() {
      await simulation?.fork()
      story.say(t('From here on it goes another way.'))
      await simulation?.setSpeed(before)
    },
  }
}
