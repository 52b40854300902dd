import { describe, expect, it } from 'vitest'
import { compile, plainOf, resultError, schemaType, types } from './index.ts'

const self = schemaType({
  type: 'object',
  properties: {
    replicas: { type: 'integer' },
    ratio: { type: 'number' },
    name: { type: 'string', maxLength: 10 },
    'my-field': { type: 'string' },
    namespace: { type: 'string' },
    items: { type: 'array', maxItems: 5, items: { type: 'string', maxLength: 10 } },
    free: { type: 'array', items: { type: 'string' } },
    labels: { type: 'object', additionalProperties: { type: 'string' } },
    port: { 'x-kubernetes-int-or-string': true },
    when: { type: 'string', format: 'date-time' },
  },
})
const environment = { variables: { self, object: types.DYN } }

const data = {
  replicas: 3,
  ratio: 2,
  name: 'web',
  'my-field': 'x',
  namespace: 'shop',
  items: ['a', 'b'],
  labels: { 'a.b/c': 'd' },
  port: 80,
  when: '2026-01-02T03:04:05Z',
}

function evaluate(expression: string, object: unknown = {}): unknown {
  const compiled = compile(expression, environment)
  if (!compiled.ok) return compiled.error
  const outcome = compiled.program.run({ self: data, object })
  return outcome.ok ? plainOf(outcome.value) : `error: ${outcome.error}`
}

const error = (expression: string): string => {
  const compiled = compile(expression, environment)
  return compiled.ok ? 'compiles' : (compiled.error.split('\n')[0] as string)
}

function estimate(expression: string): number {
  const compiled = compile(expression, environment)
  if (!compiled.ok) throw new Error(compiled.error)
  return compiled.program.estimate().max
}

describe('values', () => {
  it.each([
    ['self.replicas + 1', 4],
    ['type(self.replicas) == int && type(self.ratio) == double', true],
    ['self.my__dash__field + self.__namespace__', 'xshop'],
    ['self.my__dash__field + self.namespace', 'xshop'],
    ['has(self.namespace) && self.namespace.size() == 4', true],
    ["self.labels['a.b/c']", 'd'],
    ['self.port == 80 && type(self.port) == int', true],
    ['self.when.getFullYear()', 2026],
    ['has(self.free)', false],
    ['self.?free.orValue(["none"])', ['none']],
    ['[?self.?name, ?self.?free.optMap(f, f[0])]', ['web']],
    ['{?"a": self.?free, "b": ["c"]}', { b: ['c'] }],
    ['self.items.map(x, x + "!")', ['a!', 'b!']],
    ['self.items.all(i, x, x == "a" || i == 1)', true],
    ['{"a": 1}.transformMap(k, v, k + string(v))', { a: 'a1' }],
    ['[3, 1, 2].sort()', [1, 2, 3]],
    ['["bb", "a"].sortBy(x, x.size())', ['a', 'bb']],
    ['1 / 0 == 1 || true', true],
    ["'%d of %s'.format([1, 2])", '1 of 2'],
    ["'a-b-c'.split('-', 2)", ['a', 'b-c']],
    ["quantity('1.5Gi').isGreaterThan(quantity('1500M'))", true],
    ["cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16')", true],
    ["ip('::1').isLoopback()", true],
    ["url('https://a.b:80/c?d=e&d=f').getQuery()", { d: ['e', 'f'] }],
    ["semver('1.0.0-rc.1').isLessThan(semver('v1.0', true))", true],
    ["format.named('dns1123Label').value().validate('web').hasValue()", false],
    ["'foo.bar'.matches('^[a-z]+\\\\.(?P<x>bar)$')", true],
    ["duration('90s') > duration('1m')", true],
  ])('%s', (expression, value) => expect(evaluate(expression)).toEqual(value))
})

describe('errors while it runs', () => {
  it.each([
    ['object.missing', 'no such key: missing'],
    ['self.items[7]', 'index out of bounds: 7'],
    ['9223372036854775807 + 1', 'integer overflow'],
    ['1 / (self.replicas - 3)', 'division by zero'],
    ["quantity('x')", "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"],
    ['dyn(1) + dyn("a")', 'no such overload'],
    ['optional.none().value()', 'optional.none() dereference'],
  ])('%s', (expression, words) => expect(evaluate(expression)).toBe(`error: ${words}`))
})

describe('errors when it is compiled', () => {
  it.each([
    ['self.nothing', "ERROR: <input>:1:5: undefined field 'nothing'"],
    ['nobody', "ERROR: <input>:1:1: undeclared reference to 'nobody' (in container '')"],
    ['foo(1)', "ERROR: <input>:1:4: undeclared reference to 'foo' (in container '')"],
    ['self.replicas + "a"', "ERROR: <input>:1:15: found no matching overload for '_+_' applied to '(int, string)'"],
    ['true && 1', "ERROR: <input>:1:9: expected type 'bool' but found 'int'"],
    ['[1, "a"]', "ERROR: <input>:1:5: expected type 'int' but found 'string'"],
    ['self = 42', "ERROR: <input>:1:6: Syntax error: token recognition error at: '= '"],
    ['a b', "ERROR: <input>:1:3: Syntax error: extraneous input 'b' expecting <EOF>"],
    ['1 + 2 3 +', "ERROR: <input>:1:7: Syntax error: mismatched input '3' expecting <EOF>"],
    ['has(self)', 'ERROR: <input>:1:5: invalid argument to has() macro'],
    ['1.all(2, 3)', 'ERROR: <input>:1:7: argument must be a simple name'],
    ['var', 'ERROR: <input>:1:1: reserved identifier: var'],
    ['duration("1x")', 'ERROR: <input>:1:10: invalid duration argument'],
    ['"a".matches("(")', 'ERROR: <input>:1:13: invalid matches argument'],
    [`${'('.repeat(300)}1`, 'ERROR: <input>:-1:0: expression recursion limit exceeded: 250'],
  ])('%s', (expression, words) => expect(error(expression)).toBe(words))

  it('shows the line and the place', () => {
    const compiled = compile('true &&\n\tself.x', environment)
    expect(compiled.ok ? '' : compiled.error).toBe("ERROR: <input>:2:6: undefined field 'x'\n |  self.x\n | .....^")
  })

  it('wants the type that is asked for', () => {
    const compiled = compile('self.replicas', environment)
    expect(compiled.ok && resultError(compiled.program, types.BOOL)).toBe('must evaluate to bool but got int')
  })
})

describe('costs', () => {
  it('stops what costs too much', () => {
    const list = Array.from({ length: 200 }, (_, i) => i)
    expect(evaluate('object.all(a, object.all(b, object.all(c, a + b + c >= 0)))', list)).toBe(
      'error: operation cancelled: actual cost limit exceeded',
    )
  })

  it('is estimated from the sizes that schemas allow', () => {
    expect(estimate('self.replicas > 1')).toBe(3)
    expect(estimate('self.items.all(x, x == "a")')).toBeLessThan(100)
    expect(estimate('self.free.all(x, self.free.all(y, x == y))')).toBeGreaterThan(10_000_000)
  })
})
