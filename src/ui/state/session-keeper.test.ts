import { afterEach, expect, it, vi } from 'vitest'
import type { Session } from '#api/request.ts'
import { createSessionKeeper } from './session-keeper.ts'

const session = (until: number): Session => ({ version: 1, seed: '1', epoch: 0, nodes: 1, scene: 'shop', inputs: [], until })

/** A tab's storage that is full now and then. */
function tab(isFull: () => boolean) {
  const kept = new Map<string, string>()
  return {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem(key: string, value: string) {
      if (isFull()) throw new DOMException('full', 'QuotaExceededError')
      kept.set(key, value)
    },
    removeItem: (key: string) => void kept.delete(key),
  }
}

afterEach(() => vi.unstubAllGlobals())

it('loses nothing in two hundred reloads and crashes, but what a full storage did not take', () => {
  let dice = 7
  const roll = (): number => {
    dice = (dice * 48271) % 2147483647
    return dice / 2147483647
  }
  let full = false
  vi.stubGlobal(
    'sessionStorage',
    tab(() => full),
  )
  let keeper = createSessionKeeper()
  keeper.begun('shop')
  let [stored, latest] = [0, 0]
  for (let run = 1; run <= 200; run += 1) {
    full = roll() < 0.2
    keeper.keep(session(run))
    latest = run
    if (!full) stored = run
    // A worker that crashes takes nothing of the page with it.
    expect(keeper.last()?.until).toBe(latest)
    full = false
    if (roll() < 0.5) {
      keeper = createSessionKeeper()
      expect(keeper.begun('shop')).toBe(true)
      expect(keeper.last()?.until ?? 0).toBe(stored)
      latest = stored
    }
  }
})

it('belongs to the address that it was begun from', () => {
  vi.stubGlobal(
    'sessionStorage',
    tab(() => false),
  )
  const keeper = createSessionKeeper()
  expect(keeper.begun('a')).toBe(false)
  keeper.keep(session(5))
  const again = createSessionKeeper()
  expect(again.begun('a')).toBe(true)
  expect(again.last()?.until).toBe(5)
  const other = createSessionKeeper()
  expect(other.begun('b')).toBe(false)
  expect(other.last()).toBeNull()
})

it('lives without storage, and with rubbish in it', () => {
  vi.stubGlobal('sessionStorage', undefined)
  const keeper = createSessionKeeper()
  expect(keeper.begun('a')).toBe(false)
  keeper.keep(session(3))
  expect(keeper.last()?.until).toBe(3)
  vi.stubGlobal('sessionStorage', { getItem: () => '{{{', setItem() {}, removeItem() {} })
  expect(createSessionKeeper().last()).toBeNull()
})
