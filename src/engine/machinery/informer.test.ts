import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cache } from './informer.ts'

const pod = (name: string, app: string, resourceVersion: string): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', labels: { app }, resourceVersion },
})

function cacheOfThree(): Cache {
  const cache = new Cache()
  cache.index('app', (object) => [object.metadata.labels?.['app'] ?? ''])
  for (const name of ['a', 'b', 'c']) cache.set(pod(name, name === 'a' ? 'other' : 'web', '1'))
  return cache
}

const names = (cache: Cache, app: string): string[] => cache.by('app', app).map((object) => object.metadata.name)

test('an object keeps its place in an index while it changes', () => {
  const cache = cacheOfThree()
  cache.set(pod('b', 'web', '2'))
  expect(names(cache, 'web')).toEqual(['b', 'c'])
})

test('an object that comes to an index late stands last, after loading too', () => {
  const cache = cacheOfThree()
  cache.set(pod('a', 'web', '2'))
  expect(names(cache, 'web')).toEqual(['b', 'c', 'a'])
  expect(names(cache, 'other')).toEqual([])
  const loaded = cacheOfThree()
  loaded.load(JSON.parse(JSON.stringify(cache.save())))
  expect(names(loaded, 'web')).toEqual(['b', 'c', 'a'])
  expect([...loaded.all()].map((object) => object.metadata.name)).toEqual(['a', 'b', 'c'])
})
