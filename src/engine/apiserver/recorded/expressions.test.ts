import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { TestCluster } from '../../testing/test-cluster.ts'

/** What a real 1.36.3 API server makes of CEL expressions, as a rule or as its message, over an object with a field of each type. */
const recorded: ['message' | 'rule', string, string][] = JSON.parse(
  readFileSync(new URL('expressions.json', import.meta.url), 'utf8'),
)

const text = (maxLength: number) => ({ type: 'string', maxLength })
const formatted = (format: string, maxLength?: number) => ({ type: 'string', format, ...(maxLength ? { maxLength } : {}) })
const FREE = { 'x-kubernetes-preserve-unknown-fields': true }
const list = (items: object) => ({ type: 'array', maxItems: 10, items })

const properties = {
  ...{ s: text(100), i: { type: 'integer' }, d: { type: 'number' }, b: { type: 'boolean' }, l: list({ type: 'integer' }) },
  ...{ ls: list(text(10)), m: { type: 'object', maxProperties: 10, additionalProperties: text(20) } },
  ...{ t: formatted('date-time'), u: formatted('duration'), ip: text(50), q: text(20), by: formatted('byte', 20) },
  ...{
    o: { type: 'object', properties: { a: text(10), z: text(10) } },
    date: formatted('date'),
    pres: { type: 'object', ...FREE },
  },
  ...{ ios: { 'x-kubernetes-int-or-string': true }, nul: { type: 'string', nullable: true }, any: FREE },
  emb: { type: 'object', 'x-kubernetes-embedded-resource': true, ...FREE },
  ...{ anys: { type: 'array', items: FREE }, mm: { type: 'object', additionalProperties: true } },
}

const value = {
  ...{ s: 'héllo wörld', i: 7, d: 1.5, b: true, l: [3, 1, 2], ls: ['b', 'a', 'b'], m: { x: '1', y: '2' } },
  ...{ t: '2024-02-29T12:34:56Z', u: '1h30m', ip: '10.1.2.3', q: '1.5Gi', o: { a: 'A' }, by: 'aGk=', date: '2024-03-01' },
  ...{ ios: '5%', nul: 'z' },
}

const definitionWith = (rule: object) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: 'cs.example.com' },
  spec: {
    ...{ group: 'example.com', scope: 'Namespaced', names: { plural: 'cs', singular: 'c', kind: 'C' } },
    versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: root(rule) } }],
  },
})

const root = (rule: object) => ({
  type: 'object',
  properties: { spec: { type: 'object', default: value, properties, 'x-kubernetes-validations': [rule] } },
})

describe('expressions of a custom resource', () => {
  const t = new TestCluster({ nodes: 0 })

  it.each(recorded)('%s: %s', (part, expression, expected) => {
    const rule = part === 'rule' ? { rule: expression } : { rule: 'false', messageExpression: expression }
    const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions?dryRun=All'
    const { status, body } = t.request('POST', path, definitionWith(rule))
    const said = status === 201 ? 'fits' : (body as { message: string }).message
    const told = said.replace(/^.*?default: Invalid value: /s, '').replace(/^"object": rule compile error: /, '')
    expect(told.replace(/\n \|[^\n]*/g, '').replace(/ERROR: <input>:1:/g, '')).toBe(expected)
  })
})
