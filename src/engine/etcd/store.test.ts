import { describe, expect, it } from 'vitest'
import { Compacted } from './etcd.ts'
import { Store } from './store.ts'

const put = (store: Store<string>, key: string, value: string, expectRevision?: number) =>
  store.put({
    key: `/registry/pods/${key}`,
    make: () => value,
    ...(expectRevision === undefined ? {} : { expect: expectRevision }),
  })
const names = (store: Store<string>, revision?: number) =>
  store.range('/registry/pods/', revision).map((e) => `${e.key.slice(15)}=${e.value}`)

describe('etcd', () => {
  it('gives every write the next revision', () => {
    const store = new Store<string>()
    put(store, 'a/x', '1')
    put(store, 'a/y', '1')
    expect(store.revision).toBe(3)
    expect(store.get('/registry/pods/a/y')?.modified).toBe(3)
  })

  it('refuses a write whose expectation does not hold', () => {
    const store = new Store<string>()
    put(store, 'a/x', '1', 0)
    expect(put(store, 'a/x', '2', 0)).toMatchObject({ ok: false, why: 'conflict' })
    expect(put(store, 'a/x', '2', 2)).toMatchObject({ ok: true })
    expect(put(store, 'a/gone', '2', 7)).toMatchObject({ ok: false, why: 'missing' })
    expect(store.revision).toBe(3)
  })

  it('reads a range as it was at a revision', () => {
    const store = new Store<string>()
    put(store, 'a/x', '1')
    put(store, 'a/y', '1')
    put(store, 'a/x', '2')
    store.delete('/registry/pods/a/y')
    expect(names(store)).toEqual(['a/x=2'])
    expect(names(store, 4)).toEqual(['a/x=2', 'a/y=1'])
    expect(names(store, 3)).toEqual(['a/x=1', 'a/y=1'])
    expect(names(store, 2)).toEqual(['a/x=1'])
  })

  it('replays history from a revision, and says honestly when it is gone', () => {
    const store = new Store<string>()
    put(store, 'a/x', '1')
    put(store, 'a/x', '2')
    store.delete('/registry/pods/a/x')
    expect(store.since('/registry/pods/', 2).map((e) => `${e.revision} ${e.type} ${e.value} was ${e.previous}`)).toEqual([
      '3 PUT 2 was 1',
      '4 DELETE null was 2',
    ])
    store.compact(3)
    expect(() => store.since('/registry/pods/', 2)).toThrow(Compacted)
    expect(() => store.range('/registry/pods/', 2)).toThrow(Compacted)
    expect(store.since('/registry/pods/', 3)).toHaveLength(1)
  })

  it('trims its history by itself and stays usable', () => {
    const store = new Store<string>(1, 10)
    for (let i = 0; i < 50; i++) put(store, 'a/x', String(i))
    expect(store.compacted).toBeGreaterThan(20)
    expect(store.since('/registry/pods/', 45)).toHaveLength(6)
  })

  it('drops the keys of a lease with it', () => {
    const store = new Store<string>()
    const lease = store.grant(1000, 0)
    store.put({ key: '/registry/events/a/x', make: () => '1', lease })
    put(store, 'a/x', '1')
    store.revoke(lease)
    expect(store.count('/registry/events/')).toBe(0)
    expect(store.count('/registry/pods/')).toBe(1)
  })

  it('is the same after save and load', () => {
    const store = new Store<string>()
    put(store, 'b/x', '1')
    put(store, 'a/x', '1')
    const copy = new Store<string>()
    copy.load(JSON.parse(JSON.stringify(store.save())))
    put(store, 'a/x', '2')
    put(copy, 'a/x', '2')
    expect(copy.save()).toEqual(store.save())
    expect(names(copy)).toEqual(['a/x=2', 'b/x=1'])
  })
})
