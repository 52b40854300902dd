import { expect, it } from 'vitest'
import { fieldsIn, locate, readDocuments } from './manifest.ts'

const TEXT = `# a comment
apiVersion: v1
kind: Service
metadata: {name: web}
spec:
  ports:
    - port: 80
    - port: 99999
---
# nothing
---
apiVersion: apps/v1
kind: Deployment
metadata:
  name: <img src=x>
  labels: {a.b/c: "1"}
`

it('reads several documents and skips empty ones', () => {
  expect(readDocuments(TEXT).map((d) => [d.index, d.line, (d.value as { kind: string }).kind])).toEqual([
    [0, 2, 'Service'],
    [1, 12, 'Deployment'],
  ])
})

it('finds a field by its path, and the nearest thing around an absent one', () => {
  expect(locate(TEXT, 0, 'spec.ports[1].port')).toMatchObject({ line: 8, column: 7 })
  expect(locate(TEXT, 1, 'metadata.labels[a.b/c]')).toMatchObject({ line: 16 })
  expect(locate(TEXT, 1, 'metadata.name')).toMatchObject({ line: 15 })
  expect(locate(TEXT, 0, 'spec.selector')).toMatchObject({ line: 5 })
})

it('says where broken YAML is broken', () => {
  const [broken] = readDocuments('a: 1\nb: [1, 2\nc: 3\n')
  expect(broken?.problem?.line).toBeGreaterThan(1)
  expect(broken?.problem?.message).toContain('error converting YAML to JSON: yaml: line')
})

it('refuses aliases that explode', () => {
  const lol = [
    'a: &a [x,x,x,x,x,x,x,x,x,x]',
    ...'bcdefgh'.split('').map((c, i) => `${c}: &${c} [${Array(10).fill(`*${'abcdefgh'[i]}`).join(',')}]`),
  ].join('\n')
  expect(readDocuments(lol)[0]?.problem?.message).toContain('Excessive alias count')
})

it('keeps __proto__ as a plain key', () => {
  const [document] = readDocuments('kind: X\n__proto__: {polluted: true}\n')
  expect(Object.hasOwn(document?.value as object, '__proto__')).toBe(true)
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
})

it('reads YAML 1.1: yes is a boolean, times stay text', () => {
  expect(readDocuments('a: yes\nb: 2026-01-01\nc: 12:30:00\nd: 0777\n')[0]?.value).toEqual({
    a: true,
    b: '2026-01-01',
    c: '12:30:00',
    d: 511,
  })
})

it('takes field paths from what the server says', () => {
  expect(fieldsIn('strict decoding error: unknown field "spec.replica"')).toEqual([
    { path: 'spec.replica', message: 'unknown field "spec.replica"' },
  ])
  expect(fieldsIn('x', [{ field: 'spec.ports[0].port', message: 'Invalid value: 0' }])[0]?.path).toBe('spec.ports[0].port')
  expect(fieldsIn('json: cannot unmarshal string into Go struct field DeploymentSpec.spec.replicas of type int32')[0]?.path).toBe(
    'spec.replicas',
  )
})
