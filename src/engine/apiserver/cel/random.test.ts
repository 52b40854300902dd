import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compile, schemaType, types } from './index.ts'

const self = schemaType({
  type: 'object',
  properties: {
    n: { type: 'integer' },
    s: { type: 'string' },
    l: { type: 'array', items: { type: 'string' } },
    m: { type: 'object', additionalProperties: { type: 'integer' } },
  },
})
const environment = { variables: { self, object: types.DYN } }
const data = { n: 3, s: 'abc', l: ['a', 'b', 'c'], m: { x: 1, y: 2 } }

const LEAVES = [
  ...[
    '1',
    '2u',
    '0.5',
    "'a'",
    "'^a+$'",
    'true',
    'null',
    "b'x'",
    'self.n',
    'self.s',
    'self.l',
    'self.m',
    'object',
    'object.l',
    'x',
    'y',
  ],
  ...[
    '[]',
    '{}',
    "duration('1h')",
    "timestamp('2026-01-01T00:00:00Z')",
    "quantity('1Gi')",
    "ip('::1')",
    'optional.none()',
    'int',
    '9223372036854775807',
  ],
]
const BINARY = ['+', '-', '*', '/', '%', '==', '!=', '<', '<=', '>', '>=', '&&', '||', 'in']
const METHODS = [
  'size',
  'contains',
  'startsWith',
  'matches',
  'split',
  'join',
  'sum',
  'max',
  'isSorted',
  'indexOf',
  'replace',
  'find',
  'findAll',
  'format',
].concat([
  'reverse',
  'distinct',
  'flatten',
  'sort',
  'slice',
  'substring',
  'orValue',
  'value',
  'hasValue',
  'getHours',
  'isGreaterThan',
  'add',
  'family',
])
const MACROS = ['all', 'exists', 'exists_one', 'map', 'filter', 'optMap', 'sortBy']
const TWO = ['all', 'exists', 'transformList', 'transformMap']

const { expression } = fc.letrec<{ expression: string }>((tie) => {
  const inner = tie('expression')
  const method = fc.tuple(inner, fc.constantFrom(...METHODS), fc.array(inner, { maxLength: 2 }))
  return {
    expression: fc.oneof(
      { maxDepth: 5, depthIdentifier: 'cel' },
      fc.constantFrom(...LEAVES),
      fc.tuple(inner, fc.constantFrom(...BINARY), inner).map(([a, op, b]) => `(${a} ${op} ${b})`),
      fc.tuple(inner, inner, inner).map(([a, b, c]) => `(${a} ? ${b} : ${c})`),
      fc.tuple(fc.constantFrom('!', '-'), inner).map(([op, a]) => `${op}(${a})`),
      fc.array(inner, { maxLength: 4 }).map((items) => `[${items.join(', ')}]`),
      fc.array(fc.tuple(inner, inner), { maxLength: 3 }).map((pairs) => `{${pairs.map(([k, v]) => `${k}: ${v}`).join(', ')}}`),
      fc.tuple(inner, fc.constantFrom('.l', '.?l', '.n', '[0]', "['x']", '[?1]')).map(([a, tail]) => `${a}${tail}`),
      method.map(([a, name, args]) => `${a}.${name}(${args.join(', ')})`),
      fc.tuple(inner, fc.constantFrom(...MACROS), inner).map(([a, name, b]) => `${a}.${name}(x, ${b})`),
      fc.tuple(inner, fc.constantFrom(...TWO), inner).map(([a, name, b]) => `${a}.${name}(x, y, ${b})`),
      fc
        .tuple(fc.constantFrom('string', 'int', 'double', 'dyn', 'type', 'size', 'has', 'url', 'cidr'), inner)
        .map(([fn, a]) => `${fn}(${a})`),
    ),
  }
})

const TOKENS = [
  ...LEAVES,
  ...BINARY,
  ...'()[]{}.,?:!'.split(''),
  '"',
  "'",
  '\\',
  '=',
  '&',
  '|',
  'in',
  'var',
  '@',
  '\n',
  '😁',
  'a.b',
  '.map(',
  'has(',
]
const soup = fc.array(fc.constantFrom(...TOKENS), { maxLength: 24 }).map((tokens) => tokens.join(' '))

/** Compiles and runs; what comes out is always a value or words. */
function survives(text: string): boolean {
  const compiled = compile(text, environment)
  if (!compiled.ok) return compiled.error.startsWith('ERROR: <input>:')
  const { program } = compiled
  const { min, max } = program.estimate()
  const outcome = program.run({ self: data, object: data }, 50_000)
  return min >= 0 && max >= 0 && (outcome.ok || outcome.error !== '')
}

describe('random expressions', () => {
  it('compile and evaluate, or are refused in words', { timeout: 120_000 }, () => {
    fc.assert(fc.property(expression, survives), { numRuns: 12_000, seed: 1 })
    fc.assert(fc.property(soup, survives), { numRuns: 8000, seed: 2 })
  })

  it('neither nest nor run too deep', () => {
    for (const text of [
      `${'!'.repeat(50_000)}true`,
      '('.repeat(20_000),
      `1${' + 1'.repeat(30_000)}`,
      `self${'.l'.repeat(20_000)}`,
      '['.repeat(9999),
    ]) {
      expect(survives(text)).toBe(true)
    }
    const doubling = `optional.of([1])${'.optMap(x, x + x)'.repeat(200)}.value()`
    expect(survives(doubling)).toBe(true)
  })
})
