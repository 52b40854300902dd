import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import { type Application, apply } from './apply.ts'
import { trackUpdate } from './track.ts'

const schemas = catalogueSchemas()
const common = { force: false, subresource: '', time: '2026-01-01T00:00:00Z', schemas }
const MAP = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } }

const as = (manager: string, live: AnyObject | null, applied: object, more: Partial<Application> = {}): AnyObject => {
  const { apiVersion, kind } = applied as AnyObject
  const schema = schemas.nameOf(apiVersion, kind) ?? 'none'
  const next = apply({ ...common, live, applied: applied as AnyObject, manager, apiVersion, kind, schema, ...more })
  return next === live ? next : { ...next, metadata: { ...next.metadata, uid: 'u' } }
}
const data = (values: object, metadata: object = {}) => ({ ...MAP, metadata: { name: 'a', ...metadata }, data: values })
const owners = (object: AnyObject) =>
  (object.metadata.managedFields ?? []).map((e) => `${e.manager} ${JSON.stringify(e.fieldsV1)}`)
const update = (manager: string, old: AnyObject, next: AnyObject): AnyObject => {
  const schema = schemas.nameOf(next.apiVersion, next.kind) ?? 'none'
  const managedFields = trackUpdate({
    old,
    next,
    manager,
    subresource: '',
    time: common.time,
    apiVersion: next.apiVersion,
    schema,
    schemas,
  })
  return { ...next, metadata: { ...next.metadata, ...(managedFields ? { managedFields } : {}) } }
}
const refused = (attempt: () => unknown): ApiError => {
  try {
    attempt()
  } catch (error) {
    if (error instanceof ApiError) return error
  }
  throw new Error('not refused')
}

it('creates, and applying the same again changes nothing', () => {
  const made = as('one', null, data({ x: '1', z: '1' }, { labels: { l: '1' } }))
  expect(owners(made)).toEqual(['one {"f:data":{"f:x":{},"f:z":{}},"f:metadata":{"f:labels":{"f:l":{}}}}'])
  expect(as('one', made, data({ x: '1', z: '1' }, { labels: { l: '1' } }), { time: '2026-02-02T00:00:00Z' })).toBe(made)
})

it('tells of conflicts, shares what is equal, and takes over by force', () => {
  const made = as('one', null, data({ x: '1', z: '1' }, { labels: { l: '1' } }))
  const conflict = refused(() => as('two', made, data({ x: '2' }, { labels: { l: '2' } })))
  expect(conflict.message).toBe('Apply failed with 2 conflicts: conflicts with "one":\n- .data.x\n- .metadata.labels.l')
  expect(conflict.status.details?.causes?.[0]).toEqual({
    reason: 'FieldManagerConflict',
    message: 'conflict with "one"',
    field: '.data.x',
  })
  const shared = as('two', made, data({ x: '1', w: '2' }))
  expect(owners(shared)[1]).toBe('two {"f:data":{"f:w":{},"f:x":{}}}')
  const released = as('one', shared, data({ z: '1' }))
  expect(released['data']).toEqual({ x: '1', z: '1', w: '2' })
  expect(released.metadata.labels).toBeUndefined()
  const forced = as('three', released, data({ x: '3' }), { force: true })
  expect(owners(forced)).toEqual(['one {"f:data":{"f:z":{}}}', 'three {"f:data":{"f:x":{}}}', 'two {"f:data":{"f:w":{}}}'])
})

it('conflicts with an updater, by version; applying nothing gives up everything', () => {
  const made = as('two', null, data({ x: '1', w: '1' }))
  const updated = update('four', made, { ...made, data: { x: '4', w: '1' } })
  expect(refused(() => as('three', updated, data({ x: '3' }))).message).toBe(
    'Apply failed with 1 conflict: conflict with "four" using v1: .data.x',
  )
  const left = as('two', updated, MAP)
  expect(left['data']).toEqual({ x: '4' })
  expect(owners(left)).toEqual(['four {"f:data":{"f:x":{}}}'])
})

const SERVICE = { apiVersion: 'v1', kind: 'Service', metadata: { name: 's' } }
const ports = (...list: object[]) => ({ ...SERVICE, spec: { ports: list } })

it('merges lists by their keys, and takes out entries that nobody wants any more', () => {
  const one = as('one', null, ports({ name: 'a', port: 80, protocol: 'TCP' }))
  const two = as('two', one, ports({ name: 'b', port: 81, protocol: 'TCP', targetPort: 8081 }))
  expect(two['spec'].ports.map((p: any) => p.port)).toEqual([80, 81])
  expect(owners(two)[1]).toBe(
    'two {"f:spec":{"f:ports":{"k:{\\"port\\":81,\\"protocol\\":\\"TCP\\"}":{".":{},"f:name":{},"f:port":{},"f:protocol":{},"f:targetPort":{}}}}}',
  )
  const fewer = as('two', two, ports({ name: 'b', port: 81 }))
  expect(fewer['spec'].ports[1]).toEqual({ name: 'b', port: 81 })
  expect(as('one', two, SERVICE)['spec'].ports.map((p: any) => p.port)).toEqual([81])
})

const template = (containers: object[], spec: object = {}) => ({
  apiVersion: 'v1',
  kind: 'PodTemplate',
  metadata: { name: 't' },
  template: { spec: { ...spec, containers } },
})

