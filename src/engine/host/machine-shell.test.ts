/** Shells on machines: what one finds there, and what becomes of it. */
import { describe, expect, it } from 'vitest'
import { Cluster } from '../cluster.ts'
import { TestCluster } from '../testing/test-cluster.ts'
import { begun, ssh, taken } from './testing/ssh.ts'

const cluster = (): TestCluster => new TestCluster({ nodes: 1 })
const ready = (t: TestCluster): string =>
  t.get<any>('nodes', 'node-1')?.status.conditions.find(({ type }: { type: string }) => type === 'Ready').status

describe('a shell on a machine', () => {
  it('is root’s, on the disk that hostPath volumes are parts of', () => {
    const t = cluster()
    expect(ssh(t, 'node-1', 'whoami; hostname; echo here > /srv/file').out).toBe('root\nnode-1\n')
    t.create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'reader' },
      spec: {
        containers: [
          {
            name: 'c',
            image: 'busybox',
            command: ['sh', '-c', 'cat /srv/file'],
            volumeMounts: [{ name: 'h', mountPath: '/srv' }],
          },
        ],
        volumes: [{ name: 'h', hostPath: { path: '/srv' } }],
      },
    } as never)
    t.run(10)
    expect(t.cluster.machines.node('node-1')?.logs('default', 'reader', 'c')).toBe('here\n')
  })

  it('takes no name of a version for more than a name', () => {
    const { out, status } = ssh(cluster(), 'node-1', "apt-get install -y 'kubelet=(1.36' 2>&1")
    expect(out).toContain("E: Version '(1.36' for 'kubelet' was not found")
    expect(status).toBe(100)
  })

  it('reads what is typed, and ends with its status', () => {
    const t = cluster()
    const session = begun(t, 'node-1', 'read line; echo "got $line"; exit 3')
    session.send(0, 'this\n')
    t.run(1)
    expect(taken(session)).toEqual({ out: 'got this\n', status: 3 })
  })

  it('goes on over a save in the middle of a command', () => {
    const t = cluster()
    begun(t, 'node-1', 'sleep 5; echo late > /tmp/late')
    t.run(2)
    const other = TestCluster.of(Cluster.load(t.cluster.save())).run(5)
    expect(ssh(other, 'node-1', 'cat /tmp/late').out).toBe('late\n')
  })

  it('is lost with the machine’s power, and not to be had without', () => {
    const t = cluster()
    const session = begun(t, 'node-1', 'sleep 1; echo awake')
    t.cluster.fault({ kind: 'node-power', node: 'node-1', on: false })
    t.run(2)
    expect(taken(session)).toEqual({ out: '', status: 255 })
    expect(ssh(t, 'node-1', 'true').out).toBe('No route to host')
    expect(ssh(t, 'nobody', 'true').out).toBe('Name or service not known')
  })

  it('stops and starts the kubelet', () => {
    const t = cluster().run(15)
    expect(ssh(t, 'node-1', 'systemctl is-active kubelet; systemctl stop kubelet; systemctl is-active kubelet').out).toBe(
      'active\ninactive\n',
    )
    t.run(60)
    expect(ready(t)).toBe('Unknown')
    expect(ssh(t, 'node-1', 'systemctl start kubelet').status).toBe(0)
    t.run(5)
    expect(ready(t)).toBe('True')
  })

  it('has no kubeadm where that has not set up the cluster', () =>
    expect(ssh(cluster(), 'node-1', 'kubeadm version').out).toContain('kubeadm: command not found'))

  it('is none of the API’s: whoever comes from outside by HTTP does not get in', () => {
    const t = cluster()
    const session = t.cluster.open({ method: 'POST', path: '/ssh/node-1?command=id' }, true)
    t.run(1)
    expect(taken(session).out).not.toContain('uid=0')
  })
})
