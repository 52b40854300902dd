import { describe, expect, it, test } from 'vitest'
import { deployment } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'
import { FakeNodes } from './testing/fake-nodes.ts'

test('layers that are there already are not pulled again', () => {
  const nodes = new FakeNodes()
  const times = ['nginx:1.27', 'httpd:2.4', 'httpd:2.4-alpine'].map((image, i) => {
    nodes.pod(`p${i}`, { image })
    nodes.after(5)
    return /in ([\d.]+m?s) /.exec(nodes.events(`p${i}`).join('\n'))?.[1]
  })
  // 60 MB; 46 MB of which 28 are Debian's; 46 MB anew, for it lies on another system.
  expect(times).toEqual(['900ms', '480ms', '760ms'])
})

describe('a base image that is mended', () => {
  const web = (t: TestCluster) => t.pods({ app: 'web' }).filter((pod) => !pod.metadata.deletionTimestamp)
  const ids = (t: TestCluster): Set<string | undefined> =>
    new Set(web(t).map((pod) => pod.status?.containerStatuses?.[0]?.imageID))
  const restart = (t: TestCluster): void => {
    t.patch('deployments.apps', 'web', {
      spec: { template: { metadata: { annotations: { restarted: String(t.cluster.now) } } } },
    })
    t.run(60)
  }
  const running = (imagePullPolicy: string): TestCluster => {
    const t = new TestCluster({ nodes: 2 })
    const web = deployment('web', 4) as any
    web.spec.template.spec.containers[0].imagePullPolicy = imagePullPolicy
    t.create(web)
    return t.run(40)
  }

  it('reaches a workload by a restart, which pulls it; what runs stays what it was until then', () => {
    const t = running('Always')
    const [before] = ids(t)
    t.cluster.fault({ kind: 'base-image', base: 'debian' })
    t.run(60)
    expect([...ids(t)]).toEqual([before])
    restart(t)
    expect(ids(t).size).toBe(1)
    expect([...ids(t)][0]).not.toBe(before)
    const names = t.get('nodes', 'node-1')?.['status'].images.map((image: { names: string[] }) => image.names)
    expect(names).toContainEqual([before])
    expect(names).toContainEqual([[...ids(t)][0], 'docker.io/library/nginx:1.27'])
  })

  it('reaches nobody who is content with the image that is on the machine', () => {
    const t = running('IfNotPresent')
    const before = [...ids(t)]
    t.cluster.fault({ kind: 'base-image', base: 'debian' })
    restart(t)
    expect([...ids(t)]).toEqual(before)
  })

  it('comes once to each machine, whatever is built on it', () => {
    const t = new TestCluster({ nodes: 1 })
    const pull = (name: string, image: string): string | undefined => {
      const containers = [{ name, image, imagePullPolicy: 'Always' }]
      t.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec: { containers } } as never)
      t.run(10)
      const pulled = t.events('Pulled').filter(({ involvedObject }) => involvedObject.name === name)
      return /in ([\d.]+m?s) /.exec(pulled[0]?.message ?? '')?.[1]
    }
    pull('a', 'nginx:1.27')
    pull('b', 'httpd:2.4')
    t.cluster.fault({ kind: 'base-image', base: 'debian' })
    // 28 MB are the system's, and come with the first of them.
    expect([pull('c', 'nginx:1.27'), pull('d', 'httpd:2.4')]).toEqual(['580ms', '300ms'])
  })

  it('is refused for what nothing is built on', () => {
    const { cluster } = new TestCluster({ nodes: 1 })
    expect(() => cluster.fault({ kind: 'base-image', base: 'windows' })).toThrow('nothing is built on windows')
  })
})
