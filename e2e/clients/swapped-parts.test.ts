/** The real controller manager and the real scheduler, each in place of ours: what comes of three stories is the same. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { homedir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { startBridge } from './bridge.ts'
import { Story } from './swapped-story.ts'

/** Programs of Kubernetes 1.36, as a release or `go build` makes them. */
const programs = process.env['KUBERNETES_BIN'] ?? path.join(homedir(), '.cache/tabernetes-reference/bin')
const needed = ['kubectl', 'kube-controller-manager', 'kube-scheduler']
const complete = needed.every((name) => existsSync(path.join(programs, name)))

function start(name: string, kubeconfig: string, folder: string): ChildProcess {
  const key = path.join(folder, 'tokens.key')
  const more: Record<string, string[]> = {
    'kube-controller-manager': [
      `--service-account-private-key-file=${key}`,
      '--allocate-node-cidrs=true',
      '--cluster-cidr=10.244.0.0/16',
      '--service-cluster-ip-range=10.96.0.0/16',
    ],
  }
  if (more[name]) execFileSync('openssl', ['genrsa', '-out', key, '2048'], { stdio: 'ignore' })
  const who = ['kubeconfig', 'authentication-kubeconfig', 'authorization-kubeconfig'].map((flag) => `--${flag}=${kubeconfig}`)
  const listening = ['--bind-address=127.0.0.1', '--secure-port=0', '--leader-elect=true']
  return spawn(path.join(programs, name), [...who, ...listening, ...(more[name] ?? [])], { stdio: 'ignore', cwd: folder })
}

/** The stories' outcomes in a cluster where `swapped` is the real one. */
async function play(swapped: 'controller-manager' | 'scheduler' | null): Promise<unknown> {
  const bridge = await startBridge(...(swapped ? ['--without', swapped] : []))
  const real = swapped ? start(`kube-${swapped}`, bridge.kubeconfig, bridge.folder) : null
  try {
    const story = new Story(path.join(programs, 'kubectl'), bridge.kubeconfig)
    story.ready()
    return { rolling: story.rollingUpdate(), stateful: story.statefulSet(), preemption: story.preemption() }
  } finally {
    real?.kill('SIGKILL')
    await bridge.stop()
  }
}

describe.skipIf(!complete)('parts of the control plane that are swapped for the real ones', () => {
  let ours: unknown
  it('has an outcome with our own parts', { timeout: 300_000 }, async () => {
    ours = await play(null)
    expect(ours).toMatchObject({ stateful: { status: { readyReplicas: 3 } }, preemption: { victims: 1, onTheVictimsNode: true } })
  })
  it('has the same with the real controller manager', { timeout: 300_000 }, async () => {
    expect(await play('controller-manager')).toEqual(ours)
  })
  it('has the same with the real scheduler', { timeout: 300_000 }, async () => {
    expect(await play('scheduler')).toEqual(ours)
  })
})
