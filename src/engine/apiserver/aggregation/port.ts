/** Aggregated APIs, as the stages and documents of the cluster's own server see them. */
import type { Answer, Call } from '../call.ts'
import type { Resource } from '../resource.ts'

/** A group version that an APIService gives to somebody else. */
export interface RemoteVersion {
  group: string
  version: string
  groupPriority: number
  versionPriority: number
  /** What it serves has been read; else nothing is known of it. */
  fresh: boolean
  /** As aggregated discovery has them. */
  resources: readonly RemoteResource[]
}

export interface RemoteResource {
  resource: string
  responseKind: { group: string; version: string; kind: string }
  scope: 'Namespaced' | 'Cluster'
  singularResource: string
  verbs: string[]
  shortNames?: string[]
  categories?: string[]
  subresources?: { subresource: string; responseKind: { group: string; version: string; kind: string }; verbs: string[] }[]
}

export interface AggregationPort {
  /** What somebody else answers; null: this server answers itself. */
  answer(call: Call): Answer | null
  hasGroup(name: string): boolean
  /** By id, with calls that go to where it is served. */
  known(id: string): Resource | undefined
  /** By the priority of groups and versions. */
  readonly versions: readonly RemoteVersion[]
  /** The documents of OpenAPI 3 that others have, and where. */
  readonly openApi: Readonly<Record<string, { serverRelativeURL: string }>>
  /** Such a document; null when nobody has it. */
  openApiDocument(name: string, call: Call): Answer | null
  /** Documents of OpenAPI 2, of all that can be reached. */
  openApi2(): { paths: Record<string, unknown>; definitions: Record<string, unknown> }[]
}
