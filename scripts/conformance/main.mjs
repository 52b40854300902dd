// Kubernetes' conformance suite against our bridge: `npm run conformance -- [--focus RE] [--category api,ctrl,…] [--procs N]`.
// A test that `docs/conformance.tsv` lists as passing and that fails makes the exit status 1; `--update` writes what was seen.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { e2eBinary, kubectlBinary } from './binary.mjs'
import { readList, writeList } from './list.mjs'
import { runTests } from './process.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cache = path.join(root, '.cache', 'conformance')

const { values } = parseArgs({
  options: {
    focus: { type: 'string', default: '' },
    category: { type: 'string', default: '' },
    state: { type: 'string', default: '' },
    procs: { type: 'string', default: '1' },
    batch: { type: 'string', default: '20' },
    speed: { type: 'string', default: '1' },
    patience: { type: 'string', default: '900' },
    kubectl: { type: 'string', default: process.env.KUBECTL ?? '' },
    e2e: { type: 'string', default: process.env.E2E_TEST ?? '' },
    protobuf: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
  },
})

function chosen(tests) {
  const focus = new RegExp(values.focus)
  const among = (list, value) => list === '' || list.split(',').includes(value)
  return tests.filter(
    ({ name, category, state }) => focus.test(name) && among(values.category, category) && among(values.state, state),
  )
}

const tests = readList()
const picked = chosen(tests)
if (picked.length === 0) {
  console.error('no conformance test is chosen by these options')
  process.exit(2)
}

const options = { root, protobuf: values.protobuf, speed: values.speed, patience: Number(values.patience) }
try {
  options.e2e = e2eBinary(cache, values.e2e)
  options.kubectl = kubectlBinary(cache, values.kubectl)
} catch (error) {
  console.error(`conformance: ${error.message}`)
  process.exit(2)
}
mkdirSync(path.join(cache, 'logs'), { recursive: true })

const results = new Map()
function onResult(name, passed, seconds) {
  results.set(name, passed)
  console.log(`${passed ? 'passed' : 'FAILED'} ${seconds.toFixed(1).padStart(6)} s  ${name}`)
}

/** After each batch, so that a run that is broken off is not in vain; another run may have written meanwhile. */
function remember() {
  if (!values.update) return
  const latest = readList()
  for (const test of latest) {
    if (results.has(test.name)) test.state = results.get(test.name) ? 'passes' : 'fails'
  }
  writeList(latest)
}

const waiting = picked.map(({ name }) => name)
let batches = 0

/** Takes tests from the one queue, some at a time, each time with a fresh bridge. */
async function work() {
  while (waiting.length > 0) {
    const names = waiting.splice(0, Number(values.batch))
    const logFile = path.join(cache, 'logs', `${String(++batches).padStart(3, '0')}.log`)
    const left = await runTests(names, { ...options, logFile, onResult })
    remember()
    if (left.length === 0) continue
    if (left.length === 1) {
      onResult(left[0], false, Number.NaN)
      continue
    }
    // Which one hung or broke the bridge shows when each has one to itself.
    for (const name of left) {
      const alone = path.join(cache, 'logs', `${String(++batches).padStart(3, '0')}.log`)
      const [without] = await runTests([name], { ...options, logFile: alone, onResult })
      if (without) onResult(name, false, Number.NaN)
    }
  }
}

await Promise.all(Array.from({ length: Number(values.procs) }, work))
remember()

const broken = picked.filter(({ name, state }) => state === 'passes' && results.get(name) === false)
const fresh = picked.filter(({ name, state }) => state !== 'passes' && results.get(name) === true)
for (const { name } of broken) console.log(`regression: ${name}`)
if (fresh.length > 0 && !values.update)
  console.log(`${fresh.length} that the list does not know as passing passed: --update writes it`)
const passed = [...results.values()].filter(Boolean).length
console.log(`${passed} passed, ${results.size - passed} failed`)
process.exit(broken.length > 0 ? 1 : 0)
