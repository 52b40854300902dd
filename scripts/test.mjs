// Runs every check and ends with `N passed, N failed, N skipped`. `--quick`: types, lint, tidy and units only, without stories and pages.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const quick = process.argv.includes('--quick')
const cache = `${root}.cache`
mkdirSync(cache, { recursive: true })
const total = { passed: 0, failed: 0, skipped: 0 }

function run(name, command, args, env = {}) {
  console.log(`\n── ${name}`)
  const started = performance.now()
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit', env: { ...process.env, ...env } })
  console.log(`── ${name}: ${status === 0 ? 'ok' : `exit ${status}`} in ${((performance.now() - started) / 1000).toFixed(1)} s`)
  return status ?? 1
}

/** A step without tests of its own counts as one. */
function step(name, command, args, env) {
  const ok = run(name, command, args, env) === 0
  total[ok ? 'passed' : 'failed'] += 1
  return ok
}

function vitest(name, config, args = []) {
  const file = `${cache}/vitest-${config}.json`
  rmSync(file, { force: true })
  const status = run(name, 'npx', [
    'vitest',
    'run',
    ...args,
    '--reporter=default',
    '--reporter=json',
    `--outputFile.json=${file}`,
  ])
  if (!existsSync(file)) return void (total.failed += 1)
  const report = JSON.parse(readFileSync(file, 'utf8'))
  total.passed += report.numPassedTests
  total.failed += report.numFailedTests
  total.skipped += report.numPendingTests
  // A file that does not load has no failed test of its own.
  if (status !== 0 && report.numFailedTests === 0) total.failed += 1
}

function playwright() {
  const file = `${cache}/playwright.json`
  rmSync(file, { force: true })
  const status = run('browser journeys', 'npx', ['playwright', 'test', '--reporter=list,json'], {
    PLAYWRIGHT_JSON_OUTPUT_NAME: file,
  })
  if (!existsSync(file)) return void (total.failed += 1)
  const { stats } = JSON.parse(readFileSync(file, 'utf8'))
  total.passed += stats.expected + stats.flaky
  total.failed += stats.unexpected
  total.skipped += stats.skipped
  if (status !== 0 && stats.unexpected === 0) total.failed += 1
}

step('generate', 'npm', ['run', 'generate', '--silent'])
step('types', 'node', ['scripts/types.mjs'])
step('lint', 'npx', ['biome', 'ci', '--error-on-warnings'])
vitest('units, tidy and scenarios', 'unit', quick ? ['--exclude', 'src/**/*.slow.test.ts', '--exclude', 'src/scenarios/**'] : [])
if (!quick) {
  if (step('build', 'npx', ['vite', 'build', '--logLevel', 'warn'])) step('size budget', 'node', ['scripts/budget.mjs'])
  step('lessons', 'node', ['scripts/run.mjs', 'src/lessons/prove.ts'])
  vitest('real clients', 'clients', ['--config', 'e2e/clients/vitest.config.ts'])
  if (step('browser', 'node', ['scripts/browser.mjs', '--install'])) playwright()
}
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed === 0 ? 0 : 1)
