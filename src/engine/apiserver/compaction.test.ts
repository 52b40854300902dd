import { expect, it } from 'vitest'
import { TestCluster } from '../testing/test-cluster.ts'

it('forgets what is older than five to ten minutes: a list that was begun goes on, but inconsistently', () => {
  const cluster = new TestCluster({ nodes: 0 })
  for (const name of ['a', 'b', 'c']) cluster.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
  const list = (token: string): any =>
    cluster.request('GET', `/api/v1/namespaces/default/configmaps?limit=2&continue=${token}`).body
  const first = list('')
  cluster.run(290)
  expect(list(first.metadata.continue).items.map((each: any) => each.metadata.name)).toEqual(['c', 'kube-root-ca.crt'])
  cluster.run(320)
  const late = list(first.metadata.continue)
  expect(late).toMatchObject({ code: 410, reason: 'Expired' })
  expect(list(late.metadata.continue).items.map((each: any) => each.metadata.name)).toEqual(['c', 'kube-root-ca.crt'])
})
