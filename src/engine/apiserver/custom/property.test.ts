/** Whatever a definition and its objects say: the server answers, and never fails by an accident of its own. */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { boats, boatVersion, GROUP } from '../../testing/custom.ts'
import { TestCluster } from '../../testing/test-cluster.ts'

const DEFINITIONS = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const BOATS = `/apis/${GROUP}/v1/namespaces/default/boats`

const name = fc.constantFrom('a', 'b', 'spec', 'status', 'metadata', 'kind', '__proto__', 'constructor', 'x-y', 'é')
const scalar = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  fc.integer({ min: -9, max: 9 }),
  fc.double({ noNaN: true }),
  fc.string({ maxLength: 6 }),
)
const json = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    scalar,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(name, tie('value'), { maxKeys: 3 }),
  ),
})).value

const rule = fc.constantFrom(
  'self == oldSelf',
  'has(self.a)',
  'self.all(x, x == self[0])',
  "self.matches('^a+$')",
  'size(self) > 1',
  '1 / 0 > self',
  'self.a.b.c',
  ')(',
)
const validations = fc.array(fc.record({ rule, message: fc.string({ maxLength: 8 }) }, { requiredKeys: ['rule'] }), {
  maxLength: 2,
})

/** Schemas that are mostly structural; now and then something quite else stands in them. */
const schema = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 4 },
    fc.record(
      {
        type: fc.constantFrom('string', 'integer', 'number', 'boolean'),
        default: scalar,
        enum: fc.array(scalar, { maxLength: 2 }),
        format: fc.constantFrom('date-time', 'int32', 'ipv4', 'byte', 'uuid', 'nonsense'),
        pattern: fc.constantFrom('^a*$', '(', '[[:alpha:]]+'),
        minimum: fc.integer(),
        maxLength: fc.nat(9),
        nullable: fc.boolean(),
        'x-kubernetes-validations': validations,
      },
      { requiredKeys: ['type'] },
    ),
    fc.record(
      { 'x-kubernetes-int-or-string': fc.constant(true), default: scalar },
      { requiredKeys: ['x-kubernetes-int-or-string'] },
    ),
    fc.record(
      {
        type: fc.constant('array'),
        items: tie('any'),
        default: json,
        'x-kubernetes-list-type': fc.constantFrom('set', 'map', 'atomic'),
        'x-kubernetes-list-map-keys': fc.array(name, { maxLength: 2 }),
        'x-kubernetes-validations': validations,
        maxItems: fc.nat(3),
      },
      { requiredKeys: ['type', 'items'] },
    ),
    fc.record(
      {
        type: fc.constant('object'),
        properties: fc.dictionary(name, tie('any'), { maxKeys: 3 }),
        required: fc.array(name, { maxLength: 2 }),
        default: json,
        nullable: fc.boolean(),
        'x-kubernetes-preserve-unknown-fields': fc.constant(true),
        'x-kubernetes-embedded-resource': fc.constant(true),
        'x-kubernetes-validations': validations,
      },
      { requiredKeys: ['type'] },
    ),
    fc.record({ type: fc.constant('object'), additionalProperties: tie('any') }),
    { weight: 1, arbitrary: json },
  ),
})).any

/** Kubernetes' own failure where an applied object doesn't fit its schema. */
const UNTYPED = /^failed to create typed (patch|live) object/

const isAnswer = (status: number, body: unknown): boolean =>
  (status < 500 || UNTYPED.test((body as AnyObject)['message'])) &&
  (typeof body === 'string' || typeof (body as AnyObject)['kind'] === 'string' || status === 200)

it('answers to any definition and any object of it', () => {
  const cluster = new TestCluster({ nodes: 0 })
  const ask = (method: string, path: string, body?: unknown, type = 'application/json'): number => {
    const { status, body: answer } = cluster.request(method, path, body && JSON.parse(JSON.stringify(body)), {
      'content-type': type,
    })
    expect(isAnswer(status, answer), `${method} ${path}: ${status} ${JSON.stringify(answer)?.slice(-900)}`).toBe(true)
    return status
  }
  let served = 0
  fc.assert(
    fc.property(schema, fc.array(json, { minLength: 1, maxLength: 4 }), (spec, values) => {
      const openAPIV3Schema = { type: 'object', properties: { spec, status: { type: 'object' } } }
      const version = boatVersion('v1', { schema: { openAPIV3Schema }, selectableFields: [], subresources: { status: {} } })
      const made = ask('POST', DEFINITIONS, boats(version))
      if (made < 300) {
        served++
        cluster.run(2)
        const object = (value: unknown): object => ({
          apiVersion: `${GROUP}/v1`,
          kind: 'Boat',
          metadata: { name: 'x' },
          spec: value,
        })
        for (const value of values) {
          ask('POST', BOATS, object(value))
          ask('PATCH', `${BOATS}/x`, { spec: value }, 'application/merge-patch+json')
          ask('PATCH', `${BOATS}/x`, [{ op: 'replace', path: '/spec/a', value }], 'application/json-patch+json')
          ask('PATCH', `${BOATS}/x?fieldManager=m&force=true`, object(value), 'application/apply-patch+yaml')
          ask('GET', `${BOATS}/x`)
        }
        ask('GET', '/openapi/v2')
        ask('GET', `/openapi/v3/apis/${GROUP}/v1`)
        ask('DELETE', BOATS)
        ask('DELETE', `${DEFINITIONS}/boats.${GROUP}`)
        cluster.run(8)
      }
    }),
    { numRuns: 60, seed: 11 },
  )
  expect(served).toBeGreaterThan(10)
}, 120_000)

it('answers to any definition at all', () => {
  const cluster = new TestCluster({ nodes: 0 })
  fc.assert(
    fc.property(
      json,
      fc.constantFrom('versions', 'names', 'conversion', 'scope', 'group', 'preserveUnknownFields'),
      (value, part) => {
        const whole = boats()
        const sent = { ...whole, spec: { ...whole['spec'], [part]: value } }
        const { status, body } = cluster.request('POST', `${DEFINITIONS}?dryRun=All`, sent)
        expect(isAnswer(status, body), `${status} ${JSON.stringify(body).slice(0, 300)}`).toBe(true)
      },
    ),
    { numRuns: 300 },
  )
}, 60_000)
