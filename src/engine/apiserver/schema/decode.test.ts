import { describe, expect, test } from 'vitest'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import { decodeBody, parseBody } from './decode.ts'
import { finish } from './finish.ts'

const schemas = catalogueSchemas()
const NAMES: Record<string, string> = {
  ConfigMap: 'v1',
  Pod: 'v1',
  Secret: 'v1',
  Deployment: 'apps/v1',
  Lease: 'coordination.k8s.io/v1',
}

function decode(kind: string, body: unknown, more: { yaml?: boolean; fieldValidation?: 'Strict' | 'Warn' | 'Ignore' } = {}) {
  const warnings: string[] = []
  const apiVersion = NAMES[kind] as string
  const schema = schemas.nameOf(apiVersion, kind) as string
  const options = { yaml: false, fieldValidation: 'Warn' as const, ...more }
  try {
    const object = decodeBody({ body, schema, schemas, apiVersion, kind, warn: (text) => warnings.push(text), ...options })
    return { object, warnings, said: '' }
  } catch (error) {
    return { object: null, warnings, said: (error as Error).message }
  }
}
const pod = (spec: unknown) => ({ metadata: { name: 'a' }, spec })

describe('what does not parse', () => {
  test.each([
    ['{"kind": "ConfigMap"', 'unexpected end of JSON input ({"kind": "ConfigMap")'],
    ['{"a":1,}', 'invalid character \'}\' looking for beginning of object key string ({"a":1,})'],
    ['{"a":tru}', "invalid character '}' in literal true (expecting 'e') ({\"a\":tru})"],
    ['{"a":1} x', 'invalid character \'x\' after top-level value ({"a":1} x)'],
    ['', 'unexpected end of JSON input (<empty>)'],
  ])('JSON %s', (body, words) => {
    const start = "the object provided is unrecognized (must be of type ConfigMap): couldn't get version/kind; json parse error: "
    expect(decode('ConfigMap', body).said).toBe(start + words)
  })
  test.each([
    ['a:\n\tb: 1\n', 'line 2: found character that cannot start any token'],
    ['a: {b: c\nd: [\n', "line 1: did not find expected ',' or '}'"],
    ['a: b: c\n', 'mapping values are not allowed in this context'],
    ['a: {{ .Values.x }}\n', 'invalid map key: map[interface {}]interface {}{".Values.x":interface {}(nil)}'],
    ['a: *x\n', "unknown anchor 'x' referenced"],
  ])('YAML %s', (body, words) => {
    expect(decode('ConfigMap', body, { yaml: true }).said).toContain(`(must be of type ConfigMap): yaml: ${words} (`)
  })
})

describe('what does not fit', () => {
  test.each([
    ['Deployment', { spec: { replicas: 'three' } }, 'string into Go struct field DeploymentSpec.spec.replicas of type int32'],
    ['Deployment', '{"spec":{"replicas":1.0}}', 'number 1.0 into Go struct field DeploymentSpec.spec.replicas of type int32'],
    ['Pod', pod({ containers: {} }), 'object into Go struct field PodSpec.spec.containers of type []v1.Container'],
    ['Pod', pod({ restartPolicy: 5 }), 'number into Go struct field PodSpec.spec.restartPolicy of type v1.RestartPolicy'],
    [
      'Pod',
      pod({ volumes: [{ name: 'v', emptyDir: 'x' }] }),
      'string into Go struct field Volume.spec.volumes.VolumeSource.emptyDir of type v1.EmptyDirVolumeSource',
    ],
  ])('%s %j', (kind, body, words) => {
    expect(decode(kind, body).said).toBe(
      `${kind} in version "v1" cannot be handled as a ${kind}: json: cannot unmarshal ${words}`,
    )
  })
  test('bytes may be a list of numbers', () => {
    expect(decode('Secret', { data: { p: [104, 105, null] } })).toMatchObject({ object: { data: { p: 'aGkA' } } })
    expect(decode('Secret', { data: { p: ['hi'] } }).said).toContain(
      'json: cannot unmarshal string into Go struct field Secret.data of type uint8',
    )
    expect(decode('Secret', { data: { p: [1, 256] } }).said).toContain(
      'number 256 into Go struct field Secret.data of type uint8',
    )
  })
  test('times, bytes and quantities have their own words', () => {
    expect(decode('Lease', { spec: { renewTime: 'yesterday' } }).said).toContain(
      'parsing time "yesterday" as "2006-01-02T15:04:05.000000Z07:00": cannot parse "yesterday" as "2006"',
    )
    expect(decode('Secret', { data: { p: 'not base64!' } }).said).toContain('illegal base64 data at input byte 3')
    expect(decode('Pod', pod({ overhead: { cpu: '1 core' } })).said).toContain('quantities must match the regular expression')
  })
})

