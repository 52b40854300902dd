// Records what the real programs say to the scripts of a cases.txt: `node scripts/recorded-cases.mjs src/posix/git` (git 2.39), `… src/posix/openssl` (openssl 3.0).
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const [folder] = process.argv.slice(2)
if (!folder) throw new Error('which folder?')
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
