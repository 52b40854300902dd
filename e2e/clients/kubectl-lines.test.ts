/** Our kubectl, in this process and in virtual time, line by line beside what the real one printed once. */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { hosted, parseLines, playLines } from './compare.ts'
import { keyed, readRecorded } from './recorded.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = readFileSync(`${root}/e2e/clients/kubectl-lines.txt`, 'utf8')
const known = new Set(
  readFileSync(`${root}/e2e/clients/kubectl-known.txt`, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#')),
)
const SECTIONS = [...new Set(parseLines(text).map(({ section }) => section))]

const recorded = readRecorded(root)

for (const section of SECTIONS) {
  it(`prints the same: ${section}`, { timeout: 300_000 }, async () => {
    const lines = parseLines(text).filter((line) => line.section === section)
    const ours = keyed(await playLines(lines, hosted)).filter(([key]) => !known.has(key))
    expect(Object.fromEntries(ours)).toEqual(Object.fromEntries(ours.map(([key]) => [key, recorded[key]])))
  })
}
