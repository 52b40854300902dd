/** Follows the definitions of custom kinds in the store, and says what is served of them: a pure function of what is stored. */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import type { StoreEvent } from '../../etcd/etcd.ts'
import type { Resource } from '../resource.ts'
import type { Schemas } from '../schema/schema.ts'
import type { ConversionCaller } from './convert.ts'
import { compareVersions, type Definition, hasCondition } from './definition.ts'
import { namesOf, type Served, serving } from './serving.ts'

export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io'

export interface Host {
  readonly schemas: Schemas
  /** Whether the API server serves this by itself. */
  isBuiltIn(group: string, plural: string): boolean
  /** What is served has changed. `ended`: directories whose watches end, for their objects look different now. */
  changed(ended: readonly string[]): void
}

export class CustomKinds {
  conversion: ConversionCaller | null = null
  #served = new Map<string, Served>()
  readonly #host: Host
  #list: readonly Resource[] = []
  #byPath = new Map<string, Resource>()

  constructor(host: Host) {
    this.#host = host
  }

  /** All served versions, by group, preference and name. */
  get resources(): readonly Resource[] {
    return this.#list
  }

  /** `boats.example.com`: in the version that is stored. */
  find(id: string): Resource | undefined {
    return this.#served.get(id)?.stored
  }

  /** By `group/version/plural`. */
  at(path: string): Resource | undefined {
    return this.#byPath.get(path)
  }

  see({ type, value, previous }: StoreEvent<AnyObject>): void {
    const name = (value ?? previous)?.metadata.name ?? ''
    this.#update(name, type === 'DELETE' ? null : (value as Definition))
  }

  /** Everything anew, after a load. */
  rebuild(definitions: readonly AnyObject[]): void {
    const gone = [...this.#served.keys()].filter((name) => !definitions.some(({ metadata }) => metadata.name === name))
    for (const name of gone) this.#update(name, null)
    for (const definition of definitions) this.#update(definition.metadata.name, definition as Definition)
  }

  #update(name: string, definition: Definition | null): void {
    const before = this.#served.get(name)
    if (!definition || !this.#isServed(definition)) {
      if (!before) return
      this.#forget(name, before)
      this.#publish([before.stored.directory])
      return
    }
    if (before && sameService(before.definition, definition)) return
    const looks = before && !sameLooks(before.definition, definition)
    if (before) this.#forget(name, before)
    const served = serving.get()(definition, this.#host.schemas, () => this.conversion)
    this.#served.set(name, served)
    this.#publish(looks ? [served.stored.directory] : [])
  }

  #isServed(definition: Definition): boolean {
    const { group, versions } = definition.spec
    const { plural, kind } = definition.status?.acceptedNames ?? {}
    if (!plural || !kind || !versions.some(({ storage }) => storage)) return false
    return hasCondition(definition, 'Established') && !this.#host.isBuiltIn(group, plural)
  }

  #forget(name: string, { schemas }: Served): void {
    this.#served.delete(name)
    for (const each of schemas) this.#host.schemas.delete?.(each)
  }

  #publish(ended: readonly string[]): void {
    const all = [...this.#served.values()].flatMap(({ resources }) => resources)
    this.#list = all.sort(
      (a, b) => compare(a.group, b.group) || compareVersions(a.version, b.version) || compare(a.plural, b.plural),
    )
    this.#byPath = new Map(all.map((each) => [`${each.group}/${each.version}/${each.plural}`, each]))
    this.#host.changed(ended)
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** Objects look the same. */
const sameLooks = (a: Definition, b: Definition): boolean => equal(a.spec, b.spec) && equal(namesOf(a), namesOf(b))

/** Nothing has changed that serving depends on. */
const sameService = (a: Definition, b: Definition): boolean =>
  a.metadata.uid === b.metadata.uid && sameLooks(a, b) && hasCondition(a, 'Terminating') === hasCondition(b, 'Terminating')
