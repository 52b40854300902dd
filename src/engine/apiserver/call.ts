/** A request as a record: what walks the stages, what they learn about it, and what it comes to. */

import type { AnyObject } from '#api/meta.ts'
import type { Query } from '#api/query.ts'
import type { ApiRequest, UserInfo } from '#api/request.ts'
import type { ApiError } from '#api/status.ts'
import type { Resource, Subresource } from './resource.ts'
import type { WatchSession } from './watching.ts'

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'connect'

export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'

/** What the client may receive, in its order of preference. */
export interface Accepts {
  /** Table, PartialObjectMetadata or the object itself. */
  as: 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList' | null
  /** `v1` or `v1beta1` of meta.k8s.io, for `as`. */
  metaVersion: string
  /** One of the media types that objects come as. */
  type: string
  pretty: boolean
}

export interface Answer {
  status: number
  headers: Record<string, string>
  body: unknown
}

/** The fields are filled stage by stage, in reading order; a stage may rely on all that stand above its own. */
export interface Call {
  readonly request: ApiRequest
  // parse
  path: string
  query: Query
  accepts: Accepts
  verb: Verb
  resource: Resource | null
  subresource: Subresource | null
  namespace: string
  name: string
  // authenticate
  user: UserInfo
  // options
  dryRun: boolean
  fieldManager: string
  fieldValidation: 'Strict' | 'Warn' | 'Ignore'
  patchType: PatchType | null
  // decode: the object as sent (create, update), the patch, or DeleteOptions
  body: unknown
  /** What is to be stored, from `mutate` on. */
  object: AnyObject | null
  /** What is stored now (update, patch, delete). */
  old: AnyObject | null
  warnings: string[]
  /** What strict decoding of a patch complains of: keys that stand twice. */
  problems: string[]
  /** Why the body is no patch: told once there is something to be patched. */
  refusal?: ApiError
  /** From parts only: what the patch was made from, and what it comes to. */
  shortcut?: { from: AnyObject; to: AnyObject } | undefined
  /** Why the caller does it, in the caller's words: for the trace. */
  because: string
  /** For the audit log, when somebody keeps one: `authorization.k8s.io/decision` and what admission adds. */
  audit: Record<string, string> | null
  answer: Answer | null
  /** A watch that somebody else has opened for it. */
  session?: WatchSession
  /** The stream that its client has opened: what takes time, or goes on, is answered there. */
  stream?: number | undefined
}
