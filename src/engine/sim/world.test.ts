import { describe, expect, it } from 'vitest'
import { World } from './world.ts'

/** A part that remembers what it is told, and by the dice tells itself more. */
function gossip(world: World) {
  const state = { heard: [] as string[] }
  world.join({
    name: 'gossip',
    due(what: string, data: number) {
      state.heard.push(`${world.now - world.epoch} ${what} ${data}`)
      const dice = world.random('dice')
      if (data > 0) for (let i = dice.below(3); i > 0; i--) world.after(dice.below(100), 'gossip', 'tell', data - 1)
    },
    save: () => state,
    load: (saved) => Object.assign(state, saved),
  })
  return state
}

function begun(seed = 'a') {
  const world = new World({ seed, epoch: 1_000_000 })
  const state = gossip(world)
  for (let i = 0; i < 20; i++) world.after(i * 7, 'gossip', 'tell', 6)
  return { world, state }
}

describe('the world', () => {
  it('runs what is due in order of time, then of asking', () => {
    const world = new World({ seed: 'a', epoch: 0 })
    const state = gossip(world)
    world.after(5, 'gossip', 'later', 0)
    world.after(1, 'gossip', 'first', 0)
    world.after(1, 'gossip', 'second', 0)
    world.runUntil(10)
    expect(state.heard).toEqual(['1 first 0', '1 second 0', '5 later 0'])
    expect(world.now).toBe(10)
  })

  it('never runs what was cancelled', () => {
    const world = new World({ seed: 'a', epoch: 0 })
    const state = gossip(world)
    const first = world.after(1, 'gossip', 'no', 0)
    world.after(2, 'gossip', 'yes', 0)
    world.cancel(first)
    world.runUntil(10)
    expect(state.heard).toEqual(['2 yes 0'])
  })

  it('lives the same life from the same seed, and another from another', () => {
    const [a, b, c] = [begun('a'), begun('a'), begun('c')]
    for (const { world } of [a, b, c]) world.runUntil(world.epoch + 1000)
    expect(b.state.heard).toEqual(a.state.heard)
    expect(c.state.heard).not.toEqual(a.state.heard)
  })

  it('does not care how its time is sliced', () => {
    const [whole, sliced] = [begun(), begun()]
    whole.world.runUntil(whole.world.epoch + 1000)
    for (let ms = 1; ms <= 1000; ms++) sliced.world.runUntil(sliced.world.epoch + ms)
    expect(sliced.state.heard).toEqual(whole.state.heard)
  })

  it('goes on identically after save and load, wherever it is cut', () => {
    const whole = begun()
    whole.world.runUntil(whole.world.epoch + 1000)
    for (const cut of [0, 13, 50, 170]) {
      const first = begun()
      first.world.runUntil(first.world.epoch + cut)
      const text = JSON.stringify(first.world.save())
      const second = new World({ seed: 'a', epoch: 1_000_000 })
      const state = gossip(second)
      second.load(JSON.parse(text))
      second.runUntil(second.epoch + 1000)
      expect(state.heard).toEqual(whole.state.heard)
      expect(JSON.stringify(second.save())).toBe(JSON.stringify(whole.world.save()))
    }
  })

  it('gives each stream its own luck', () => {
    const one = new World({ seed: 'a', epoch: 0 })
    const two = new World({ seed: 'a', epoch: 0 })
    two.random('other').word()
    expect(two.random('mine').word()).toBe(one.random('mine').word())
  })
})
