/**
 * Our kubectl beside the real one, line by line: beside the real program where there is one, else beside what it printed once.
 * Runs when asked for (`KUBECTL_LINES=1`): its 788 lines take minutes, and the list of known differences is not complete yet.
 */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'
import { type Output, parseLines, playLines } from './compare.ts'
import { findKubectl } from './find-kubectl.ts'
import { bundleKubectl } from './our-kubectl.ts'
import { keyed, readRecorded } from './recorded.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const text = readFileSync(`${root}/e2e/clients/kubectl-lines.txt`, 'utf8')
const known = new Set(
  readFileSync(`${root}/e2e/clients/kubectl-known.txt`, 'utf8')
    .split('\n')
    .filter((line) => line && !line.startsWith('#')),
)
const SECTIONS = [...new Set(parseLines(text).map(({ section }) => section))]

for (const section of SECTIONS) {
  it.runIf(process.env['KUBECTL_LINES'])(`prints the same: ${section}`, { timeout: 900_000 }, async () => {
    const lines = parseLines(text).filter((line) => line.section === section)
    const real = findKubectl()
    const ours = Object.fromEntries(keyed(await playLines(lines, await bundleKubectl(root))))
    const theirs: Record<string, Output> = real
      ? Object.fromEntries(keyed(await playLines(lines, execFileSync('which', [real]).toString().trim())))
      : readRecorded(root)
    const compared = Object.keys(ours).filter((key) => !known.has(key) && theirs[key])
    expect(Object.fromEntries(compared.map((key) => [key, ours[key]]))).toEqual(
      Object.fromEntries(compared.map((key) => [key, theirs[key]])),
    )
  })
}
