/** What the scheduler looks up besides Pods and nodes: namespaces, budgets, claims, and the selectors Pods are spread by. */
import type { Pod, Service } from '#api/kinds.ts'
import type { AnyObject, LabelSelector } from '#api/meta.ts'
import { controllerOf } from '#api/meta.ts'
import { mapSelects, type Requirement, type Selector, selectorOf } from '#api/selector.ts'
import { LabelIndex } from './label-index.ts'

/** The caches of other kinds: an informer's, or a test's. */
export interface Objects {
  get(resource: string, namespace: string, name: string): AnyObject | undefined
  all(resource: string): Iterable<AnyObject>
}

export interface SpreadSelector {
  /** Equal for equal selectors in one namespace. */
  readonly key: string
  readonly selector: Selector
}

const OWNERS: Record<string, string> = {
  'apps/v1/ReplicaSet': 'replicasets.apps',
  'apps/v1/StatefulSet': 'statefulsets.apps',
  'v1/ReplicationController': 'replicationcontrollers',
}

/** Kinds whose selectors spread Pods by default. */
export const SPREAD_OWNERS: readonly string[] = Object.values(OWNERS)

const fromMap = (map: Record<string, string>): Selector =>
  Object.keys(map)
    .sort()
    .map((key): Requirement => ({ key, op: 'In', values: [map[key] as string] }))

export class Lookups {
  readonly objects: Objects
  readonly #services = new LabelIndex<Service>()
  readonly #serviceByKey = new Map<string, Service>()
  #spread = new Map<string, SpreadSelector | null>()
  #namespaceLists = new Map<string, string[]>()

  constructor(objects: Objects) {
    this.objects = objects
  }

  namespaceLabels(namespace: string): Record<string, string> | undefined {
    return this.objects.get('namespaces', '', namespace)?.metadata.labels
  }

  /** The names a namespace selector stands for, in order. */
  namespacesBy(key: string, matches: (labels: Record<string, string> | undefined) => boolean): string[] {
    let names = this.#namespaceLists.get(key)
    if (!names) {
      names = []
      for (const { metadata } of this.objects.all('namespaces')) if (matches(metadata.labels)) names.push(metadata.name)
      names.sort()
      this.#namespaceLists.set(key, names)
    }
    return names
  }
  /** Some namespace came, went, or has other labels. */
  namespacesChanged(): void {
    this.#namespaceLists.clear()
  }

  setService(service: Service, gone: boolean): void {
    const { namespace = '', name } = service.metadata
    const key = `${namespace}/${name}`
    const old = this.#serviceByKey.get(key)
    if (!gone && old && old.spec.selector === service.spec.selector) return
    if (old) this.#services.remove(old, [namespace], servicePair(old))
    this.#serviceByKey.delete(key)
    if (!gone) {
      this.#serviceByKey.set(key, service)
      this.#services.add(service, [namespace], servicePair(service))
    }
    this.ownersChanged()
  }
  /** The selector of some controller of Pods changed, or a controller came or went. */
  ownersChanged(): void {
    this.#spread.clear()
  }

  /**
   * What selects the Pods that this one should be spread among by default: the Services that select it and the selector of
   * its controller, together; `null` when there are none (scheduler plugins helper.DefaultSelector).
   */
  spreadSelector(pod: Pod): SpreadSelector | null {
    const { namespace = '', labels } = pod.metadata
    const owner = controllerOf(pod.metadata)
    const key = JSON.stringify([namespace, owner?.apiVersion, owner?.kind, owner?.name, labels])
    let known = this.#spread.get(key)
    if (known === undefined) {
      const selector = this.#spreadSelector(pod)
      known = selector.length === 0 ? null : { key: JSON.stringify([namespace, selector]), selector }
      if (this.#spread.size > 10_000) this.#spread.clear()
      this.#spread.set(key, known)
    }
    return known
  }

  #spreadSelector(pod: Pod): Selector {
    const { namespace = '', labels } = pod.metadata
    const merged: Record<string, string> = {}
    this.#services.near(namespace, labels, ({ spec }) => {
      if (mapSelects(spec.selector, labels)) Object.assign(merged, spec.selector)
    })
    const owner = controllerOf(pod.metadata)
    const resource = owner && OWNERS[`${owner.apiVersion}/${owner.kind}`]
    const found = resource ? this.objects.get(resource, namespace, owner.name) : undefined
    if (!found) return fromMap(merged)
    if (resource === 'replicationcontrollers') return fromMap({ ...merged, ...found.spec?.selector })
    return [...fromMap(merged), ...(selectorOf(found.spec?.selector as LabelSelector | undefined) ?? [])]
  }
}

function servicePair(service: Service): string | null {
  for (const key in service.spec.selector) return `${key}=${service.spec.selector[key]}`
  return null
}
