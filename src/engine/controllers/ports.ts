/** What the controllers are handed by the composition root, beside the API. */

import type { AnyObject } from '#api/meta.ts'
import type { Heartbeats } from '../machinery/heartbeats.ts'
import type { CertificateAuthority } from '../machinery/issued-certificates.ts'

/** A resource as discovery tells of it. */
export interface ServedResource {
  /** `pods`, `deployments.apps`. */
  id: string
  group: string
  version: string
  plural: string
  kind: string
  namespaced: boolean
  verbs: readonly string[]
  /** Served by somebody else: nobody here is told of its objects as they change. */
  remote?: true
}

/** One machine of the control plane. */
export interface ApiServerHost {
  name: string
  /** Where its API server can be reached. */
  ip: string
}

export interface Ports {
  hosts: readonly ApiServerHost[]
  /** Where the API servers are that serve now. */
  serving(): string[]
  /** The cluster's own: Pods trust it, and it signs certificates. */
  authority: CertificateAuthority
  heartbeats: Heartbeats
  /** All that the API serves now, in discovery's order; custom resources come and go. */
  served(): readonly ServedResource[]
  /** Group versions of which is not known what they serve: whoever should say so does not answer. */
  undiscovered(): readonly string[]
  /** Why an aggregated API can't be had; null when somebody answers, undefined when the API server does so itself. */
  probe(service: AnyObject): string | null | undefined
  /** What type checking says of a ValidatingAdmissionPolicy's expressions. */
  checkPolicy(policy: AnyObject): { fieldRef: string; warning: string }[]
  /** The token of a ServiceAccount that a Secret is to hold. */
  legacyToken(account: AnyObject, secret: AnyObject): string
}
