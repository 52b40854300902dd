import { expect, it } from 'vitest'
import { applyObject } from '#client/apply.ts'
import { Client } from '#client/client.ts'
import { Cluster } from '#engine'
import { inProcess } from '#transport/in-process.ts'
import { manifestsOf, scriptOf } from './bundle.ts'

it('takes what was asked for into another cluster, unchanged', async () => {
  const shop = new Cluster({ seed: '1', epoch: 0, nodes: 2, scene: 'shop' })
  shop.run(20_000)
  const objects = await manifestsOf(inProcess(shop))
  const names = objects.map((o) => `${o.kind}/${o.metadata.name}`)
  expect(names).toContain('Deployment/shop')
  expect(names.filter((n) => /^(?:Pod|ReplicaSet|Node|EndpointSlice)\//.test(n))).toEqual([])
  const other = new Cluster({ seed: '2', epoch: 0, nodes: 2, scene: 'empty' })
  other.run(5000)
  const client = new Client(inProcess(other), { agent: 'test' })
  for (const object of objects) {
    const info = await client.discovery.byKind(object.apiVersion, object.kind)
    if (!info) throw new Error(`no ${object.kind}`)
    expect((await applyObject(client, info, object)).outcome).toBe('created')
  }
  other.run(30_000)
  const there = (await manifestsOf(inProcess(other))).map((o) => `${o.kind}/${o.metadata.name}`)
  expect(there.sort()).toEqual(names.sort())
})

it('writes a script of what was done, with the files it needs', () => {
  const inputs = [
    { at: 1, step: 1, mark: 'kubectl apply -f a.yaml' },
    { at: 2, step: 2, mark: '# node-1: power off' },
  ]
  const session = { version: 1 as const, seed: '1', epoch: 0, nodes: 1, scene: 'empty', inputs, until: 5 }
  const script = scriptOf(session, { 'a.yaml': 'kind: A', 'b.yaml': 'kind: B' })
  expect(script).toContain("cat > a.yaml <<'END_OF_FILE'\nkind: A\nEND_OF_FILE\n")
  expect(script).not.toContain('b.yaml')
  expect(script.trimEnd().split('\n').slice(-2)).toEqual(['kubectl apply -f a.yaml', '# node-1: power off'])
})
