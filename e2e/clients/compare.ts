/** Plays command lines with a kubectl against a bridge of its own: what each printed, masked so that two plays may be compared. */
import { spawn } from 'node:child_process'
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { descriptionsFromDisk } from '../../src/bridge-files.ts'
import { masker, normal } from '../../src/scenarios/mask.ts'
import { startBridge } from './bridge.ts'
import { Host, type Said } from './hosted.ts'

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

/** Output goes to files: what runs in this process can open those of a caller, but no sockets. */
function run(text: string, cwd: string, env: NodeJS.ProcessEnv): Promise<Said> {
  const files = ['out', 'err'].map((name) => path.join(cwd, '..', name)) as [string, string]
  for (const file of files) rmSync(file, { force: true })
  const [out, err] = files.map((file) => openSync(file, 'a')) as [number, number]
  return new Promise((done) => {
    const child = spawn('bash', ['-c', text], { cwd, env, stdio: ['ignore', out, err], detached: true })
    const late = setTimeout(() => process.kill(-(child.pid as number), 'SIGKILL'), LIMIT_MS)
    child.on('close', (code) => {
      clearTimeout(late)
      closeSync(out)
      closeSync(err)
      const [stdout, stderr] = files.map((file) => readFileSync(file, 'utf8')) as [string, string]
      done({ stdout, stderr, status: code ?? 137 })
    })
  })
}

interface Staged {
  stop(): Promise<unknown> | void
  /** Runs kubectl without a shell around it, where that is cheaper. */
  call?(words: readonly string[], folder: string, env: Record<string, string>): Promise<Said>
}

/** Fills a folder for programs and writes a kubeconfig. */
export type Stage = (bin: string, kubeconfig: string) => Promise<Staged>

const SEED = '7'
const ADDONS = 'metrics-server'

/** A kubectl that is a command line of its own, over a bridge. */
export const overBridge =
  (kubectl: string): Stage =>
  async (bin, kubeconfig) => {
    const bridge = await startBridge('--port', '0', '--nodes', '3', '--seed', SEED, '--addons', ADDONS)
    writeFileSync(path.join(bin, 'kubectl'), `#!/bin/sh\nexec ${kubectl} "$@"\n`, { mode: 0o755 })
    writeFileSync(kubeconfig, readFileSync(bridge.kubeconfig, 'utf8'))
    return { stop: () => bridge.stop() }
  }

/** Ours, in this process and in virtual time. */
export const hosted: Stage = async (bin, kubeconfig) => {
  const host = new Host(SEED, [ADDONS], descriptionsFromDisk())
  await host.open(bin, kubeconfig)
  return { stop: () => host.stop(), call: (words, folder, env) => host.call(words, folder, env) }
}

/** The words of a line that a shell would only take apart; null where it would do more. */
function plainWords(text: string): string[] | null {
  const parts = [...text.matchAll(/\s*((?:'[^']*'|"[^"$`\\!]*"|[\w@%+=:,./^-])+)(?=\s|$)/gy)]
  if (parts.map(([whole]) => whole).join('') !== text.trimEnd() || parts[0]?.[1] !== 'kubectl') return null
  return parts.slice(1).map(([, word = '']) => word.replace(/'([^']*)'|"([^"]*)"/g, (_, one, two) => one ?? two))
}

/** Plays each section on a cluster of its own. */
export async function playSections(lines: readonly Line[], stage: Stage): Promise<Map<Line, Output>> {
  const outputs = new Map<Line, Output>()
  for (const section of new Set(lines.map((line) => line.section))) {
    const own = lines.filter((line) => line.section === section)
    for (const [line, output] of await playLines(own, stage)) outputs.set(line, output)
  }
  return outputs
}

/** Plays the lines on a fresh cluster. */
export async function playLines(lines: readonly Line[], stage: Stage): Promise<Map<Line, Output>> {
  const work = mkdtempSync(path.join(tmpdir(), 'lines-'))
  const outputs = new Map<Line, Output>()
  const [bin, folder, config] = ['bin', 'folder', 'config'].map((name) => path.join(work, name)) as [string, string, string]
  for (const made of [bin, folder]) mkdirSync(made)
  const { stop, call } = await stage(bin, config)
  try {
    // A path of its own: plugins are looked for along it.
    const env = { PATH: `${bin}:/usr/bin:/bin`, HOME: path.join(work, 'home'), KUBECONFIG: config, LC_ALL: 'C.UTF-8' }
    const nodes = await run("kubectl get nodes -o jsonpath='{.items[*].status.addresses[0].address}'", folder, env)
    const mask = masker(nodes.stdout.split(' '), [
      ['port', '(?<=127\\.0\\.0\\.1:)\\d{4,5}\\b'],
      ['work', work],
      ['version', '(?<=to be 1, was )\\d+'],
      // A signature's bytes, written as DER, are some more or fewer each time.
      ['authority', '(?<=ca\\.crt: +)\\d+(?= bytes)'],
      ['certificate', '-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----'],
      ['temporary', '/tmp/(?:LIVE|MERGED|kubectl-edit|kubectl)-[\\w-]+'],
    ])
    for (const line of lines) {
      const words = call && plainWords(line.text)
      const { stdout, stderr, status } = await (words ? call(words, folder, env) : run(line.text, folder, env))
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
    await stop()
    rmSync(work, { recursive: true, force: true })
  }
  return outputs
}
