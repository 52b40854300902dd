// One run of the test binary against a bridge of its own, for a few tests; tells each result as it comes.
import { spawn } from 'node:child_process'
import { createWriteStream, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'

const literal = (text) => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

/** Resolves once the bridge says that it is ready. */
function startBridge(root, kubeconfig, { speed, log }) {
  const args = ['scripts/run.mjs', 'src/bridge.ts', '--kubeconfig', kubeconfig, '--speed', speed]
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

/** Where the test binary posts `{"msg": "PASSED name"}` after each test. */
function listen(onResult) {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => (body += chunk))
    request.on('end', () => {
      response.end()
      const [, verdict, name] = /^(PASSED|FAILED) (.*)$/s.exec(JSON.parse(body).msg) ?? []
      if (verdict) onResult(name, verdict === 'PASSED')
    })
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve({ server, url: `http://127.0.0.1:${server.address().port}/` }))
  })
}

const flags = ({ kubeconfig, kubectl, names, url }) => [
  `--kubeconfig=${kubeconfig}`,
  '--provider=skeleton',
  '--kube-api-content-type=application/json',
  '--minStartupPods=-1',
  '--dump-logs-on-failure=false',
  `--kubectl-path=${kubectl}`,
  `--progress-report-url=${url}`,
  '--ginkgo.no-color',
  '--ginkgo.v',
  '--ginkgo.timeout=24h',
  `--ginkgo.focus=(${names.map(literal).join('|')})$`,
]

/**
 * Runs the tests in the binary's order and calls `onResult(name, passed, seconds)`; returns the names that had no
 * result when the binary, or the bridge, ended, or when one took longer than `patience` seconds.
 */
export async function runTests(names, { root, e2e, kubectl, speed, patience, logFile, onResult }) {
  const folder = mkdtempSync(path.join(tmpdir(), 'conformance-'))
  const kubeconfig = path.join(folder, 'kubeconfig')
  const log = createWriteStream(logFile)
  const left = new Set(names)
  let since = Date.now()
  let late
  const { server, url } = await listen((name, passed) => {
    if (!left.delete(name)) return
    onResult(name, passed, (Date.now() - since) / 1000)
    since = Date.now()
    late?.refresh()
  })
  const bridge = await startBridge(root, kubeconfig, { speed, log })
  const child = spawn(e2e, flags({ kubeconfig, kubectl, names, url }), { cwd: folder, env: { ...process.env, HOME: folder } })
  child.stdout.pipe(log, { end: false })
  child.stderr.pipe(log, { end: false })
  const kill = () => child.kill('SIGKILL')
  late = setTimeout(kill, patience * 1000)
  bridge.once('exit', kill)
  await ended(child)
  clearTimeout(late)
  // The last post may still be on its way.
  await new Promise((done) => setTimeout(done, 300))
  bridge.off('exit', kill)
  bridge.kill('SIGTERM')
  await ended(bridge)
  server.close()
  log.end()
  rmSync(folder, { recursive: true, force: true })
  return [...left]
}
