/** What the controllers are handed by the composition root, beside the API. */
import type { AnyObject } from '#api/meta.ts'
import type { Heartbeats } from '../machinery/heartbeats.ts'

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
}

/** What certificates are signed with: PEM text, and the private key (P-256) as hexadecimal text. */
export interface CertificateAuthority {
  readonly certificate: string
  readonly key: string
}

export interface Ports {
  /** The cluster's own: Pods trust it, and it signs certificates. */
  authority: CertificateAuthority
  heartbeats: Heartbeats
  /** All that the API serves now, in discovery's order; custom resources come and go. */
  served(): readonly ServedResource[]
  /** Whether somebody answers for an aggregated API. */
  aggregates(group: string, version: string): boolean
  /** What type checking says of a ValidatingAdmissionPolicy's expressions. */
  checkPolicy(policy: AnyObject): { fieldRef: string; warning: string }[]
  /** The token of a ServiceAccount that a Secret is to hold. */
  legacyToken(account: AnyObject, secret: AnyObject): string
}