describe('whose kind it is', () => {
  test.each([
    [
      { apiVersion: 'v1', kind: 'Secret' },
      'Secret in version "v1" cannot be handled as a ConfigMap: converting (v1.Secret) to (core.ConfigMap): unknown conversion',
    ],
    [{ apiVersion: 'v1', kind: 'Confmap' }, 'no kind "Confmap" is registered for version "v1" in scheme'],
    [{ apiVersion: 'a/b/c', kind: 'ConfigMap' }, 'unexpected GroupVersion string: a/b/c'],
  ])('%j', (body, words) => expect(decode('ConfigMap', body).said).toContain(words))
  test('an old version converts, but is not what the URL says', () => {
    const { said } = decode('Deployment', { apiVersion: 'apps/v1beta1', kind: 'Deployment' })
    expect(said).toBe('the API version in the data (apps/v1beta1) does not match the expected API version (apps/v1)')
  })
  test('what is left out comes from the URL', () => {
    expect(decode('ConfigMap', '{}').object).toEqual({ apiVersion: 'v1', kind: 'ConfigMap' })
  })
})

describe('what nobody knows', () => {
  const body = { metadata: { name: 'a', lables: {} }, dta: {} }
  test('is warned of, refused, or passed over', () => {
    expect(decode('ConfigMap', body).warnings).toEqual(['unknown field "metadata.lables"', 'unknown field "dta"'])
    expect(decode('ConfigMap', body, { fieldValidation: 'Strict' }).said).toContain(
      'strict decoding error: unknown field "metadata.lables", unknown field "dta"',
    )
    expect(decode('ConfigMap', body, { fieldValidation: 'Ignore' }).object?.metadata).toEqual({ name: 'a' })
  })
  test('doubled keys are joined, the last one wins', () => {
    const twice = decode('ConfigMap', '{"data":{"x":"1"},"data":{"x":"2","y":"3"}}')
    expect(twice.warnings).toEqual(['duplicate field "data"'])
    expect(twice.object?.['data']).toEqual({ x: '2', y: '3' })
    expect(decode('ConfigMap', 'data: {}\ndata: {a: b}\n', { yaml: true, fieldValidation: 'Strict' }).said).toContain(
      'strict decoding error: yaml: unmarshal errors:\n  line 2: key "data" already set in map',
    )
  })
})

describe('canonical form', () => {
  test('quantities, times and zero values', () => {
    const { object } = decode('Pod', {
      metadata: { labels: {}, creationTimestamp: '2026-01-01T02:00:00.5+02:00' },
      spec: {
        hostNetwork: false,
        containers: [{ name: 'c', command: [], resources: { limits: { cpu: '1000m', memory: 0.5 } } }],
      },
    })
    expect(object?.metadata).toEqual({ creationTimestamp: '2026-01-01T00:00:00Z' })
    expect(object?.['spec']).toEqual({ containers: [{ name: 'c', resources: { limits: { cpu: '1', memory: '500m' } } }] })
  })
  test('pointers keep their zero', () => {
    expect(decode('Deployment', { spec: { replicas: 0, paused: false } }).object?.['spec']).toEqual({ replicas: 0 })
  })
  test('what is canonical is shared', () => {
    const body = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a', labels: { a: 'b' } }, data: { x: 'y' } }
    expect(decode('ConfigMap', body).object).toBe(body)
  })
  test('finish adds what Go always prints', () => {
    const done = finish(pod({ containers: [{ name: 'c' }] }), 'io.k8s.api.core.v1.Pod', schemas)
    expect(done).toEqual({ metadata: { name: 'a' }, spec: { containers: [{ name: 'c', resources: {} }] }, status: {} })
    expect(finish(done, 'io.k8s.api.core.v1.Pod', schemas)).toBe(done)
  })
})

describe('hostile bodies', () => {
  test('too large', () => {
    expect(decode('ConfigMap', `{"data":{"x":"${'é'.repeat(1_600_000)}"}}`).said).toBe(
      'Request entity too large: limit is 3145728',
    )
  })
  test('laughing aliases, deep nesting, __proto__', () => {
    const laughs = 'abcdef'.split('').map((c, i, all) => `${c}: &${c} [${Array(10).fill(i ? `*${all[i - 1]}` : 'x')}]`)
    expect(decode('ConfigMap', laughs.join('\n'), { yaml: true }).said).toContain('yaml: document contains excessive aliasing')
    expect(decode('ConfigMap', '['.repeat(50_000)).said).toContain("invalid character '[' exceeded max depth")
    const { object } = decode('ConfigMap', '{"data":{"__proto__":"x"},"__proto__":{"polluted":"yes"}}')
    expect(Object.keys(object?.['data'])).toEqual(['__proto__'])
    expect((object as { polluted?: unknown }).polluted).toBeUndefined()
  })
})

test('patches are parsed with their own words', () => {
  expect(() => parseBody('metadata', false)).toThrow("error decoding patch: invalid character 'm' looking for beginning of value")
  expect(parseBody('spec: {replicas: 3}', true)).toEqual({ spec: { replicas: 3 } })
})
