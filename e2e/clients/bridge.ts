/** A bridge of one's own: started on a free port with a kubeconfig in a temporary folder, ended with SIGTERM. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Bridge {
  url: string
  kubeconfig: string
  folder: string
  /** Ends it; resolves with its exit status. */
  stop(): Promise<number | null>
}

export async function startBridge(...options: string[]): Promise<Bridge> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bridge-'))
  const kubeconfig = path.join(folder, 'kubeconfig')
  const child = spawn(process.execPath, ['scripts/run.mjs', 'src/bridge.ts', '--kubeconfig', kubeconfig, ...options], {
    cwd: root,
  })
  const url = await ready(child)
  return {
    url,
    kubeconfig,
    folder,
    stop: () =>
      new Promise((done) => {
        child.once('exit', (code) => {
          rmSync(folder, { recursive: true, force: true })
          done(code)
        })
        child.kill('SIGTERM')
      }),
  }
}

function ready(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = ''
    const hear = (chunk: Buffer): void => {
      said += chunk.toString()
      const url = /^ready (\S+)$/m.exec(said)?.[1]
      if (url) resolve(url)
    }
    child.stdout?.on('data', hear)
    child.stderr?.on('data', hear)
    child.once('exit', (code) => reject(new Error(`the bridge ended with ${code}: ${said}`)))
  })
}
