import { expect, it } from 'vitest'
import { createHistory } from './use-history.ts'
import { usedIn } from './watch-usage.ts'

const at = (time: number, cpu = 0.1) => ({ at: time, cpu, memory: 1 })

it('keeps each measurement once, in the order of their time', () => {
  const history = createHistory()
  expect(history.note('pod a', at(15))).toBe(true)
  expect(history.note('pod a', at(45))).toBe(true)
  expect(history.note('pod a', at(45))).toBe(false)
  // Asked while one looked at the past.
  expect(history.note('pod a', at(30))).toBe(true)
  expect(history.until('pod a', 100).map((p) => p.at)).toEqual([15, 30, 45])
  expect(history.until('pod a', 30).map((p) => p.at)).toEqual([15, 30])
  expect(history.until('pod b', 100)).toEqual([])
})

it('forgets what was undone, and what is longer ago than an hour', () => {
  const history = createHistory()
  for (let i = 1; i <= 300; i += 1) history.note('node n', at(i * 15))
  expect(history.until('node n', 1e9)).toHaveLength(240)
  history.undo(4000)
  expect(history.until('node n', 1e9).at(-1)?.at).toBe(3990)
})

it('does not grow with every Pod that ever was', () => {
  const history = createHistory()
  for (let i = 0; i < 500; i += 1) history.note(`pod ${i}`, at(15))
  expect(history.until('pod 0', 100)).toEqual([])
  expect(history.until('pod 499', 100)).toHaveLength(1)
})

it('reads what a node uses, and adds up a Pod’s containers', () => {
  const pod = { containers: [{ usage: { cpu: '2500000n', memory: '10240Ki' } }, { usage: { cpu: '1m', memory: '1Mi' } }] }
  expect(usedIn(pod as any)).toEqual({ cpu: 0.0035, memory: 11 * 2 ** 20 })
  expect(usedIn({ usage: { cpu: '1500m', memory: '2Gi' } } as any)).toEqual({ cpu: 1.5, memory: 2 ** 31 })
})
