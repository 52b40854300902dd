/** The simulated clock as the page sees it: the last status, and where the clock must be by now. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { SimulationStatus } from '#api/request.ts'

export interface Clock {
  readonly store: StoreApi<{ status: SimulationStatus | null }>
  take(status: SimulationStatus): void
  /** Simulated ms since 1970; between two statuses it glides on at the current speed. Never runs backwards. */
  now(): number
}

/** How far ahead of the last news the page may guess; a busy worker is late, it must not be overtaken for long. */
const GUESS_MS = 250

export function createClock(wall: () => number = () => performance.now()): Clock {
  const store = createStore<{ status: SimulationStatus | null }>()(() => ({ status: null }))
  let heardAt = 0
  let shown = 0
  return {
    store,
    take(status) {
      const before = store.getState().status
      if (before && status.now < before.now) shown = 0
      heardAt = wall()
      store.setState({ status })
    },
    now() {
      const { status } = store.getState()
      if (!status) return 0
      const speed = typeof status.speed === 'number' ? status.speed : 0
      const guess = status.now + Math.min(wall() - heardAt, GUESS_MS) * speed
      shown = Math.max(shown, guess)
      return speed === 0 ? Math.max(status.now, Math.min(shown, status.now)) : shown
    },
  }
}

/** `1:02`, `3:25:09`, `2d 3:25:09`. */
export function clockText(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (n: number): string => String(n).padStart(2, '0')
  const [d, h, m, s] = [
    Math.floor(seconds / 86_400),
    Math.floor(seconds / 3600) % 24,
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ]
  if (d > 0) return `${d}d ${h}:${two(m)}:${two(s)}`
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