it('lets atomic lists and maps belong to one', () => {
  const one = as(
    'one',
    null,
    template([{ name: 'c', args: ['x'], env: [{ name: 'A', value: '1' }] }], {
      nodeSelector: { a: 'b' },
      tolerations: [{ key: 'a' }],
    }),
  )
  const conflict = refused(() =>
    as('two', one, template([{ name: 'c', args: ['z'] }], { nodeSelector: { c: 'd' }, tolerations: [{ key: 'b' }] })),
  )
  expect(conflict.message).toBe(
    'Apply failed with 3 conflicts: conflicts with "one":\n- .template.spec.nodeSelector\n- .template.spec.tolerations\n- .template.spec.containers[name="c"].args',
  )
  const more = as(
    'two',
    one,
    template([
      { name: 'd', image: 'd:1' },
      { name: 'c', env: [{ name: 'B', value: '2' }] },
    ]),
  )
  expect(more['template'].spec.containers.map((c: any) => c.name)).toEqual(['d', 'c'])
  const fewer = as('two', more, template([{ name: 'c', env: [{ name: 'B', value: '2' }] }]))
  expect(fewer['template'].spec.containers).toEqual([
    {
      name: 'c',
      args: ['x'],
      env: [
        { name: 'A', value: '1' },
        { name: 'B', value: '2' },
      ],
    },
  ])
})

it('says what does not fit, in its words', () => {
  const message = (applied: object) => refused(() => as('one', null, applied)).message
  const patch = 'failed to create typed patch object (/a; /v1, Kind=ConfigMap): '
  expect(message({ ...MAP, dta: {} })).toBe(`${patch}.dta: field not declared in schema`)
  expect(message(data({ x: { y: '1' } }))).toBe(
    `${patch}.data.x: expected string, got &value.valueUnstructured{Value:map[string]interface {}{"y":"1"}}`,
  )
  expect(message(ports({ port: 81, protocol: 'TCP' }, { port: 81 }))).toBe(
    'failed to create typed patch object (/s; /v1, Kind=Service): .spec.ports: duplicate entries for key [port=81,protocol="TCP"]',
  )
  expect(refused(() => as('one', null, { metadata: {} }, { apiVersion: 'v1', kind: 'Pod' })).message).toBe(
    'invalid object type: /, Kind=',
  )
  expect(message({ ...MAP, metadata: { managedFields: [] } })).toBe('metadata.managedFields must be nil')
})

it('lets kubectl take over what its client-side apply had set', () => {
  const last = JSON.stringify({ ...data({ x: '1' }), metadata: { name: 'a', annotations: {} } })
  const annotations = { 'kubectl.kubernetes.io/last-applied-configuration': last }
  const live = update(
    'kubectl-client-side-apply',
    null as unknown as AnyObject,
    data({ x: '1' }, { annotations, uid: 'u' }) as unknown as AnyObject,
  )
  const next = as('kubectl', live, data({ x: '2' }))
  expect(next['data']).toEqual({ x: '2' })
  expect(next.metadata.annotations?.['kubectl.kubernetes.io/last-applied-configuration']).toContain('"x":"2"')
  expect(refused(() => as('other', live, data({ x: '2' }))).code).toBe(409)
})

it('gives the fields of an object without owners to before-first-apply', () => {
  const live = { ...data({ x: '1', y: '1' }), metadata: { name: 'a', uid: 'u' } } as unknown as AnyObject
  expect(owners(as('one', live, data({ y: '1' })))).toEqual([
    'one {"f:data":{"f:y":{}}}',
    'before-first-apply {"f:data":{".":{},"f:x":{},"f:y":{}}}',
  ])
})

it('owns only status, and labels, through the status road', () => {
  const made = as('one', null, ports({ name: 'a', port: 80, protocol: 'TCP' }))
  const status = {
    conditions: [
      { type: 'example.com/Fine', status: 'True', reason: 'Ok', message: 'fine', lastTransitionTime: '2026-01-02T03:04:05Z' },
    ],
  }
  const next = as('three', made, { ...SERVICE, status }, { subresource: 'status' })
  expect(owners(next)[1]).toBe(
    'three {"f:status":{"f:conditions":{"k:{\\"type\\":\\"example.com/Fine\\"}":{".":{},"f:lastTransitionTime":{},"f:message":{},"f:reason":{},"f:status":{},"f:type":{}}}}}',
  )
  const labelled = { ...SERVICE, metadata: { name: 's', labels: { from: 'status' } }, spec: { ports: [{ port: 90 }] } }
  const again = as('four', next, labelled, { subresource: 'status' })
  expect(owners(again).find((text) => text.startsWith('four'))).toBe('four {"f:metadata":{"f:labels":{"f:from":{}}}}')
})

it('guesses types where there is no schema: lists are one, maps are merged', () => {
  const thing = (spec: object) => ({ apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 't' }, spec })
  const one = as('one', null, thing({ list: [1, 2], map: { a: 1 } }))
  const two = as('two', one, thing({ map: { b: { c: null } } }))
  expect(two['spec']).toEqual({ list: [1, 2], map: { a: 1, b: { c: null } } })
  expect(refused(() => as('two', one, thing({ list: [3] }))).message).toBe(
    'Apply failed with 1 conflict: conflict with "one": .spec.list',
  )
  expect(as('one', two, thing({}))['spec']).toEqual({ map: { b: { c: null } } })
})
