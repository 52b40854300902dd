import { expect, test } from 'vitest'
import { resolved } from '../../apiserver/schema/schema.ts'
import { bootstrapObjects } from './bootstrap.ts'
import { catalogueColumns, catalogueKinds, catalogueSchemas } from './index.ts'

const schemas = catalogueSchemas()

test('definitions unpack with types, keys and defaults', () => {
  const container = schemas.get('io.k8s.api.core.v1.Container')
  expect(container?.required).toEqual(['name'])
  expect(container?.properties?.ports).toEqual({
    type: 'array',
    items: { ref: 'io.k8s.api.core.v1.ContainerPort', default: {} },
    listType: 'map',
    listKeys: ['containerPort', 'protocol'],
    patchKey: 'containerPort',
    patchStrategy: ['merge'],
  })
  expect(container?.properties?.imagePullPolicy).toEqual({
    type: 'string',
    enum: ['Always', 'IfNotPresent', 'Never'],
    goType: 'v1.PullPolicy',
  })
})

test('references resolve to the special types', () => {
  const spec = schemas.get('io.k8s.api.coordination.v1.LeaseSpec')
  expect(resolved(spec?.properties?.renewTime ?? {}, schemas)).toMatchObject({ format: 'micro-time', pointer: true })
})

test('every reference has a definition', () => {
  const missing: string[] = []
  const look = (node: unknown): void => {
    if (node === null || typeof node !== 'object') return
    const ref = (node as { ref?: unknown }).ref
    if (typeof ref === 'string' && !schemas.has(ref)) missing.push(ref)
    Object.values(node).forEach(look)
  }
  for (const name of schemas.names()) look(schemas.get(name))
  expect(missing).toEqual([])
})

test('kinds keep the order of discovery, and each that is stored has a definition', () => {
  const kinds = catalogueKinds()
  expect(kinds.length).toBe(68)
  expect(
    kinds
      .map((k) => k.group)
      .filter((g, i, all) => g !== all[i - 1])
      .slice(0, 3),
  ).toEqual(['', 'apiregistration.k8s.io', 'apps'])
  expect(kinds.filter((k) => !schemas.nameOf(k.groupVersion, k.kind)).map((k) => k.kind)).toEqual([])
})

test('columns know their priority', () => {
  expect(
    catalogueColumns('v1', 'pods')
      ?.map((c) => `${c.name} ${c.priority}`)
      .slice(3, 6),
  ).toEqual(['Restarts 0', 'Age 0', 'IP 1'])
})

test('a fresh cluster holds the cluster roles', () => {
  const names = bootstrapObjects()
    .map((b) => b.object)
    .filter((o) => o.kind === 'ClusterRole')
    .map((o) => o.metadata.name)
  expect(names).toContain('cluster-admin')
})
