import { expect, it } from 'vitest'
import { merged, type Schema } from './schemas.ts'

const base: Schema = { properties: { kind: {}, apiVersion: {} }, allOf: [{ base: true }], definitions: {} }
const ship = { group: 'sea.example', version: 'v1', kind: 'Ship' }
const document = {
  components: {
    schemas: {
      'example.sea.v1.Ship': {
        type: 'object',
        properties: {
          spec: { type: 'object', properties: { sails: { type: 'integer' } } },
          metadata: { $ref: '#/components/schemas/Meta' },
        },
        'x-kubernetes-group-version-kind': [ship],
      },
    },
  },
}

it('adds the kinds of CRDs, closed, with their references', () => {
  const { allOf, definitions, properties } = merged(base, [ship], [document])
  expect(allOf).toHaveLength(2)
  expect(definitions['example.sea.v1.Ship']).toMatchObject({
    additionalProperties: false,
    properties: { spec: { additionalProperties: false }, metadata: { $ref: '#/definitions/Meta' } },
  })
  expect(properties['kind']?.defaultSnippets).toEqual([{ label: 'Ship', body: 'Ship' }])
})

it('is the base when there are none, or when the server says nothing', () => {
  expect(merged(base, [], [])).toBe(base)
  expect(merged(base, [ship], [null]).allOf).toHaveLength(1)
})
