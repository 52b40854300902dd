// Records what the real git says to the scripts of src/posix/git/cases.txt: `node scripts/git-cases.mjs`. It has to be git 2.39, whose words ours are.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const folder = fileURLToPath(new URL('../src/posix/git', import.meta.url))
const PLACE = '/tmp/case'
const prelude = readFileSync(path.join(folder, 'prelude.sh'), 'utf8')

const recorded = []
for (const line of readFileSync(path.join(folder, 'cases.txt'), 'utf8').split('\n')) {
  if (line === '' || line.startsWith('# ')) continue
  rmSync(PLACE, { recursive: true, force: true })
  mkdirSync(PLACE)
  const { stdout, stderr, status } = spawnSync('/bin/bash', ['--norc', '-c', prelude + line.replaceAll('⏎', '\n')], {
    cwd: PLACE,
    env: { PATH: '/usr/bin:/bin', TZ: 'UTC', LC_ALL: 'C.UTF-8', TERM: 'dumb', GIT_CONFIG_NOSYSTEM: '1' },
    input: '',
    timeout: 20_000,
    encoding: 'utf8',
  })
  recorded.push({ script: line, out: stdout, err: stderr, status })
}
rmSync(PLACE, { recursive: true, force: true })
writeFileSync(path.join(folder, 'recorded.json'), `[\n${recorded.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`)
console.log(`${recorded.length} scripts recorded`)
