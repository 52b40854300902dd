/** What real shells made of many small scripts, and what ours makes of them. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type Recorded, runRecorded } from '../testing/recorded.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const recorded: Recorded[] = JSON.parse(read('recorded.json'))
/** Scripts that come out otherwise, each with its reason. */
const known = new Map(
  read('known.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
    .map((line) => [line.split(' ← ')[0] as string, line.split(' ← ')[1] as string]),
)
/** Usage texts: only that there is one. */
const masked = (text: string): string =>
  text.replace(/BusyBox v[^]*?\n\nUsage: \S+[^]*?(?=\n\w+: |$)/g, 'USAGE').replace(/\s+$/, '\n')
const keyOf = (each: Recorded): string => `${each.shell}|${each.script.replaceAll('\n', '⏎')}`

test('there are hundreds of them, and few that differ', () => {
  expect(recorded.length).toBeGreaterThan(600)
  expect(known.size).toBeLessThan(recorded.length / 20)
  for (const key of known.keys()) expect(recorded.map(keyOf)).toContain(key)
})

test.each(recorded.filter((each) => !known.has(keyOf(each))).map((each) => [keyOf(each), each] as const))('%s', (_key, each) => {
  const { out, err, status } = runRecorded(each)
  expect({ out, err: masked(err), status }).toEqual({ out: each.out, err: masked(each.err), status: each.status })
})
