/** Entry: `npm run storm -- [--seeds N] [--seed S] [--steps N] [--verbose] [--reload]`. */
import { parseArgs } from 'node:util'
import { storm } from './storm.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '100' },
    seed: { type: 'string' },
    steps: { type: 'string', default: '60' },
    verbose: { type: 'boolean', default: false },
    reload: { type: 'boolean', default: false },
  },
})
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
