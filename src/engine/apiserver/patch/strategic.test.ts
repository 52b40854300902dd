import { expect, it } from 'vitest'
import type { Dict } from '#api/patch/parts.ts'
import { createThreeWayStrategicPatch, createTwoWayStrategicPatch, PatchConflict } from '#api/patch/three-way.ts'
import { ApiError } from '#api/status.ts'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import { applyStrategicPatch, patchSchema } from './strategic.ts'

const schemas = catalogueSchemas()
const schemaOf = (name: string) => {
  const schema = schemas.get(name)
  if (!schema) throw new Error(name)
  return schema
}
const TEMPLATE = schemaOf('io.k8s.api.core.v1.PodTemplate')
const template: any = {
  metadata: { labels: { x: '1' }, annotations: { keep: 'me' } },
  template: {
    metadata: { labels: { app: 'a' }, finalizers: ['example.com/a', 'example.com/b'] },
    spec: {
      tolerations: [{ key: 'a', operator: 'Exists' }],
      containers: [
        {
          name: 'one',
          image: 'a:1',
          env: [
            { name: 'A', value: '1' },
            { name: 'B', value: '2' },
          ],
          args: ['x', 'y'],
        },
        { name: 'two', image: 'b:1' },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  },
}
const patched = (patch: unknown): any => applyStrategicPatch(template, patch, TEMPLATE, schemas)
const refused = (patch: unknown): [number, string] => {
  try {
    patched(patch)
  } catch (error) {
    if (error instanceof ApiError) return [error.code, error.message]
  }
  throw new Error('not refused')
}

it('merges lists by key, the patch first', () => {
  const { containers, volumes } = patched({
    template: {
      spec: {
        containers: [
          { name: 'two', image: 'b:2' },
          { name: 'three', image: 'c:1' },
          {
            name: 'one',
            env: [
              { name: 'B', value: '3' },
              { name: 'C', value: '4' },
            ],
          },
        ],
        volumes: [{ name: 'w', emptyDir: {} }],
      },
    },
  }).template.spec
  expect(containers.map((c: any) => [c.name, c.image])).toEqual([
    ['two', 'b:2'],
    ['three', 'c:1'],
    ['one', 'a:1'],
  ])
  expect(containers[2].env).toEqual([
    { name: 'A', value: '1' },
    { name: 'B', value: '3' },
    { name: 'C', value: '4' },
  ])
  expect(volumes.map((v: any) => v.name)).toEqual(['w', 'v'])
})

it('replaces plain lists; finalizers are a set', () => {
  const next = patched({
    template: {
      metadata: { finalizers: ['example.com/c', 'example.com/a'] },
      spec: { tolerations: [{ key: 'b' }], containers: [{ name: 'one', args: ['q'] }] },
    },
  })
  expect(next.template.metadata.finalizers).toEqual(['example.com/c', 'example.com/a', 'example.com/b'])
  expect(next.template.spec.tolerations).toEqual([{ key: 'b' }])
  expect(next.template.spec.containers[0].args).toEqual(['q'])
})

it('obeys $patch', () => {
  const gone = patched({
    metadata: { labels: { $patch: 'delete' } },
    template: {
      spec: {
        containers: [
          { name: 'two', $patch: 'delete' },
          { name: 'one', env: [{ name: 'A', $patch: 'delete' }] },
        ],
      },
    },
  })
  expect(gone.metadata.labels).toEqual({})
  expect(gone.template.spec.containers).toHaveLength(1)
  expect(gone.template.spec.containers[0].env).toEqual([{ name: 'B', value: '2' }])
  const other = patched({
    metadata: { labels: { $patch: 'replace', only: 'this' } },
    template: { spec: { containers: [{ $patch: 'replace' }, { name: 'new', image: 'n:1' }] } },
  })
  expect(other.metadata.labels).toEqual({ only: 'this' })
  expect(other.template.spec.containers).toEqual([{ name: 'new', image: 'n:1' }])
})

it('obeys the parallel lists', () => {
  const names = (patch: unknown) => patched({ template: { spec: patch } }).template.spec.containers.map((c: any) => c.name)
  expect(
    names({
      '$setElementOrder/containers': [{ name: 'two' }, { name: 'zero' }, { name: 'one' }],
      containers: [{ name: 'zero', image: 'z:1' }],
    }),
  ).toEqual(['two', 'zero', 'one'])
  const { finalizers } = patched({
    template: {
      metadata: {
        '$deleteFromPrimitiveList/finalizers': ['example.com/a'],
        '$setElementOrder/finalizers': ['example.com/z', 'example.com/b'],
        finalizers: ['example.com/z'],
      },
    },
  }).template.metadata
  expect(finalizers).toEqual(['example.com/z', 'example.com/b'])
})

it('obeys $retainKeys', () => {
  const { volumes } = patched({
    template: { spec: { volumes: [{ name: 'v', $retainKeys: ['name', 'configMap'], configMap: { name: 'cm' } }] } },
  }).template.spec
  expect(volumes).toEqual([{ name: 'v', configMap: { name: 'cm' } }])
})

it('says what it cannot do in Go’s words', () => {
  expect(refused({ template: { spec: { containers: [{ image: 'q:1' }] } } })).toEqual([
    500,
    'map: map[image:q:1] does not contain declared merge key: name',
  ])
  expect(refused({ metadata: { labels: { $patch: 'explode' } } })).toEqual([
    500,
    'unknown patch type: explode in map: map[$patch:explode]',
  ])
  expect(refused('text')).toEqual([400, 'json: cannot unmarshal string into Go value of type map[string]interface {}'])
  expect(refused({ template: { spec: { volumes: [{ name: 'v', $retainKeys: ['name'], configMap: {} }] } } })).toEqual([
    400,
    'invalid patch format of retainKeys',
  ])
})

it('shares what stays, and changes nothing for a patch that says what is', () => {
  expect(patched({ metadata: { labels: { x: '1' } }, template: { spec: { containers: [{ name: 'one', image: 'a:1' }] } } })).toBe(
    template,
  )
  const next = patched({ metadata: { labels: { x: '2' } } })
  expect(next.template).toBe(template.template)
})

const DEPLOYMENT = schemaOf('io.k8s.api.apps.v1.Deployment')
const three = (original: Dict, modified: Dict, current: Dict, overwrite = true) =>
  createThreeWayStrategicPatch({ original, modified, current, overwrite, schema: patchSchema(DEPLOYMENT, schemas) })
const withContainers = (...containers: Dict[]): Dict => ({ spec: { template: { spec: { containers } } } })

it('makes the patch that apply sends', () => {
  const original = withContainers({ name: 'web', image: 'nginx:1' }, { name: 'old', image: 'old:1' })
  const modified = withContainers({ name: 'web', image: 'nginx:2' })
  const current = withContainers({ name: 'web', image: 'nginx:1', imagePullPolicy: 'Always' }, { name: 'old', image: 'old:1' })
  expect(three(original, modified, current)).toEqual({
    spec: {
      template: {
        spec: {
          '$setElementOrder/containers': [{ name: 'web' }],
          containers: [
            { name: 'web', image: 'nginx:2' },
            { name: 'old', $patch: 'delete' },
          ],
        },
      },
    },
  })
})

it('notices what others have changed', () => {
  const was = { spec: { replicas: 1 } }
  expect(() => three(was, { spec: { replicas: 3 } }, { spec: { replicas: 2 } }, false)).toThrow(PatchConflict)
  expect(three(was, { spec: { replicas: 1 } }, { spec: { replicas: 2 } })).toEqual({ spec: { replicas: 1 } })
})

it('leads from one version to another', () => {
  const from = withContainers({ name: 'a', image: 'a:1' }, { name: 'b', image: 'b:1', command: ['x'] })
  const to = withContainers({ name: 'c', image: 'c:1' }, { name: 'b', image: 'b:2' })
  const patch = createTwoWayStrategicPatch(from, to, patchSchema(DEPLOYMENT, schemas))
  expect(applyStrategicPatch(from, patch, DEPLOYMENT, schemas)).toEqual(to)
})
