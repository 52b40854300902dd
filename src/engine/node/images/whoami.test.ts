/** An image with one program and no shell, though the program is called as a usual one is. */
import { expect, test } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

test('whoami starts, and listens where it is told to', () => {
  const t = new TestCluster({ nodes: 1 }).run(20)
  const spec = { containers: [{ name: 'who', image: 'traefik/whoami:v1.10', args: ['--port', '8443'] }] }
  t.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'who' }, spec } as never)
  t.run(20)
  expect(t.pods().map(({ status }) => status?.phase)).toEqual(['Running'])
})
