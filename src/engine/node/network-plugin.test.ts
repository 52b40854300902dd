/** A machine whose network plugin has lost its configuration: it is not ready, what runs goes on, and nothing new begins. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { Node, Pod } from '#api/kinds.ts'
import { deployment } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const WORDS =
  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized'

let cluster: TestCluster
const plugin = (on: boolean) => cluster.cluster.fault({ kind: 'node-plugin', node: 'node-1', on })
const node = () => cluster.get<Node>('nodes', 'node-1') as Node
const ready = () => node().status?.conditions?.find(({ type }) => type === 'Ready')
const pod = (name: string) => cluster.get<Pod>('pods', name) as Pod
const create = (name: string, spec: object = {}) =>
  cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default' },
    spec: { nodeName: 'node-1', containers: [{ name: 'web', image: 'nginx:1.27' }], ...spec },
  } as never)

beforeEach(() => {
  cluster = new TestCluster({ nodes: 2 })
  cluster.settle()
})

describe('a machine without a network plugin', () => {
  it('is not ready within ten seconds, says so in the words of its runtime, and is tainted', () => {
    plugin(false)
    cluster.run(10)
    expect(ready()).toMatchObject({ status: 'False', reason: 'KubeletNotReady', message: WORDS })
    expect(cluster.events('NodeNotReady').map((each) => each['message'])).toContain('Node node-1 status is now: NodeNotReady')
    expect(node().spec?.taints?.map(({ key, effect }) => `${key}:${effect}`)).toEqual(
      expect.arrayContaining(['node.kubernetes.io/not-ready:NoSchedule', 'node.kubernetes.io/not-ready:NoExecute']),
    )
    expect(cluster.cluster.broken().plugins).toEqual(['node-1'])
  })

  it('starts no pod but those on its own network; the others begin when there is a network again', () => {
    plugin(false)
    cluster.run(10)
    create('waits')
    create('own', { hostNetwork: true })
    cluster.run(20)
    expect(pod('own').status?.phase).toBe('Running')
    expect(pod('waits').status?.phase).toBe('Pending')
    expect(cluster.events('NetworkNotReady').map((each) => each['message'])[0]).toBe(`network is not ready: ${WORDS}`)
    plugin(true)
    cluster.run(15)
    expect(ready()).toMatchObject({ status: 'True', reason: 'KubeletReady' })
    expect(pod('waits').status?.phase).toBe('Running')
    expect(node().spec?.taints).toBeUndefined()
  })

  it('lets run what runs, does not start it again when it ends, and is left by it after five minutes', () => {
    cluster.create(deployment('web', 4))
    cluster.settle()
    const here = () =>
      cluster.pods({ app: 'web' }).filter(({ spec, metadata }) => spec.nodeName === 'node-1' && !metadata.deletionTimestamp)
    const [first] = here()
    plugin(false)
    cluster.run(100)
    expect(here()[0]?.status?.phase).toBe('Running')
    cluster.cluster.fault({ kind: 'container-kill', namespace: 'default', pod: first?.metadata.name ?? '', container: '' })
    cluster.run(60)
    expect(pod(first?.metadata.name ?? '').status?.containerStatuses?.[0]).toMatchObject({ ready: false, restartCount: 0 })
    cluster.run(200)
    expect(here()).toEqual([])
    expect(cluster.pods({ app: 'web' }).filter(({ metadata }) => !metadata.deletionTimestamp)).toHaveLength(4)
  })

  it('is so still when it was switched off and on', () => {
    plugin(false)
    cluster.run(10)
    cluster.cluster.fault({ kind: 'node-power', node: 'node-1', on: false })
    cluster.run(5)
    cluster.cluster.fault({ kind: 'node-power', node: 'node-1', on: true })
    cluster.run(20)
    expect(ready()?.message).toBe(WORDS)
  })
})
