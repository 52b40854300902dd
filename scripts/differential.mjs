// Records what real shells make of the scripts in src/posix/differential: `node scripts/differential.mjs [--busybox FILE] [--bash FILE]`.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'

const { values } = parseArgs({
  options: { busybox: { type: 'string', default: 'busybox' }, bash: { type: 'string', default: '/bin/bash' } },
})
const folder = fileURLToPath(new URL('../src/posix/differential', import.meta.url))
const PLACE = '/tmp/case'

function run(shell, script) {
  rmSync(PLACE, { recursive: true, force: true })
  mkdirSync(PLACE)
  const [file, args] = shell === 'bash' ? [values.bash, ['-c', script]] : [values.busybox, ['sh', '-c', script]]
  const options = {
    cwd: PLACE,
    argv0: shell === 'bash' ? 'bash' : 'busybox',
    env: { HOME: '/root', PATH: '/usr/bin:/bin', TZ: 'UTC' },
    input: '',
    timeout: 10_000,
  }
  const { stdout, stderr, status, signal } = spawnSync(file, args, { ...options, encoding: 'utf8' })
  return { script, shell, out: stdout, err: stderr, status: status ?? `signal ${signal}` }
}

const recorded = []
for (const [name, shells] of [
  ['cases.txt', ['ash', 'bash']],
  ['tools.txt', ['ash']],
]) {
  for (const line of readFileSync(path.join(folder, name), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('# ')) continue
    const [, only, text] = /^(?:(bash|ash)\|)?(.*)$/.exec(line)
    for (const shell of only ? [only] : shells) recorded.push(run(shell, text.replaceAll('⏎', '\n')))
  }
}
writeFileSync(path.join(folder, 'recorded.json'), `[\n${recorded.map((each) => JSON.stringify(each)).join(',\n')}\n]\n`)
console.log(`${recorded.length} scripts recorded`)
