/** The real kubectl does to our cluster what it does to any. */
import { spawn, spawnSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Bridge, startBridge } from './bridge.ts'
import { findKubectl } from './find-kubectl.ts'

const program = findKubectl()
let bridge: Bridge

const environment = (): NodeJS.ProcessEnv => ({ ...process.env, KUBECONFIG: bridge.kubeconfig, HOME: bridge.folder })

/** What a command line prints, standard error behind standard output. */
function kubectl(line: string, input = ''): string {
  const { stdout, stderr } = spawnSync(program as string, line.split(' '), {
    env: environment(),
    input,
    encoding: 'utf8',
    timeout: 50_000,
  })
  return (stdout + stderr).trim()
}

const MANIFEST = `apiVersion: apps/v1
kind: Deployment
metadata: {name: web}
spec:
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers: [{name: web, image: "nginx:1.27"}]
`

describe.skipIf(!program)('the real kubectl', () => {
  beforeAll(async () => {
    bridge = await startBridge()
  })
  afterAll(async () => {
    expect(await bridge.stop()).toBe(0)
  })

  it('sees three nodes that are ready, and who it is', () => {
    expect(kubectl('get nodes')).toMatch(/^NAME +STATUS +ROLES +AGE +VERSION\n(node-\d +Ready +<none> +\S+ +v1\.36\.3\n?){3}$/)
    expect(kubectl('auth whoami -o jsonpath={.status.userInfo.username}')).toBe('kubernetes-admin')
  })

  it('applies, waits for the rollout, and applies again without a change', () => {
    expect(kubectl('apply -f -', MANIFEST)).toBe('deployment.apps/web created')
    expect(kubectl('rollout status deployment/web --timeout=40s')).toContain('deployment "web" successfully rolled out')
    expect(kubectl('apply -f -', MANIFEST)).toBe('deployment.apps/web unchanged')
    expect(kubectl('wait --for=condition=Available deployment/web --timeout=20s')).toBe('deployment.apps/web condition met')
  })

  it('prints objects in every form, by label and by field', () => {
    expect(kubectl('get deployment web')).toMatch(/web +2\/2 +2 +2/)
    expect(kubectl('get pods -l app=web -o name').split('\n')).toHaveLength(2)
    expect(kubectl('get deployment web -o jsonpath={.spec.replicas}')).toBe('2')
    expect(kubectl('get deployment web -o yaml')).toContain('deployment.kubernetes.io/revision: "1"')
    expect(kubectl('get pods --field-selector status.phase=Running -o name').split('\n')).toHaveLength(2)
  })

  it('describes and explains', () => {
    expect(kubectl('describe deployment web')).toContain('Replicas:               2 desired | 2 updated | 2 total | 2 available')
    expect(kubectl('explain deployment.spec.replicas')).toContain('FIELD: replicas <integer>')
    expect(kubectl('api-resources --api-group=apps')).toContain('deployments')
    expect(kubectl('events --for deployment/web')).toContain('ScalingReplicaSet')
  })

  it('scales, patches, labels, annotates and exposes', () => {
    expect(kubectl('scale deployment web --replicas=3')).toBe('deployment.apps/web scaled')
    expect(kubectl('patch deployment web -p {"spec":{"minReadySeconds":1}}')).toBe('deployment.apps/web patched')
    expect(kubectl('label deployment web tier=front')).toBe('deployment.apps/web labeled')
    expect(kubectl('annotate deployment web note=kept')).toBe('deployment.apps/web annotated')
    expect(kubectl('expose deployment web --port=80')).toBe('service/web exposed')
  })

  it('edits with an editor', () => {
    const editor = path.join(bridge.folder, 'editor.sh')
    writeFileSync(editor, '#!/bin/sh\nsed -i "s/minReadySeconds: 1/minReadySeconds: 2/" "$1"\n', { mode: 0o755 })
    const { stdout } = spawnSync(program as string, ['edit', 'deployment', 'web'], {
      env: { ...environment(), EDITOR: editor },
      encoding: 'utf8',
    })
    expect(stdout.trim()).toBe('deployment.apps/web edited')
    expect(kubectl('get deployment web -o jsonpath={.spec.minReadySeconds}')).toBe('2')
  })

  it('creates and runs, refuses what is there already, and deletes', () => {
    expect(kubectl('create namespace other')).toBe('namespace/other created')
    expect(kubectl('create namespace other')).toBe('Error from server (AlreadyExists): namespaces "other" already exists')
    expect(kubectl('run one --image=nginx:1.27 -n other')).toBe('pod/one created')
    expect(kubectl('wait --for=condition=Ready pod/one -n other --timeout=40s')).toBe('pod/one condition met')
    expect(kubectl('delete namespace other')).toBe('namespace "other" deleted')
  })

  it('taints and cordons', () => {
    expect(kubectl('taint node node-3 key=value:NoSchedule')).toBe('node/node-3 tainted')
    expect(kubectl('taint node node-3 key-')).toBe('node/node-3 untainted')
    expect(kubectl('cordon node-3')).toBe('node/node-3 cordoned')
    expect(kubectl('uncordon node-3')).toBe('node/node-3 uncordoned')
  })

  it('watches', async () => {
    const child = spawn(program as string, ['get', 'configmaps', '-w', '--no-headers'], { env: environment() })
    let seen = ''
    child.stdout.on('data', (chunk) => (seen += chunk))
    await expect.poll(() => seen, { timeout: 10_000 }).toContain('kube-root-ca.crt')
    kubectl('create configmap watched')
    await expect.poll(() => seen, { timeout: 10_000 }).toContain('watched')
    child.kill('SIGINT')
  })

  it('is refused in the words of Kubernetes', () => {
    expect(kubectl('get nothing')).toBe('error: the server doesn\'t have a resource type "nothing"')
    expect(kubectl('get pod nobody')).toBe('Error from server (NotFound): pods "nobody" not found')
    expect(kubectl('apply -f -', MANIFEST.replace('replicas: 2', 'replica: 2'))).toContain('unknown field "spec.replica"')
  })
})
