import { describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { resource } from '../resource.ts'
import { validateMeta } from './validate.ts'

const kind = resource({ group: '', version: 'v1', kind: 'Thing', plural: 'things', scope: 'Namespaced', schema: '' })
const thing = (meta: Partial<AnyObject['metadata']>): AnyObject =>
  ({ apiVersion: 'v1', kind: 'Thing', metadata: { name: 'a', namespace: 'default', ...meta } }) as AnyObject
const fields = (meta: Partial<AnyObject['metadata']>) => validateMeta(thing(meta), kind, null).map((e) => e.field)

describe('metadata', () => {
  it('is fine when it is plain', () => expect(fields({ labels: { app: 'web', 'x.io/y': '' } })).toEqual([]))
  it('needs a name', () => expect(fields({ name: '' })).toEqual(['metadata.name']))
  it('judges the prefix and the generated name', () =>
    expect(fields({ generateName: 'Bad_', name: 'Bad_xxxxx' })).toEqual(['metadata.generateName', 'metadata.name']))
  it('lets a prefix end in a dash', () => expect(fields({ generateName: 'web-', name: 'web-abcde' })).toEqual([]))
  it('refuses two controllers', () => {
    const owner = { apiVersion: 'v1', kind: 'Pod', name: 'p', uid: 'u', controller: true }
    expect(fields({ ownerReferences: [owner, owner] })).toEqual(['metadata.ownerReferences'])
  })
  it('names finalizers that nobody owns', () => expect(fields({ finalizers: ['mine'] })).toEqual(['metadata.finalizers[0]']))
  it('counts one bad label of an update three times, as Kubernetes does', () => {
    const old = thing({ resourceVersion: '1' })
    const next = thing({ resourceVersion: '1', labels: { a: 'b c' } })
    expect(validateMeta(next, kind, old).map((e) => e.field)).toEqual(Array(3).fill('metadata.labels'))
  })
  it('lets nobody add finalizers to what goes', () => {
    const going = { resourceVersion: '1', deletionTimestamp: '2026-01-01T00:00:00Z' }
    const [error] = validateMeta(thing({ ...going, finalizers: ['x.io/y'] }), kind, thing(going))
    expect(error?.message).toContain('found new finalizers []string{"x.io/y"}')
  })
})
