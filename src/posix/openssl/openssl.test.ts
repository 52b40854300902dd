/** What the real openssl said to many command lines, and what ours says: words, requests and certificates byte for byte. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { runRecorded } from '../testing/recorded.ts'

interface Recorded {
  script: string
  out: string
  err: string
  status: number
}

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const recorded: Recorded[] = JSON.parse(read('recorded.json'))
const prelude = read('prelude.sh')

/** The number of a thread before each line of openssl's queue of errors. */
const masked = (text: string): string => text.replace(/^[0-9A-F]{12,16}:error/gm, 'THREAD:error')

test('what was recorded is what stands in the list', () => {
  const scripts = read('cases.txt')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('# '))
  expect(recorded.map(({ script }) => script)).toEqual(scripts)
})

test.each(recorded.map((each) => [each.script, each] as const))('%s', (_name, { script, out, err, status }) => {
  const ran = runRecorded({ script: prelude + script, shell: 'bash', out, err, status })
  expect({ ...ran, err: masked(ran.err) }).toEqual({ out, err: masked(err), status })
})
