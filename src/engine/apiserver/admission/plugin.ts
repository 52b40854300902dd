/** The contract of admission plugins: they may change an object on its way in, or refuse it. */
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import { type ApiError, forbidden } from '#api/status.ts'
import type { Call } from '../call.ts'
import type { Reinvocation } from '../policy/reinvocation.ts'
import type { Hooks, Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT'

/** What is asked of the API server, as far as admission cares (admission.Attributes). */
export interface Ask {
  readonly operation: Operation
  readonly resource: Resource
  /** Empty for the resource itself. */
  readonly subresource: string
  readonly namespace: string
  /** As it stands in messages: a generated name is not known yet when objects are changed. */
  readonly name: string
  readonly user: UserInfo
  /** What is stored; null when the object is new. */
  readonly old: AnyObject | null
  readonly hooks: Hooks
  /** Annotations for the audit log; null when nobody keeps one. */
  readonly audit: Record<string, string> | null
  /** For what reads policies and webhooks, and asks who may do what. */
  readonly server: ApiServer
  readonly call: Call
  readonly reinvocation: Reinvocation
  /** Changes another object in the namespace in the server's own name; dry runs leave it as it is. */
  change(resource: string, name: string, subresource: string, change: (object: AnyObject) => AnyObject): void
}

export interface AdmissionPlugin {
  readonly name: string
  readonly operations: readonly Operation[]
  /** Every API server has it, also those that run in Pods. */
  readonly generic?: true
  /** Resources it looks at, by id (`pods`, `deployments.apps`); absent: all. */
  readonly resources?: readonly string[]
  /** Returns the object, or a changed copy of it. Refuses by throwing an ApiError. */
  mutate?(object: any, ask: Ask): AnyObject
  /** Refuses by throwing an ApiError. On DELETE the object is the stored one. */
  validate?(object: any, ask: Ask): void
}

export const plugin = (declaration: AdmissionPlugin): AdmissionPlugin => declaration

/** `pods "web" is forbidden: …` (admission.NewForbidden). */
export const refuse = (ask: Ask, why: string): ApiError =>
  forbidden({ group: ask.resource.group, resource: ask.resource.plural }, ask.name, why)
