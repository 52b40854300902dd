// One run of the test binary against a bridge of its own, for a few tests; tells each result as it comes.
import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** Resolves once the bridge says that it is ready. */
function startBridge(root, kubeconfig, { nodes, speed, addons, log }) {
  const args = [
    'scripts/run.mjs',
    'src/bridge.ts',
    '--kubeconfig',
    kubeconfig,
    '--speed',
    speed,
    '--addons',
    addons,
    ...(nodes ? ['--nodes', nodes] : []),
  ]
  const child = spawn(process.execPath, args, { cwd: root })
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk) => {
      log.write(chunk)
      said = (said + chunk).slice(-4000)
      if (/^ready /m.test(said)) resolve(child)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => reject(new Error(`the bridge ended with ${code}: ${said}`)))
  })
}

const ended = (child) =>
  child.exitCode !== null || child.signalCode !== null ? Promise.resolve() : new Promise((done) => child.once('exit', done))

const STATES = { undefined: 'passes', SLOW: 'passes', SKIPPED: 'skips' }

/** Reads what Ginkgo prints: a test's full name on a line of its own, and later a dot with its verdict. */
function reader(names, onResult) {
  let rest = ''
  let current = null
  return (chunk) => {
    const lines = (rest + chunk).split('\n')
    rest = lines.pop()
    for (const line of lines) {
      if (line.startsWith('[')) current = names.find((name) => line === name || line.startsWith(`${name} [`)) ?? current
      const [, verdict, seconds] = /^[•S] (?:\[(\w+)\] )?\[([\d.]+) seconds\]/.exec(line) ?? []
      if (!seconds || !current) continue
      onResult(current, STATES[verdict] ?? 'fails', Number(seconds))
      current = null
    }
  }
}

const flags = ({ kubeconfig, kubectl, names, protobuf }) => [
  `--kubeconfig=${kubeconfig}`,
  '--provider=skeleton',
  `--kube-api-content-type=application/${protobuf ? 'vnd.kubernetes.protobuf' : 'json'}`,
  '--minStartupPods=-1',
  '--dump-logs-on-failure=false',
  `--kubectl-path=${kubectl}`,
  '--ginkgo.no-color',
  '--ginkgo.v',
  '--ginkgo.timeout=24h',
  `--ginkgo.focus=(${names.map(literal).join('|')})$`,
]

/**
 * Runs the tests in the binary's order and calls `onResult(name, state, seconds)`; returns the names that had no
 * result when the binary, or the bridge, ended, or when one took longer than `patience` seconds.
 */
export async function runTests(names, { root, e2e, kubectl, protobuf, nodes, speed, addons, patience, logFile, onResult }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'))
  const kubeconfig = path.join(folder, 'kubeconfig')
  const log = createWriteStream(logFile)
  const left = new Set(names)
  let late
  const read = reader(names, (name, state, seconds) => {
    if (left.delete(name)) onResult(name, state, seconds)
    late.refresh()
  })
  const bridge = await startBridge(root, kubeconfig, { nodes, speed, addons, log })
  const child = spawn(e2e, flags({ kubeconfig, kubectl, names, protobuf }), {
    cwd: folder,
    env: { ...process.env, HOME: folder },
  })
  child.stdout.pipe(log, { end: false })
  child.stdout.on('data', read)
  child.stderr.pipe(log, { end: false })
  const kill = () => child.kill('SIGKILL')
  late = setTimeout(kill, patience * 1000)
  bridge.once('exit', kill)
  await ended(child)
  clearTimeout(late)
  bridge.off('exit', kill)
  bridge.kill('SIGTERM')
  await ended(bridge)
  log.end()
  rmSync(folder, { recursive: true, force: true })
  return [...left]
}
