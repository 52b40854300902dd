import { describe, expect, it } from 'vitest'
import type { AnyObject, OwnerReference } from '#api/meta.ts'
import { Heartbeats } from '../../machinery/heartbeats.ts'
import { World } from '../../sim/world.ts'
import { FakeApi } from '../../testing/fake-api.ts'
import type { ServedResource } from '../ports.ts'
import { garbageCollector } from './index.ts'

const verbs = ['create', 'delete', 'list', 'watch']
const served: ServedResource[] = [
  { id: 'configmaps', group: '', version: 'v1', plural: 'configmaps', kind: 'ConfigMap', namespaced: true, verbs },
  { id: 'nodes', group: '', version: 'v1', plural: 'nodes', kind: 'Node', namespaced: false, verbs },
]

class Graveyard {
  readonly api = new FakeApi()
  constructor() {
    const heartbeats = new Heartbeats(new World({ seed: '1', epoch: 0 }))
    this.api.run(
      garbageCollector({
        heartbeats,
        served: () => served,
        undiscovered: () => [],
        probe: () => null,
        authority: { certificate: '', key: '' },
        checkPolicy: () => [],
        hosts: [],
        serving: () => [],
        legacyToken: () => '',
      }),
    )
  }
  make(name: string, owners: AnyObject[] = [], block = true, namespace = 'default'): AnyObject {
    const ownerReferences = owners.map(
      ({ apiVersion, kind, metadata }): OwnerReference => ({
        apiVersion,
        kind,
        name: metadata.name,
        uid: metadata.uid ?? '',
        blockOwnerDeletion: block,
      }),
    )
    const made = this.api.create('configmaps', {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name, namespace, ownerReferences },
    })
    this.api.after(0.1)
    return made
  }
  delete(name: string, propagationPolicy: 'Background' | 'Foreground' | 'Orphan' = 'Background'): this {
    this.api.delete('configmaps', 'default', name, { propagationPolicy })
    this.api.after(2)
    return this
  }
  get names(): string {
    return this.api
      .list('configmaps')
      .map((each) => each.metadata.name)
      .sort()
      .join()
  }
}

describe('the garbage collector', () => {
  it('deletes in the background what has lost its owner, and what that owned', () => {
    const yard = new Graveyard()
    const root = yard.make('root')
    yard.make('leaf', [yard.make('branch', [root])])
    expect(yard.delete('root').names).toBe('')
  })

  it('keeps what another owner still owns, and drops the dead reference', () => {
    const yard = new Graveyard()
    yard.make('child', [yard.make('one'), yard.make('two')])
    expect(yard.delete('one').names).toBe('child,two')
    expect(yard.api.get('configmaps', 'default', 'child').metadata.ownerReferences).toMatchObject([{ name: 'two' }])
  })

  it('deletes dependents before the owner in the foreground', () => {
    const yard = new Graveyard()
    const root = yard.make('root')
    yard.make('leaf', [yard.make('branch', [root])])
    yard.api.patch('configmaps', 'default', 'leaf', 'merge', { metadata: { finalizers: ['example.com/hold'] } })
    expect(yard.delete('root', 'Foreground').names).toBe('branch,leaf,root')
    yard.api.patch('configmaps', 'default', 'leaf', 'merge', { metadata: { finalizers: [] } })
    yard.api.after(2)
    expect(yard.names).toBe('')
    const gone = yard.api.log.filter((line) => line.startsWith('delete configmaps'))
    expect(gone).toContain('delete configmaps default/branch Foreground')
  })

  it('does not wait in the foreground for dependents that do not block', () => {
    const yard = new Graveyard()
    yard.make('leaf', [yard.make('root')], false)
    yard.api.patch('configmaps', 'default', 'leaf', 'merge', { metadata: { finalizers: ['example.com/hold'] } })
    expect(yard.delete('root', 'Foreground').names).toBe('leaf')
  })

  it('cuts dependents loose when asked to orphan them', () => {
    const yard = new Graveyard()
    yard.make('leaf', [yard.make('root')])
    expect(yard.delete('root', 'Orphan').names).toBe('leaf')
    expect(yard.api.get('configmaps', 'default', 'leaf').metadata.ownerReferences).toEqual([])
  })

  it('deletes what refers to an owner that never was, or is in another namespace, and says so', () => {
    const yard = new Graveyard()
    const ghost = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'ghost', uid: 'no-such-uid' } }
    yard.make('haunted', [ghost])
    yard.api.after(1)
    expect(yard.names).toBe('')
    const far = yard.make('far', [], true, 'elsewhere')
    yard.make('stray', [far])
    yard.api.after(1)
    expect(yard.names).toBe('far')
    expect(yard.api.list('events').map((event) => event['reason'])).toEqual(['OwnerRefInvalidNamespace'])
  })
})
