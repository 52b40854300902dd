import { expect, it } from 'vitest'
import type { AnyObject, ManagedFieldsEntry } from '#api/meta.ts'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import created from './fixtures/created.json' with { type: 'json' }
import { trackUpdate, type Update } from './track.ts'

const schemas = catalogueSchemas()
const object = (value: object): AnyObject => ({ apiVersion: 'v1', kind: 'ConfigMap', ...value }) as AnyObject

function track(old: AnyObject | null, next: AnyObject, more: Partial<Update> = {}): ManagedFieldsEntry[] | undefined {
  const { apiVersion, kind } = next
  const schema = schemas.nameOf(apiVersion, kind) ?? 'none'
  return trackUpdate({
    old,
    next,
    manager: 'me',
    subresource: '',
    time: '2026-01-01T00:00:00Z',
    apiVersion,
    schema,
    schemas,
    ...more,
  })
}

/** Writes `next` over `old` and returns what is stored then. */
function write(old: AnyObject | null, next: object, more: Partial<Update> = {}): AnyObject {
  const whole = object({ ...next, metadata: { uid: 'u', name: 'a', ...('metadata' in next ? (next.metadata as object) : {}) } })
  const managedFields = track(old, whole, more)
  const { managedFields: _sent, ...metadata } = whole.metadata
  return { ...whole, metadata: managedFields ? { ...metadata, managedFields } : metadata }
}

const shown = (stored: AnyObject) =>
  (stored.metadata.managedFields ?? []).map((e) => [e.manager, e.operation, e.time, JSON.stringify(e.fieldsV1)].join(' '))

it.each(created.map((c) => [`${c.object.kind}: ${c.title}`, c] as const))(
  'owns what a creation sets: %s',
  (_title, { object, fields }) => {
    const entries = track(null, object as unknown as AnyObject, { manager: 'corpus' })
    expect(entries?.map(({ fieldsV1: _fields, ...entry }) => entry) ?? []).toEqual([
      {
        manager: 'corpus',
        operation: 'Update',
        apiVersion: object.apiVersion,
        time: '2026-01-01T00:00:00Z',
        fieldsType: 'FieldsV1',
      },
    ])
    expect(entries?.[0]?.fieldsV1).toEqual(fields)
  },
)

it('writes elements in the order of the real one', () => {
  const service = {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 's' },
    spec: { ports: [{ port: 443 }, { port: 80, protocol: 'UDP' }], clusterIP: 'None' },
  }
  expect(JSON.stringify(track(null, service as AnyObject)?.[0]?.fieldsV1)).toBe(
    '{"f:spec":{"f:clusterIP":{},"f:ports":{".":{},"k:{\\"port\\":80,\\"protocol\\":\\"UDP\\"}":{".":{},"f:port":{},"f:protocol":{},"f:targetPort":{}},"k:{\\"port\\":443,\\"protocol\\":\\"TCP\\"}":{".":{},"f:port":{},"f:targetPort":{}}}}}',
  )
})

it('moves a field to whoever changes it, and forgets who has none left', () => {
  const one = write(null, { data: { x: '1' } }, { manager: 'one' })
  const two = write(one, { data: { x: '1', y: '1' } }, { manager: 'two', time: '2026-01-01T00:00:05Z' })
  expect(shown(two)).toEqual([
    'one Update 2026-01-01T00:00:00Z {"f:data":{".":{},"f:x":{}}}',
    'two Update 2026-01-01T00:00:05Z {"f:data":{"f:y":{}}}',
  ])
  const three = write(two, { data: { x: '3', y: '1' } }, { manager: 'two', time: '2026-01-01T00:00:09Z' })
  expect(shown(three)).toEqual([
    'one Update 2026-01-01T00:00:00Z {"f:data":{}}',
    'two Update 2026-01-01T00:00:09Z {"f:data":{"f:x":{},"f:y":{}}}',
  ])
  const four = write(three, {}, { manager: 'three' })
  expect(shown(four)).toEqual([])
})

