import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { applyObject } from '#client/apply.ts'
import { Client } from '#client/client.ts'
import { Cluster } from '#engine'
import { inProcess } from '#transport/in-process.ts'
import { readDocuments } from './manifest.ts'
import { added, templates } from './templates.ts'

it('are taken by the server as they are, all of them', async () => {
  const cluster = new Cluster({ seed: '1', epoch: 0, nodes: 1, scene: 'empty' })
  cluster.run(5000)
  const client = new Client(inProcess(cluster), { agent: 'test' })
  const outcomes: string[] = []
  for (const [kind, text] of Object.entries(templates)) {
    const object = readDocuments(text)[0]?.value as AnyObject
    expect(object.kind).toBe(kind)
    const info = await client.discovery.byKind(object.apiVersion, kind)
    if (!info) throw new Error(`no ${kind}`)
    const placed = info.namespaced ? { ...object, metadata: { ...object.metadata, namespace: 'default' } } : object
    outcomes.push((await applyObject(client, info, placed)).outcome)
  }
  expect(new Set(outcomes)).toEqual(new Set(['created']))
})

it('go behind what is there', () => {
  const text = added('kind: A\n\n', 'Namespace')
  expect(readDocuments(text)).toHaveLength(2)
  expect(added('  ', 'Namespace')).toBe(templates['Namespace'])
})
