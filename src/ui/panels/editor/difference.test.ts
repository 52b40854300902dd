import { expect, it } from 'vitest'
import { applyObject } from '#client/apply.ts'
import { Client } from '#client/client.ts'
import { Cluster } from '#engine'
import { inProcess } from '#transport/in-process.ts'
import { differenceOf } from './difference.ts'

const deployment = (replicas: number, image: string): any => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', namespace: 'default' },
  spec: {
    replicas,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image }] } },
  },
})

async function onCluster() {
  const cluster = new Cluster({ seed: '1', epoch: 0, nodes: 1, scene: 'empty' })
  const client = new Client(inProcess(cluster), { agent: 'test' })
  const info = await client.discovery.byKind('apps/v1', 'Deployment')
  if (!info) throw new Error('no deployments')
  return { client, info }
}

it('shows what would be created, and which of it the server adds', async () => {
  const { client, info } = await onCluster()
  const manifest = deployment(2, 'nginx:1.27')
  const { object } = await applyObject(client, info, manifest, { dryRun: true })
  const { lines, conflicts } = differenceOf(manifest, undefined, object)
  expect(lines).toContainEqual({ sign: '+', text: '  replicas: 2' })
  expect(lines).toContainEqual({ sign: '+', text: '  revisionHistoryLimit: 10', defaulted: true })
  expect(lines.map((l) => l.text).join('\n')).toContain('image: nginx:1.27')
  expect(conflicts).toEqual([])
  expect(await client.find(info, 'default', 'web')).toBeUndefined()
})

it('shows only what changes, and names who had set it', async () => {
  const { client, info } = await onCluster()
  await applyObject(client, info, deployment(2, 'nginx:1.27'))
  await client.patch(info, 'default', 'web', 'merge', { spec: { replicas: 5 } }, { fieldManager: 'autoscaler' }, 'scale')
  const before = await client.find(info, 'default', 'web')
  const manifest = deployment(2, 'nginx:1.28')
  const { object } = await applyObject(client, info, manifest, { dryRun: true })
  const { lines, conflicts } = differenceOf(manifest, before, object)
  expect(lines.map(({ sign, text }) => sign + text)).toEqual([
    ' spec:',
    '-  replicas: 5',
    '+  replicas: 2',
    '   template:',
    '     spec:',
    '       containers:',
    '         - name: web',
    '-          image: nginx:1.27',
    '+          image: nginx:1.28',
  ])
  expect(conflicts).toEqual(['spec.replicas: 5 → 2, last set by "autoscaler" (scale); Apply takes it over'])
})
