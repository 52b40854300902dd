/** What may be added to a bare cluster when it is made: objects that its administrator applies, and the loops that live outside the cluster. */
import type { AnyObject } from '#api/meta.ts'
import type { ControllerDeclaration } from '../machinery/controller.ts'
import type { MakeForwarder } from '../machinery/forwarder.ts'

export interface Addon {
  name: string
  manifests?: readonly AnyObject[]
  controllers?: readonly ControllerDeclaration[]
  /** What its proxies do with a request: they answer `forward: name of the addon`. */
  proxy?: MakeForwarder
  /** The machines' network plugin enforces NetworkPolicies. */
  policies?: true
}
