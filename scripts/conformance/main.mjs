// Kubernetes' own tests against our bridge: `npm run conformance -- [--list FILE] [--focus RE] [--category api,ctrl,…] [--procs N]`.
// A test that the list (`docs/conformance.tsv`, or `docs/e2e.tsv`) has as passing and that fails makes the exit status 1; `--update`
// writes what was seen, and `--add CATEGORY` first adds to the list the binary's other tests that match `--focus`.
import { mkdirSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { e2eBinary, kubectlBinary, listTests } from './binary.mjs'
import { readList, writeList } from './list.mjs'
import { runTests } from './process.mjs'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cache = path.join(root, '.cache', 'conformance')

const { values } = parseArgs({
  options: {
    list: { type: 'string', default: path.join(root, 'docs', 'conformance.tsv') },
    add: { type: 'string' },
    addons: { type: 'string' },
    focus: { type: 'string', default: '' },
    category: { type: 'string', default: '' },
    state: { type: 'string', default: '' },
    procs: { type: 'string', default: '1' },
    batch: { type: 'string', default: '20' },
    nodes: { type: 'string', default: '' },
    speed: { type: 'string', default: '1' },
    patience: { type: 'string', default: '900' },
    logs: { type: 'string', default: path.join(cache, 'logs') },
    kubectl: { type: 'string', default: process.env.KUBECTL ?? '' },
    e2e: { type: 'string', default: process.env.E2E_TEST ?? '' },
    protobuf: { type: 'boolean', default: false },
    update: { type: 'boolean', default: false },
  },
})

function chosen(tests) {
  const focus = new RegExp(values.focus)
  const among = (list, value) => list === '' || list.split(',').includes(value)
  const state = values.state === '' ? (test) => test.state !== 'out' : (test) => among(values.state, test.state)
  return tests.filter((test) => focus.test(test.name) && among(values.category, test.category) && state(test))
}

const options = { root, protobuf: values.protobuf, nodes: values.nodes, speed: values.speed, patience: Number(values.patience) }
try {
  options.e2e = e2eBinary(cache, values.e2e)
  options.kubectl = kubectlBinary(cache, values.kubectl)
  if (values.add) addTests(values.add)
} catch (error) {
  console.error(`conformance: ${error.message}`)
  process.exit(2)
}

/** Conformance tests have a list of their own. */
function addTests(category) {
  const list = readList(values.list)
  const focus = new RegExp(values.focus)
  const known = new Set(list.tests.map(({ name }) => name))
  const others = listTests(options.e2e).filter((name) => focus.test(name) && !known.has(name) && !name.includes('[Conformance]'))
  list.tests.push(...others.map((name) => ({ name, category, state: 'untried', why: '' })))
  list.tests.sort((a, b) => (a.name < b.name ? -1 : 1))
  writeList(values.list, list)
}

const { tests, addons } = readList(values.list)
options.addons = values.addons ?? addons ?? 'dns,policy'
const picked = chosen(tests)
if (picked.length === 0) {
  console.error('no test of the list is chosen by these options')
  process.exit(2)
}
mkdirSync(values.logs, { recursive: true })

const SAID = { passes: 'passed', fails: 'FAILED', skips: 'skips ' }
const results = new Map()
function onResult(name, state, seconds) {
  results.set(name, state)
  console.log(`${SAID[state]} ${seconds.toFixed(1).padStart(6)} s  ${name}`)
}

/** After each batch, so that a run that is broken off is not in vain; another run may have written meanwhile. */
function remember() {
  if (!values.update) return
  const latest = readList(values.list)
  for (const test of latest.tests) {
    const state = results.get(test.name)
    if (state && state !== test.state) Object.assign(test, { state, why: '' })
  }
  writeList(values.list, latest)
}

const waiting = picked.map(({ name }) => name)
let batches = 0

/** Takes tests from the one queue, some at a time, each time with a fresh bridge. */
async function work() {
  while (waiting.length > 0) {
    const names = waiting.splice(0, Number(values.batch))
    const logFile = path.join(values.logs, `${String(++batches).padStart(3, '0')}.log`)
    const left = await runTests(names, { ...options, logFile, onResult })
    remember()
    if (left.length === 0) continue
    if (left.length === 1) {
      onResult(left[0], 'fails', Number.NaN)
      continue
    }
    // Which one hung or broke the bridge shows when each has one to itself.
    for (const name of left) {
      const alone = path.join(values.logs, `${String(++batches).padStart(3, '0')}.log`)
      const [without] = await runTests([name], { ...options, logFile: alone, onResult })
      if (without) onResult(name, 'fails', Number.NaN)
    }
  }
}

await Promise.all(Array.from({ length: Number(values.procs) }, work))
remember()

const broken = picked.filter(({ name, state }) => state === 'passes' && results.get(name) !== 'passes')
const fresh = picked.filter(({ name, state }) => state !== 'passes' && results.get(name) === 'passes')
for (const { name } of broken) console.log(`regression: ${name}`)
if (fresh.length > 0 && !values.update)
  console.log(`${fresh.length} that the list does not know as passing passed: --update writes it`)
const count = (state) => [...results.values()].filter((each) => each === state).length
console.log(
  `${count('passes')} passed, ${count('fails')} failed${count('skips') > 0 ? `, ${count('skips')} skipped themselves` : ''}`,
)
process.exit(broken.length > 0 ? 1 : 0)
