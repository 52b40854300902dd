// Type-checks the whole and each walled zone (whose `lib` has neither DOM nor Node), side by side.
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'

const projects = [
  'tsconfig.json',
  ...['api', 'posix', 'engine', 'client', 'gotemplate', 'kubectl', 'transport', 'lessons', 'helm'].map(
    (zone) => `src/${zone}/tsconfig.json`,
  ),
].filter(existsSync)
const check = (project) =>
  new Promise((done) => spawn('npx', ['tsc', '-p', project], { stdio: 'inherit' }).on('exit', (code) => done(code === 0)))
const results = []
for (const project of projects) results.push(await check(project))
process.exit(results.every(Boolean) ? 0 : 1)
