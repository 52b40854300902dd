/** Plays command lines with a kubectl against a bridge of its own: what each printed, masked so that two plays may be compared. */
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { masker, normal } from '../../src/scenarios/mask.ts'
import { startBridge } from './bridge.ts'

export interface Line {
  section: string
  text: string
  /** Prepares something; what it prints is not looked at. */
  silent: boolean
  /** Its lines have no order. */
  unordered: boolean
}

/** `## section`, `# note`, `~ preparation`, `% unordered`, and plain command lines; a backslash goes on. */
export function parseLines(text: string): Line[] {
  const lines: Line[] = []
  let section = ''
  for (const whole of text.replace(/\\\n/g, '').split('\n')) {
    if (whole.startsWith('## ')) section = whole.slice(3).trim()
    else if (whole.trim() !== '' && !whole.startsWith('#')) {
      lines.push({
        section,
        text: whole.replace(/^[~%] /, '').replaceAll('\u0001', '\n'),
        silent: whole.startsWith('~ '),
        unordered: whole.startsWith('% '),
      })
    }
  }
  return lines
}

/** Output lines, standard error with `! ` in front, the status at the end unless it is 0. */
export type Output = string[]

const LIMIT_MS = 60_000

function run(text: string, cwd: string, env: NodeJS.ProcessEnv): Promise<{ stdout: string; stderr: string; status: number }> {
  return new Promise((done) => {
    const child = spawn('bash', ['-c', text], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    let [stdout, stderr] = ['', '']
    child.stdout.on('data', (chunk: Buffer) => void (stdout += chunk.toString()))
    child.stderr.on('data', (chunk: Buffer) => void (stderr += chunk.toString()))
    const late = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), LIMIT_MS)
    child.on('close', (code) => {
      clearTimeout(late)
      done({ stdout, stderr, status: code ?? 137 })
    })
  })
}

/** Plays the lines on a fresh cluster; `kubectl` is a command line of its own. */
export async function playLines(lines: readonly Line[], kubectl: string): Promise<Map<Line, Output>> {
  const bridge = await startBridge('--port', '0', '--nodes', '3', '--seed', '7', '--addons', 'metrics-server')
  const work = mkdtempSync(path.join(tmpdir(), 'lines-'))
  const outputs = new Map<Line, Output>()
  try {
    const bin = path.join(work, 'bin')
    mkdirSync(bin)
    writeFileSync(path.join(bin, 'kubectl'), `#!/bin/sh\nexec ${kubectl} "$@"\n`)
    chmodSync(path.join(bin, 'kubectl'), 0o755)
    const folder = path.join(work, 'folder')
    mkdirSync(folder)
    const config = path.join(work, 'config')
    writeFileSync(config, readFileSync(bridge.kubeconfig, 'utf8'))
    const env = { PATH: `${bin}:${process.env['PATH']}`, HOME: path.join(work, 'home'), KUBECONFIG: config, LC_ALL: 'C.UTF-8' }
    const nodes = await run("kubectl get nodes -o jsonpath='{.items[*].status.addresses[0].address}'", folder, env)
    const mask = masker(nodes.stdout.split(' '), [
      ['port', '(?<=127\\.0\\.0\\.1:)\\d{4,5}\\b'],
      ['work', work],
      ['temporary', '/tmp/(?:LIVE|MERGED|kubectl-edit|kubectl)-[\\w-]+'],
    ])
    for (const line of lines) {
      const { stdout, stderr, status } = await run(line.text, folder, env)
      if (line.silent) continue
      const out = stdout.replace(/\n$/, '')
      const err = stderr.replace(/\n$/, '')
      const printed = [
        ...(stdout === '' ? [] : mask[line.unordered ? 'sorted' : 'lines'](out.split('\n'))),
        ...(stderr === '' ? [] : mask.lines(err.split('\n')).map((one) => `! ${one}`)),
        ...(status === 0 ? [] : [`? ${status}`]),
      ]
      outputs.set(line, printed.map(normal))
    }
  } finally {
    await bridge.stop()
    rmSync(work, { recursive: true, force: true })
  }
  return outputs
}
