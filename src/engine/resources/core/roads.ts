/** The roads to Pods, Services and Nodes that lead to what runs, or have rules of their own; what they do comes with the rest of the engine. */
import type { FieldError } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import type { Subresource } from '../../apiserver/resource.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { later } from '../../sim/later.ts'

export type Handlers = Readonly<Record<string, (call: Call, server: ApiServer) => Answer>>

/** What a road may touch of an object, and what may be wrong with that. */
export interface Touch {
  prepare(next: AnyObject, old: AnyObject): AnyObject
  validate(next: AnyObject, old: AnyObject): FieldError[]
}

export interface Roads {
  readonly handlers: Handlers
  readonly resize: Touch
  readonly ephemeralContainers: Touch
}

export const roads = later<Roads>('roads to what runs')

const METHODS = ['create', 'delete', 'get', 'patch', 'update']
const CONNECT = ['create', 'get']
const WRITE = ['get', 'patch', 'update']

const handled = (name: string, facts: Omit<Subresource, 'handle'>): Subresource => ({
  ...facts,
  handle: (call, server) => (roads.get().handlers[name] as Handlers[string])(call, server),
})
const touching = (name: string, of: (all: Roads) => Touch): Subresource => ({
  name,
  verbs: WRITE,
  ownsNamed: true,
  prepare: (next, old) => of(roads.get()).prepare(next, old),
  validate: (next, old) => of(roads.get()).validate(next, old),
})

export const podRoads: readonly Subresource[] = [
  handled('attach', { name: 'attach', kind: 'PodAttachOptions', verbs: CONNECT }),
  handled('exec', { name: 'exec', kind: 'PodExecOptions', verbs: CONNECT }),
  handled('log', { name: 'log', verbs: ['get'] }),
  handled('portForward', { name: 'portforward', kind: 'PodPortForwardOptions', verbs: CONNECT }),
  handled('podProxy', { name: 'proxy', kind: 'PodProxyOptions', verbs: METHODS }),
  handled('evict', { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] }),
  touching('ephemeralcontainers', (all) => all.ephemeralContainers),
  touching('resize', (all) => all.resize),
]
export const serviceProxy = handled('serviceProxy', { name: 'proxy', kind: 'ServiceProxyOptions', verbs: METHODS })
export const nodeProxy = handled('nodeProxy', { name: 'proxy', kind: 'NodeProxyOptions', verbs: METHODS })
