/** The API server as stages, admission and subresources see it. */

import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { StoreEvent } from '../etcd/etcd.ts'
import type { Store } from '../etcd/store.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import type { Road, Style } from '../machinery/streams.ts'
import type { World } from '../sim/world.ts'
import type { AggregationPort } from './aggregation/port.ts'
import type { Answer, Call } from './call.ts'
import type { FlowPort } from './flows-port.ts'
import type { RequestPort } from './requests-port.ts'
import type { Hooks, Resource } from './resource.ts'
import type { Schemas } from './schema/schema.ts'
import type { WebhookPort } from './webhook/port.ts'

export type { HttpOutcome, HttpRequest, Road, Style }

/** What only the machines below can answer: container logs, requests into Pods. Handed in by the composition root. */
export interface RuntimePort {
  logs(namespace: string, pod: string, container: string, options: Record<string, string>): string | null
  /** The head of the kubelet's answer: 101 (200 for a log), or its refusal. Throws ApiError when it doesn't answer. */
  open(road: Road): Answer
  /** Passes a request on to an address of the cluster's network: what came back, and after how long. */
  reach(ip: string, port: number, request: HttpRequest): { outcome: HttpOutcome; ms: number }
  /** Answers a stream as a whole, after so many ms. */
  answerLater(stream: number, answer: Answer, ms: number): void
}

/** An RSA key of the host's: the engine has none of its own. */
export interface TokenKey {
  kid: string
  /** The public half, as base64url texts. */
  n: string
  e: string
  /** RS256, as base64url. */
  sign(text: string): string
}

/** Told of each call and its answer. */
export type Auditor = (call: Call, answer: Answer) => void

export interface ApiServer {
  readonly world: World
  readonly store: Store<AnyObject>
  readonly schemas: Schemas
  /** Texts for OpenAPI and `explain`, when the host has loaded them: definition → field → text ('' for the definition's own). */
  descriptions: Record<string, Record<string, string>> | null
  /** Objects with their fields as Go's structs have them, when the host knows: refusals of patches print them so. */
  goOrder: ((object: AnyObject) => AnyObject) | null
  /** Writes an object as protobuf, when the host knows how; throws what refuses a kind that has no such form. */
  protobuf: ((object: object) => Uint8Array) | null
  /** What signs tokens of ServiceAccounts, where somebody outside may want to verify them. */
  /** The certificate (PEM) of who signs its clients'. */
  authority: string
  tokenKey: TokenKey | null
  /** Leases as they are now: renewals are reckoned when somebody reads them, and never written. */
  freshLease: ((lease: AnyObject) => AnyObject) | null
  /** The release that it says it is: `v1.36.3`. What it serves is always the same. */
  release: string
  /** Parts of the control plane that do not run: `kube-scheduler`. */
  stopped: (() => readonly string[]) | null
  runtime: RuntimePort | null
  /** Null where nobody can be called. */
  webhooks: WebhookPort | null
  /** Null where no API is somebody else's. */
  aggregation: AggregationPort | null
  /** Null until it is there, and where nobody else is served. */
  flows: FlowPort | null
  /** The cluster's own server, where this one is a guest in a Pod. */
  readonly host: ApiServer | null
  /** What its OpenAPI says of it, where it is not Kubernetes. */
  readonly info?: { readonly title: string; readonly version: string }
  readonly requests: RequestPort | null
  /** The watches from outside that are open. */
  watches(): readonly Call[]
  /** All resources, in discovery's order. */
  readonly resources: readonly Resource[]
  /** By id: `pods`, `deployments.apps`; the preferred version, of custom kinds the stored one. */
  resource(id: string): Resource
  /** Likewise; undefined when it is not served. */
  known(id: string): Resource | undefined
  /** By group, version and plural; undefined when not served. */
  find(group: string, version: string, plural: string): Resource | undefined
  read(resource: string, namespace: string, name: string): AnyObject | undefined
  readAll(resource: string, namespace?: string): AnyObject[]
  hooks(dryRun: boolean, warn: (text: string) => void, user?: UserInfo): Hooks
  /**
   * Reads, changes and stores an object with compare-and-swap, for subresources (binding, eviction, status).
   * `change` returns the next version, or the same object for "nothing to do". Throws NotFound.
   */
  change(call: ChangeRequest, change: (object: AnyObject) => AnyObject): AnyObject
  /** Deletes as a client would, with the same options. */
  deleteAs(call: Call, resource: Resource, namespace: string, name: string, options: Record<string, unknown>): Answer
  /** Takes the object out of the store; `last` is what watchers see. Throws Conflict when `expect` is not its revision. */
  remove(resource: Resource, last: AnyObject, expect?: number): void
  /** Stores the next version of `old`, whose revision must still be current. */
  replace(resource: Resource, old: AnyObject, next: AnyObject): AnyObject
  /** Admission's word on a deletion. */
  admitDelete(call: Call, resource: Resource, object: AnyObject): void
  scaleOf(resource: Resource, object: AnyObject): AnyObject
  scaled(resource: Resource, object: AnyObject, scale: AnyObject): AnyObject
  /** The etcd lease for objects that live this long; shared by those made at about the same time. */
  leaseFor(seconds: number): number
  /** Store events of a resource, for outside watches. */
  listen(resource: Resource, listen: (event: StoreEvent<AnyObject>) => void): () => void
  /** Discovery, OpenAPI, version, health. */
  document(call: Call): Answer
}

export interface ChangeRequest {
  resource: Resource
  namespace: string
  name: string
  dryRun: boolean
  /** For managedFields. */
  manager: string
  subresource: string
  by: string
  verb: string
  because: string
}
