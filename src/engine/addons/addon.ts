/** What may be added to a bare cluster when it is made: objects that its administrator applies, and the loops that live outside the cluster. */
import type { AnyObject } from '#api/meta.ts'
import type { ControllerDeclaration } from '../machinery/controller.ts'
import type { MakeForwarder } from '../machinery/forwarder.ts'

/** What a cloud is asked for: machines. And whoever runs on them may be made to say something. */
export interface Ground {
  add(machine: { name: string; zone: string; cpu: string; memory: string; labels: Record<string, string> }): unknown
  remove(name: string): void
  roster(): readonly { name: string; cpu: string; memory: string }[]
  node(name: string): { kubelet: Kubelet } | undefined
}

interface Kubelet {
  recordOf(uid: string): { slots: Record<string, { current: string | null }> } | undefined
  runtime: { get(id: string | null | undefined): any; mainOut(container: any, text: string, stream: 'stderr'): void }
}

export interface Addon {
  name: string
  manifests?: readonly AnyObject[]
  controllers?: readonly ControllerDeclaration[]
  /** Loops that have to do with machines. */
  loops?(ground: Ground): readonly ControllerDeclaration[]
  /** What its proxies do with a request: they answer `forward: name of the addon`. */
  proxy?: MakeForwarder
  /** The machines' network plugin enforces NetworkPolicies. */
  policies?: true
}
