/** What the real git said to many command lines, and what ours says: words, ids and files. */
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
const lines = read('cases.txt').split('\n')

test('what was recorded is what stands in the list', () => {
  const scripts = lines.filter((line) => line !== '' && !line.startsWith('# '))
  expect(recorded.map(({ script }) => script)).toEqual(scripts)
})

test.each(recorded.map((each) => [each.script, each] as const))('%s', (_name, { script, out, err, status }) => {
  const ran = runRecorded({ script: prelude + script.replaceAll('⏎', '\n'), shell: 'bash', out, err, status })
  expect(ran).toEqual({ out, err, status })
})
