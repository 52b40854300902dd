import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { World } from '../sim/world.ts'
import { catalogueColumns, catalogueKinds, catalogueSchemas } from './catalogue/index.ts'
import { genericResources, schemaErrors } from './generic.ts'

const all = genericResources(new Set())
const world = new World({ seed: '1', epoch: Date.parse('2026-01-01T00:01:00Z') })
const find = (plural: string) => all.find((r) => r.plural === plural && r.version !== 'v2') ?? expect.fail(plural)
const hooks = { world, dryRun: false, warn() {}, read: () => undefined, readAll: () => [] }
const make = (plural: string, object: object): AnyObject => {
  const resource = find(plural)
  const named = {
    apiVersion: resource.groupVersion,
    kind: resource.kind,
    metadata: { name: 'a', uid: 'u' },
    ...object,
  } as AnyObject
  const filled = resource.defaults?.(named) ?? named
  return resource.prepareCreate?.(filled, hooks) ?? filled
}

test('what is declared by hand is left out', () => {
  const rest = genericResources(new Set(['v1/pods', 'deployments.apps']))
  expect(rest.map((r) => r.id)).not.toContain('pods')
  expect(rest.map((r) => r.id)).not.toContain('deployments.apps')
  expect(all.length).toBe(catalogueKinds().length)
})

test('columns are the recorded ones', () => {
  const declaredByOthers =
    /pods|nodes|deploy|replica|endpoint|event|secret|configm|service|namespace|lease|priorityclass|podt|rev|role|budget/
  for (const resource of all) {
    const facts = catalogueColumns(resource.groupVersion, resource.plural)
    if (!facts || declaredByOthers.test(resource.plural)) continue
    // Of IPAddresses every row has a cell more than there are columns.
    const columns = resource.columns?.filter((c) => !c.unnamed)
    const ours = columns?.map((c) => ({ name: c.name, type: c.type, format: c.format ?? '', priority: c.priority }))
    expect(ours, resource.id).toEqual(facts)
  }
})

test('every cell can be reckoned from an object that has nothing', () => {
  for (const resource of all) {
    const empty = resource.defaults?.({ metadata: { name: 'a' }, spec: {} } as unknown as AnyObject) as AnyObject
    for (const column of resource.columns ?? [])
      expect(column.cell(empty, world), `${resource.id} ${column.name}`).not.toBeUndefined()
  }
})

test('a StatefulSet gets its defaults', () => {
  expect(make('statefulsets', { spec: { selector: {}, template: {}, serviceName: 's' } })['spec']).toMatchObject({
    podManagementPolicy: 'OrderedReady',
    replicas: 1,
    revisionHistoryLimit: 10,
    updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } },
    persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    template: { metadata: {}, spec: { restartPolicy: 'Always' } },
  })
})

test('a Job selects its Pods by its uid', () => {
  const job = make('jobs', { spec: { template: { spec: { containers: [{ name: 'c', image: 'i' }] } } } })
  expect(job['spec']).toMatchObject({
    completions: 1,
    parallelism: 1,
    backoffLimit: 6,
    selector: { matchLabels: { 'batch.kubernetes.io/controller-uid': 'u' } },
    template: { metadata: { labels: { 'job-name': 'a', 'controller-uid': 'u' } } },
  })
})

test('a NetworkPolicy names its types', () => {
  expect(make('networkpolicies', { spec: { egress: [{}] } })['spec']).toEqual({
    podSelector: {},
    egress: [{}],
    policyTypes: ['Ingress', 'Egress'],
  })
})

test('container limits follow from bounds', () => {
  const range = make('limitranges', { spec: { limits: [{ type: 'Container', max: { cpu: '2' }, min: { memory: '1Mi' } }] } })
  expect(range['spec'].limits[0]).toMatchObject({ default: { cpu: '2' }, defaultRequest: { cpu: '2', memory: '1Mi' } })
})

test('what the schema requires is missed, what it does not list is refused', () => {
  const errors = (spec: object) =>
    schemaErrors(make('volumeattachments', { spec }), 'io.k8s.api.storage.v1.VolumeAttachment', catalogueSchemas())
  const wrong = errors({ source: {} }).map((e) => `${e.field}: ${e.message}`)
  expect(wrong).toEqual(['spec.attacher: Required value', 'spec.nodeName: Required value'])
  expect(errors({ attacher: 'a', nodeName: 'n', source: {} })).toEqual([])
})
