import { expect, it } from 'vitest'
import { type Facts, fixesFor } from './fixes.ts'

const facts: Facts = {
  versionsOf: (kind) => (kind === 'Deployment' ? ['apps/v1'] : []),
  kinds: ['Deployment', 'Service'],
  fields: ['replicas', 'image', 'selector'],
}
const fixed = (message: string, line: number, text: string): [string, string][] =>
  fixesFor({ line, column: 1, message }, text, facts).map(({ title, apply }) => [title, apply(text)])

it('renames a mistyped field, or takes it out with what hangs below it', () => {
  const text = 'spec:\n  replica: 2\n    deep: 1\n  image: x'
  expect(fixed('unknown field "spec.replica"', 2, text)).toEqual([
    ['Change replica to replicas', 'spec:\n  replicas: 2\n    deep: 1\n  image: x'],
    ['Remove replica', 'spec:\n  image: x'],
  ])
})

it('finds the version that serves a kind, and the kind that was meant', () => {
  const text = 'apiVersion: extensions/v1beta1\nkind: Deployment'
  const said = 'no matches for kind "Deployment" in version "extensions/v1beta1"'
  expect(fixed(said, 2, text)).toEqual([['Use apiVersion apps/v1', 'apiVersion: apps/v1\nkind: Deployment']])
  const [fix] = fixed('no matches for kind "Servic" in version "v1"', 2, 'apiVersion: v1\nkind: Servic')
  expect(fix).toEqual(['Change Servic to Service', 'apiVersion: v1\nkind: Service'])
})

it('makes a name that the server takes', () => {
  const said = 'metadata.name: Invalid value: "My_Web": a lowercase RFC 1123 subdomain must consist of'
  expect(fixed(said, 2, 'metadata:\n  name: My_Web')[0]).toEqual(['Name it my-web', 'metadata:\n  name: my-web'])
})

it('creates the namespace first', () => {
  expect(fixed('namespaces "team" not found', 1, 'kind: A')[0]?.[1]).toBe(
    'apiVersion: v1\nkind: Namespace\nmetadata:\n  name: team\n---\nkind: A',
  )
})

it('gives the template the labels of the selector', () => {
  const text =
    'spec:\n  selector:\n    matchLabels:\n      app: web\n  template:\n    metadata:\n      labels:\n        app: other\n    spec: {}'
  const said = 'Invalid value: {"app":"other"}: `selector` does not match template `labels`'
  expect(fixed(said, 7, text)[0]?.[1]).toContain('      labels: {app: web}\n    spec: {}')
})

it('knows nothing about what nobody could know', () => {
  expect(fixed('exceeded quota: small', 1, 'kind: A')).toEqual([])
})