it('leaves everything alone when nothing changes', () => {
  const one = write(null, { data: { x: '1' } })
  const same = track(one, { ...one, data: { x: '1' } } as AnyObject, { manager: 'other', time: '2026-01-01T00:00:05Z' })
  expect(same).toBe(one.metadata.managedFields)
})

it('forgets all owners when a client says so, and remembers none until the next apply', () => {
  const one = write(null, { data: { x: '1' } })
  const reset = write(one, { data: { x: '1' }, metadata: { managedFields: [{}] } })
  expect(reset.metadata.managedFields).toBeUndefined()
  expect(write(reset, { data: { x: '2' } }).metadata.managedFields).toBeUndefined()
})

it('ignores managedFields that it cannot read', () => {
  const one = write(null, { data: { x: '1' } })
  const bad = [{ manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV2', fieldsV1: {} }]
  expect(write(one, { data: { x: '1' }, metadata: { managedFields: bad } }).metadata.managedFields).toEqual(
    one.metadata.managedFields,
  )
})

it('keeps ten updaters and makes the oldest ancient', () => {
  let stored: AnyObject | null = null
  const data: Record<string, string> = {}
  for (let i = 0; i < 12; i++) {
    data[`k${i}`] = 'v'
    stored = write(stored, { data: { ...data } }, { manager: `m${i}`, time: `2026-01-01T00:00:${String(i).padStart(2, '0')}Z` })
  }
  const names = stored?.metadata.managedFields?.map((e) => e.manager)
  expect(names).toEqual(['ancient-changes', 'm3', 'm4', 'm5', 'm6', 'm7', 'm8', 'm9', 'm10', 'm11'])
  expect(shown(stored as AnyObject)[0]).toBe(
    'ancient-changes Update 2026-01-01T00:00:02Z {"f:data":{".":{},"f:k0":{},"f:k1":{},"f:k2":{}}}',
  )
})

it('keeps status and spec apart', () => {
  const pod = { apiVersion: 'v1', kind: 'Pod', spec: { nodeName: 'n' }, status: { phase: 'Pending' } }
  const made = write(null, pod)
  expect(JSON.stringify(made.metadata.managedFields?.[0]?.fieldsV1)).toBe('{"f:spec":{"f:nodeName":{}}}')
  const run = write(
    made,
    { ...pod, spec: { nodeName: 'other' }, status: { phase: 'Running' } },
    { manager: 'kubelet', subresource: 'status' },
  )
  expect(run.metadata.managedFields?.[0]).toMatchObject({
    manager: 'kubelet',
    subresource: 'status',
    fieldsV1: { 'f:status': { 'f:phase': {} } },
  })
  expect(run.metadata.managedFields).toHaveLength(2)
})

it('gives replicas to whoever scales', () => {
  const made = write(null, { apiVersion: 'apps/v1', kind: 'Deployment', spec: { replicas: 1, paused: true } })
  const next = write(made, { ...made, spec: { replicas: 2, paused: true } }, { manager: 'kubectl', subresource: 'scale' })
  expect(next.metadata.managedFields?.[0]).toEqual({
    manager: 'kubectl',
    operation: 'Update',
    apiVersion: 'apps/v1',
    fieldsType: 'FieldsV1',
    fieldsV1: { 'f:spec': { 'f:replicas': {} } },
    subresource: 'scale',
  })
  expect(JSON.stringify(next.metadata.managedFields?.[1]?.fieldsV1)).toBe('{"f:spec":{"f:paused":{}}}')
})

it('guesses the types of objects without a schema', () => {
  const thing = { apiVersion: 'example.com/v1', kind: 'Thing', spec: { list: [{ a: 1 }], map: { b: { c: 1 } } } }
  expect(JSON.stringify(write(null, thing).metadata.managedFields?.[0]?.fieldsV1)).toBe(
    '{"f:spec":{".":{},"f:list":{},"f:map":{".":{},"f:b":{".":{},"f:c":{}}}}}',
  )
})

it('shares field sets between objects of one shape', () => {
  const [a, b] = ['a', 'b'].map((name) => write(null, { metadata: { name }, data: { x: name } }))
  expect(a?.metadata.managedFields?.[0]?.fieldsV1).toBe(b?.metadata.managedFields?.[0]?.fieldsV1)
})
