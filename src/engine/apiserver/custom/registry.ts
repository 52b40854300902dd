/** Follows the definitions of custom kinds in the store, and says what is served of them: a pure function of what is stored. */
import type { AnyObject } from '#api/meta.ts'
import type { StoreEvent } from '../../etcd/etcd.ts'
import { equal } from '../equal.ts'
import type { Resource } from '../resource.ts'
import type { Schemas } from '../schema/schema.ts'
import { type ConversionCaller, Converter } from './convert.ts'
import { compareVersions, type Definition, hasCondition } from './definition.ts'
import { definitionName, definitionsOf } from './definitions.ts'
import { customResource } from './resource.ts'

export const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io'

/** What one definition comes to. */
interface Served {
  definition: Definition
  /** In the order of preference; what is not served is missing. */
  resources: Resource[]
  /** For parts: the version that is stored. */
  stored: Resource
  /** Names of the definitions it has added. */
  schemas: string[]
}

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
    const served = this.#serve(definition)
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

  #serve(definition: Definition): Served {
    const { group, versions } = definition.spec
    const { plural, kind, listKind = `${kind}List` } = namesOf(definition)
    const schemaOf = (version: string) => versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema
    const converter = new Converter(definition, schemaOf, () => this.conversion)
    const storage = versions.find((version) => version.storage)?.name ?? ''
    const schemas: string[] = []
    const all = versions.map((version) => {
      const name = definitionName(group, version.name, kind)
      const selectable = (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, ''))
      const published = {
        group,
        version: version.name,
        kind,
        listKind,
        plural,
        name,
        selectable,
        schema: version.schema?.openAPIV3Schema,
      }
      for (const [key, schema] of definitionsOf(published)) {
        this.#host.schemas.set?.(key, schema)
        schemas.push(key)
      }
      return customResource(definition, version, converter, this.#host.schemas, storage)
    })
    const resources = all.filter(({ version }) => versions.find(({ name }) => name === version)?.served)
    const stored = all.find(({ version }) => version === storage) as Resource
    return { definition, resources, stored, schemas }
  }
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
const namesOf = (definition: Definition) => (definition.status as NonNullable<Definition['status']>).acceptedNames

/** Objects look the same. */
const sameLooks = (a: Definition, b: Definition): boolean => equal(a.spec, b.spec) && equal(namesOf(a), namesOf(b))

/** Nothing has changed that serving depends on. */
const sameService = (a: Definition, b: Definition): boolean =>
  a.metadata.uid === b.metadata.uid && sameLooks(a, b) && hasCondition(a, 'Terminating') === hasCondition(b, 'Terminating')
