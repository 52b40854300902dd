/** Entry: `npm run mutants -- [--seeds N] [--seed S] [--objects N] [--minutes N]`: lives among mistyped manifests. */
import { parseArgs } from 'node:util'
import { enableRest } from '#engine/rest.ts'
import { enableYaml } from '#engine/yaml.ts'
import { mutantLife } from './mutant-life.ts'
import { storyManifests } from './mutants.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '20' },
    seed: { type: 'string' },
    objects: { type: 'string', default: '60' },
    minutes: { type: 'string', default: '120' },
  },
})
enableYaml()
enableRest()
const manifests = storyManifests(`${process.env['TABERNETES_ROOT'] ?? '.'}/src/scenarios`)
const seeds = values.seed ? [values.seed] : Array.from({ length: Number(values.seeds) }, (_, i) => String(i + 1))
let failed = 0
for (const seed of seeds) {
  const broken = mutantLife({ seed, manifests, objects: Number(values.objects), minutes: Number(values.minutes) })
  if (broken === null) continue
  failed += 1
  console.log(`seed ${seed} broke: ${broken}`)
}
console.log(`${seeds.length - failed} passed, ${failed} failed`)
process.exit(failed === 0 ? 0 : 1)
