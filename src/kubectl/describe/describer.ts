/** A describer: turns one object into a page, asking the server for what belongs to it. One file per kind, or per family. */

import type { Pod } from '#api/kinds.ts'
import type { AnyObject, LabelSelector } from '#api/meta.ts'
import { controllerOf } from '#api/meta.ts'
import type { Client } from '#client/client.ts'
import type { Page } from './page.ts'
import { selectorText } from './page.ts'

export interface Surroundings {
  readonly client: Client
}

export interface Describer {
  /** `Pod`, `Deployment.apps`: the kinds it describes. */
  kinds: readonly string[]
  /** Pages of configuration and rules end without events. */
  events?: false
  /** The kind by which the object's events are looked for is left out: the kubelet's mirror Pods have another. */
  describe(object: any, page: Page, around: Surroundings): void | Promise<void>
}

export const describer = (declaration: Describer): Describer => declaration

/** All objects of a kind, or none where they may not be seen. */
export async function listOf<T extends AnyObject = AnyObject>(
  { client }: Surroundings,
  resource: string,
  namespace: string,
  options: { labelSelector?: string; fieldSelector?: string } = {},
): Promise<T[]> {
  const info = await client.discovery.find(resource)
  return info ? (await client.list<T>(info, namespace, options)).items : []
}

/** `3 Running / 0 Waiting / 0 Succeeded / 0 Failed`: the Pods that an owner controls. */
export async function podsStatus(owner: AnyObject, selector: LabelSelector | undefined, around: Surroundings): Promise<string> {
  const pods = await listOf<Pod & AnyObject>(around, 'pods', owner.metadata.namespace ?? '', {
    labelSelector: selectorText(selector),
  })
  const own = pods.filter((pod) => controllerOf(pod.metadata)?.uid === owner.metadata.uid)
  const count = (phase: string): number => own.filter((pod) => pod.status?.phase === phase).length
  return `${count('Running')} Running / ${count('Pending')} Waiting / ${count('Succeeded')} Succeeded / ${count('Failed')} Failed`
}
