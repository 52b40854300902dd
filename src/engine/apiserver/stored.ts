/** The store as allocators of kinds see it: they follow its events to know what is taken. */
export type { StoreEvent } from '../etcd/etcd.ts'
export type { Store } from '../etcd/store.ts'
