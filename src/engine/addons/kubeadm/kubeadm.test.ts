/** The control plane in Pods, as a cluster of kubeadm's shows it. */
import { describe, expect, it } from 'vitest'
import { Cluster } from '../../cluster.ts'
import { deployment } from '../../testing/builders.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const cluster = (controlPlanes = 1): TestCluster => new TestCluster({ addons: ['kubeadm'], nodes: 2, controlPlanes }).run(60)
const system = (t: TestCluster) => t.all('pods').filter(({ metadata }) => metadata.namespace === 'kube-system')
const parts = (t: TestCluster): string[] =>
  system(t)
    .map(({ metadata }) => metadata.name)
    .filter((name) => !name.startsWith('kube-proxy'))
    .sort()
const running = (t: TestCluster): boolean =>
  system(t).every((pod) => pod['status'].containerStatuses?.[0]?.ready && pod['status'].phase === 'Running')
const turn = (t: TestCluster, component: string, on: boolean): void => t.cluster.fault({ kind: 'component', component, on })
const status = (t: TestCluster): number => t.request('GET', '/api/v1/pods').status
const kill = (t: TestCluster, pod: string): void =>
  t.cluster.fault({ kind: 'container-kill', namespace: 'kube-system', pod, container: '' })

/** What somebody does on a machine, by a Pod that sees its disk. */
function onMachine(t: TestCluster, command: string): void {
  t.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'shell' },
    spec: {
      nodeName: 'control-plane',
      restartPolicy: 'Never',
      containers: [
        { name: 'shell', image: 'busybox', command: ['sh', '-c', command], volumeMounts: [{ name: 'host', mountPath: '/host' }] },
      ],
      volumes: [{ name: 'host', hostPath: { path: '/' } }],
    },
  } as never)
  t.run(20)
}

describe("kubeadm's control plane", () => {
  it('is a Node with a role and a taint, on which its four parts run as static Pods, with kube-proxy everywhere', () => {
    const t = cluster()
    expect(parts(t)).toEqual([
      'etcd-control-plane',
      'kube-apiserver-control-plane',
      'kube-controller-manager-control-plane',
      'kube-scheduler-control-plane',
    ])
    expect(system(t).filter(({ metadata }) => metadata.name.startsWith('kube-proxy'))).toHaveLength(3)
    expect(running(t)).toBe(true)
    const node = t.get('nodes', 'control-plane')
    expect(node?.metadata.labels).toMatchObject({ 'node-role.kubernetes.io/control-plane': '' })
    expect(node?.['spec'].taints).toEqual([{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }])
    expect(node?.['status'].addresses[0].address).toBe(t.get('endpoints', 'kubernetes')?.['subsets'][0].addresses[0].ip)
  })

  it('runs what it is asked for on the other machines only', () => {
    const t = cluster()
    t.create(deployment('web', 4))
    t.run(20)
    const nodes = new Set(t.pods({ app: 'web' }).map((pod) => pod.spec.nodeName))
    expect([...nodes].sort()).toEqual(['node-1', 'node-2'])
  })

  it('places nothing while the scheduler is stopped: its manifest is away, and so is its Pod', () => {
    const t = cluster()
    turn(t, 'kube-scheduler', false)
    t.run(10)
    expect(parts(t)).not.toContain('kube-scheduler-control-plane')
    expect(t.cluster.broken().components).toEqual(['kube-scheduler'])
    t.create(deployment('web', 1))
    t.run(10)
    expect(t.pods({ app: 'web' })[0]?.spec.nodeName).toBeUndefined()
    turn(t, 'kube-scheduler', true)
    t.run(30)
    expect(parts(t)).toContain('kube-scheduler-control-plane')
    expect(t.readyPods({ app: 'web' })).toHaveLength(1)
    expect(t.cluster.broken().components).toEqual([])
  })

  it('is away for as long as the container of its API server, which the kubelet starts again', () => {
    const t = cluster()
    kill(t, 'kube-apiserver-control-plane')
    expect(status(t)).toBe(0)
    t.run(30)
    expect(status(t)).toBe(200)
    expect(t.get('pods', 'kube-apiserver-control-plane', 'kube-system')?.['status'].containerStatuses[0].restartCount).toBe(1)
  })

  it('comes back when the manifest of its API server does, though nobody serves the kubelet that reads it', () => {
    const t = cluster()
    turn(t, 'kube-apiserver', false)
    t.run(10)
    expect(status(t)).toBe(0)
    turn(t, 'kube-apiserver', true)
    t.run(60)
    expect(status(t)).toBe(200)
    expect(running(t)).toBe(true)
  })

  it('keeps its manifests as files on the machine: who moves one away stops what it says', () => {
    const t = cluster()
    onMachine(t, 'mv /host/etc/kubernetes/manifests/kube-scheduler.yaml /host/tmp/')
    expect(parts(t)).not.toContain('kube-scheduler-control-plane')
    t.delete('pods', 'shell')
    t.run(5)
    onMachine(t, 'sed s/--leader-elect=true/--v=4/ /host/tmp/kube-scheduler.yaml > /host/etc/kubernetes/manifests/again.yaml')
    t.run(30)
    const command = t.get('pods', 'kube-scheduler-control-plane', 'kube-system')?.['spec'].containers[0].command
    expect(command).toContain('--v=4')
    expect(running(t)).toBe(true)
  })

  it('is away while its machine has no power, and whole again after', () => {
    const t = cluster()
    t.cluster.fault({ kind: 'node-power', node: 'control-plane', on: false })
    t.run(60)
    expect(status(t)).toBe(0)
    t.cluster.fault({ kind: 'node-power', node: 'control-plane', on: true })
    t.run(90)
    expect(status(t)).toBe(200)
    expect(running(t)).toBe(true)
  })

  it('of three machines goes on without one of them', () => {
    const t = cluster(3)
    expect(parts(t)).toHaveLength(12)
    expect(running(t)).toBe(true)
    t.cluster.fault({ kind: 'node-power', node: 'control-plane-1', on: false })
    t.run(30)
    t.create(deployment('web', 2))
    t.run(20)
    expect(t.readyPods({ app: 'web' })).toHaveLength(2)
  })

  it('survives saving and loading', () => {
    const t = cluster()
    const loaded = TestCluster.of(Cluster.load(t.cluster.save()))
    turn(loaded, 'kube-scheduler', false)
    loaded.run(10)
    expect(parts(loaded)).toHaveLength(3)
    turn(loaded, 'kube-scheduler', true)
    loaded.run(60)
    expect(running(loaded)).toBe(true)
    expect(t.all('nodes')).toHaveLength(3)
  })
})
