// Benchmarks: `npm run bench -- [--only NAME[,NAME]] [--json FILE]`. Each runs in a process of its own, one after the other.
import { execFileSync, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { rolldown } from 'rolldown'
import { sizes } from './budget.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const cache = path.join(root, '.cache', 'bench')
const peerFolder = path.join(root, '.cache', 'peer')
const PEER = '@ngrok/webernetes@0.3.5'
mkdirSync(cache, { recursive: true })

async function bundle(input, file, options = {}) {
  const built = await rolldown({ input, cwd: root, platform: 'node', external: [/^node:/], logLevel: 'silent', ...options })
  await built.write({ file, format: 'esm', minify: true, codeSplitting: false })
  return file
}

const main = await bundle(path.join(root, 'src/bench/main.ts'), path.join(cache, `main-${process.pid}.mjs`))

function child(file, ...args) {
  const { status, stdout } = spawnSync(process.execPath, ['--expose-gc', '--max-old-space-size=8192', file, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`${args[0]} failed with status ${status}`)
  return JSON.parse(stdout.trim().split('\n').at(-1))
}

const round = (value, digits = 2) => Number(value.toFixed(digits))
const ours = (name) => () => child(main, name)

/** The pods' cost at 1,000, 10,000 and 50,000, and how far apart they are. */
function flatness(results) {
  const costs = Object.entries({ 1000: 'deploy_1000', 10000: 'deploy_10000', 50000: 'deploy_50000' }).map(([pods, name]) => [
    pods,
    ((results[name] ??= ours(name)()).cpu_s * 1e6) / Number(pods),
  ])
  const us = costs.map(([, cost]) => cost)
  return {
    ...Object.fromEntries(costs.map(([pods, cost]) => [`cpu_us_per_pod_at_${pods}`, Math.round(cost)])),
    growth_ratio: round(us.at(-1) / us[0]),
  }
}

function bundles() {
  if (!existsSync(path.join(root, 'dist', '.vite', 'manifest.json'))) {
    execFileSync('npm', ['run', 'build'], { cwd: root, stdio: ['ignore', 2, 2] })
  }
  return sizes()
}

/** CPU seconds per pod of webernetes, at 100 and at 330 replicas, divided by ours at 1,000: all in this one run. */
async function peer() {
  if (!existsSync(path.join(peerFolder, 'node_modules', '@ngrok'))) {
    mkdirSync(peerFolder, { recursive: true })
    writeFileSync(path.join(peerFolder, 'package.json'), '{ "private": true }\n')
    execFileSync('npm', ['install', '--no-audit', '--no-fund', PEER], { cwd: peerFolder, stdio: ['ignore', 2, 2] })
  }
  const driver = await bundle(path.join(root, 'scripts/bench-peer.mjs'), path.join(cache, `peer-${process.pid}.mjs`), {
    resolve: { modules: [path.join(peerFolder, 'node_modules')] },
  })
  const { cpu_s, cold_cpu_s } = child(main, 'deploy_1000')
  const [at100, at330] = [child(driver, '100'), child(driver, '330')]
  const ownPerPod = cpu_s / 1000
  return {
    ours_1000_cpu_s: cpu_s,
    peer_100_cpu_s: at100.cpu_s,
    peer_330_cpu_s: at330.cpu_s,
    peer_ratio_at_100: round(at100.cpu_s / 100 / ownPerPod, 1),
    peer_ratio: round(at330.cpu_s / 330 / ownPerPod, 1),
    peer_ratio_cold: round(at330.cpu_s / 330 / (cold_cpu_s / 1000), 1),
  }
}

const BENCHMARKS = {
  boot: ours('boot'),
  deploy_1000: ours('deploy_1000'),
  deploy_10000: ours('deploy_10000'),
  deploy_50000: ours('deploy_50000'),
  cost_per_pod: flatness,
  rollout_1000: ours('rollout_1000'),
  idle_100: ours('idle_100'),
  idle_5000: ours('idle_5000'),
  message: ours('message'),
  saving: ours('saving'),
  containers: ours('containers'),
  bundles,
  peer_ratio: peer,
}

/** The scheduler on scheduler_perf's workloads; `--only scheduling` is all of them, `--only TopologySpreading` one. */
const WORKLOADS = child(main, 'workloads')
for (const name of WORKLOADS) BENCHMARKS[name] = ours(name)

const { values } = parseArgs({ options: { only: { type: 'string' }, json: { type: 'string' } } })
const asked = values.only?.split(',').flatMap((name) => (name === 'scheduling' ? WORKLOADS : name))
const names = asked ?? Object.keys(BENCHMARKS)
const unknown = names.find((name) => !BENCHMARKS[name])
if (unknown) throw new Error(`no benchmark ${unknown}; there are ${Object.keys(BENCHMARKS).join(', ')}`)
const results = {}
for (const name of names) {
  results[name] ??= await BENCHMARKS[name](results)
  console.log(name)
  for (const [unit, value] of Object.entries(results[name]))
    console.log(`  ${unit.padEnd(28)}${value.toLocaleString('en').padStart(14)}`)
  if (values.json) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
}
