/** Entry: `npm run storm -- [--seeds N] [--seed S] [--steps N] [--verbose] [--reload]`, or `-- --bad-input N [--seed S]`. */
import { parseArgs } from 'node:util'
import { badInput } from './bad-input.ts'
import { storm } from './storm.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    steps: { type: 'string', default: '60' },
    verbose: { type: 'boolean', default: false },
    reload: { type: 'boolean', default: false },
    'bad-input': { type: 'string' },
  },
})
if (values['bad-input']) {
  const { requests, problems, statuses } = badInput({
    seed: Number(values.seed ?? 1),
    requests: Number(values['bad-input']),
    clock: () => process.cpuUsage().user / 1000,
    ...(values.verbose ? { log: (line: string) => console.log(line) } : {}),
  })
  for (const problem of problems) console.log(problem)
  const told = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`)
  console.log(`${requests} requests (${told.join(', ')}), ${problems.length} broke something`)
  process.exit(problems.length === 0 ? 0 : 1)
}
const seeds = values.seed ? [values.seed] : Array.from({ length: Number(values.seeds) }, (_, i) => String(i + 1))
let failed = 0
for (const seed of seeds) {
  const result = storm({
    seed,
    steps: Number(values.steps),
    reload: values.reload,
    ...(values.verbose ? { log: (line: string) => console.log(line) } : {}),
  })
  if (result.problems.length === 0) continue
  failed += 1
  console.log(`seed ${seed} broke:\n  ${result.problems.join('\n  ')}`)
}
console.log(`${seeds.length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
