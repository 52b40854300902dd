/** One declaration per kind: everything the API server knows of it. Discovery, OpenAPI, tables and `explain` are projections. */
import type { FieldError } from '#api/field-error.ts'
import type { AnyObject, KubeObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { Store } from '../etcd/store.ts'
import type { World } from '../sim/world.ts'
import type { Answer, Call } from './call.ts'
import type { CustomDecoder } from './schema/decode.ts'
import type { ApiServer } from './server.ts'

export interface Column<T = AnyObject> {
  name: string
  type: 'string' | 'integer' | 'date' | 'boolean' | 'number'
  format?: string
  description?: string
  priority: number
  /** Its cells have no definition: a slip of the real printer's. */
  unnamed?: true
  /** The cell; `world` for ages (`table.age(object, world)`). */
  cell(object: T, world: World): string | number | boolean | null
}

/** What `kubectl scale` and autoscalers see of a kind. */
export interface ScaleSpec<T> {
  replicas(object: T): number
  /** A new version with this many replicas asked for. */
  withReplicas(object: T, replicas: number): T
  statusReplicas(object: T): number
  /** The label selector as text. */
  selector(object: T): string
  /** Custom kinds: where the replicas are asked for, and why there is no Scale yet. */
  path?: readonly string[]
  missing?(object: T): string | null
}

export interface Subresource {
  name: string
  /** The kind that its bodies have, when it is not the resource's own. */
  kind?: string
  group?: string
  version?: string
  verbs: readonly string[]
  /**
   * What this road may touch, when it writes the object itself and is neither the main road nor `status`
   * (`finalize`, `approval`): `next` with everything else as in `old`. Generic rules on metadata are applied already.
   */
  prepare?(next: AnyObject, old: AnyObject, hooks: Hooks): AnyObject
  /** What a write names is owned through this road, also where `prepare` takes it back (its REST hands no filter of fields on). */
  ownsNamed?: true
  /** What may be wrong after that, beside the metadata. */
  validate?(next: AnyObject, old: AnyObject, hooks: Hooks): FieldError[]
  /** Absent for `status` and `scale`, which the server answers itself. */
  handle?(call: Call, server: ApiServer): Answer
}

/** What hooks may ask and use while a write is prepared. */
export interface Hooks {
  readonly world: World
  /** Reads what is stored; resource as `pods` or `deployments.apps`. */
  read(resource: string, namespace: string, name: string): AnyObject | undefined
  readAll(resource: string, namespace?: string): AnyObject[]
  warn(text: string): void
  readonly dryRun: boolean
  /** Who asks; absent where nobody in particular does. */
  readonly user?: UserInfo
  /** For what a kind derives from all that is stored (allocators); to be read only. */
  readonly store?: Store<AnyObject>
}

export interface ResourceDeclaration<T extends KubeObject = AnyObject> {
  group: string
  version: string
  kind: string
  plural: string
  singular?: string
  short?: readonly string[]
  categories?: readonly string[]
  scope: 'Namespaced' | 'Cluster'
  /** Name of its schema in the catalogue: `io.k8s.api.core.v1.ConfigMap`. */
  schema: string
  verbs?: readonly string[]
  subresources?: readonly Subresource[]
  /** `metadata.generation` counts changes of everything but metadata and status. */
  generation?: boolean
  /** Has a status subresource: the main road leaves status alone, the status road everything else. */
  status?: boolean
  /**
   * Fills in what the client left out (pkg/apis/…/defaults.go). Pure: returns the same object when nothing is missing,
   * otherwise new spines only; never changes what it is given, for parts of it may be shared with other objects.
   * On updates `old` is what is stored: what is the same there has its defaults.
   */
  defaults?(object: T, old?: T | null): T
  /** Drops from what is sent the fields that are behind feature gates that are off, on creations and on updates of the main road. */
  drops?(object: T): T
  /** Before admission and validation of a creation: what the strategy's PrepareForCreate does, and allocation. Pure. */
  prepareCreate?(object: T, hooks: Hooks): T
  /** Likewise for updates on the main road; generic rules (status, generation, metadata) are applied already. */
  prepareUpdate?(next: T, old: T, hooks: Hooks): T
  prepareStatus?(next: T, old: T, hooks: Hooks): T
  /** All that is wrong, in the order of the Go validation. `old` on updates. Metadata is checked generically. */
  validate?(object: T, old: T | null, hooks: Hooks): FieldError[]
  validateStatus?(object: T, old: T, hooks: Hooks): FieldError[]
  /** Warnings to the client (pkg/api/*.GetWarnings). */
  warnings?(object: T, old: T | null): string[]
  /** How names are checked. */
  name?: 'dns-label' | 'dns-1035-label' | 'dns-subdomain' | 'path-segment' | ((name: string, object: AnyObject) => string[])
  /**
   * A new object's metadata is looked at when nothing else is wrong, but for its name; `own`: or by the kind's own validation;
   * else what is told before it.
   */
  metaLast?: 'name' | 'own' | ((error: FieldError) => boolean)
  /**
   * Which checks of metadata the kind's own ValidateUpdate repeats after the generic ones (each repetition is a cause more):
   * those of an update (the default), those of a whole object, both, or none.
   */
  metaOnUpdate?: 'update' | 'full' | 'both' | 'none'
  /** Updates without resourceVersion are allowed. Default true. */
  unconditionalUpdate?: boolean
  /** PUT creates what isn't there. Default false. */
  createOnUpdate?: boolean
  /** Why this one may not be deleted, ever; `null` when it may. */
  undeletable?(object: T): string | null
  /** Whether a DELETE answers with the object (true) or with a Status (false, the default). */
  deleteReturnsObject?: boolean
  /**
   * Graceful deletion (Pods): the seconds to wait for, or null to delete at once. `asked` is DeleteOptions.gracePeriodSeconds.
   */
  grace?(object: T, asked: number | undefined): number | null
  /** The last touch to an object that is marked for deletion but stays (a Namespace's phase). Pure. */
  deleting?(object: T): T
  /** What the first deletion makes of an object that waits for others to go before it (definitions of custom resources). Pure. */
  hold?(object: T, time: string): T
  /** A resource whose object of the same name leaves the store together with this one. */
  takesAlong?: string
  /** Field selectors beyond metadata.name and metadata.namespace; the words for unknown ones follow from this list. */
  fields?: Record<string, (object: T) => string>
  /** What an unknown one is refused with; the usual words when absent. */
  unknownField?(field: string): string
  /** Default propagation when the client says none is background, but for the kinds that orphan (core v1 legacy). */
  orphansByDefault?: boolean
  /** Who deletes without saying what becomes of the dependents is warned of what will. */
  deleteWarning?: string
  /** May this caller write this? Throws 403; asked before validation. For rights that depend on the content (RBAC's escalation). */
  permit?(call: Call, object: T, old: T | null, server: ApiServer): void
  /** Likewise of a status, told among all that is wrong with it, first. */
  permitStatus?(call: Call, object: T, old: T, server: ApiServer): FieldError[]
  scale?: ScaleSpec<T>
  columns?: readonly Column<T>[]
  /** Several served versions of one stored kind: the resource whose store this one reads, and the way there and back. */
  stored?: { as: string; toStored(object: T): AnyObject; fromStored(object: AnyObject): T }
  /** What a reader sees now, where that is more than was written (renewals of leases); watchers see what is written. */
  shown?(stored: T, server: ApiServer): T
  /** Reads go past the watch cache, which would refuse other versions in other words (events). */
  uncached?: boolean
  /** Answers creations itself, and stores nothing (bindings, reviews). */
  handle?(call: Call, server: ApiServer): Answer
  /** Its objects are made when somebody asks, and never stored (metrics). All namespaces when none is given; may refuse. */
  live?(server: ApiServer, namespace: string): AnyObject[]
  /** Served by somebody else: calls of parts go there, too. */
  remote?: true
  /** etcd directory below /registry when it isn't `plural` or `group/plural`. */
  prefix?: string
  /** Made by a CustomResourceDefinition at run time. */
  custom?: boolean
  /** How a custom kind's bodies are read. */
  decode?: CustomDecoder
  /** What lists are called where that is not the kind and `List`. */
  listKind?: string
  /** What discovery tells of instead of `verbs`: a kind that is going takes nothing new. */
  shownVerbs?: readonly string[]
  /** The version that objects are stored in, where it is another; empty for none that is served. */
  storageVersion?: string
  /** Warning that every request for it gets (APILifecycleDeprecated). */
  deprecated?: string
  /** Seconds after which the store drops it (Events: one hour). */
  ttlSeconds?: number
}

/** A declaration with every default spelled out. */
export interface Resource extends ResourceDeclaration<any> {
  readonly id: string
  readonly groupVersion: string
  readonly singular: string
  readonly namespaced: boolean
  readonly verbs: readonly string[]
  /** `/registry/pods/`. */
  readonly directory: string
}

export const ALL_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const

/** `pods`, `deployments.apps`: how parts and messages name a resource. */
export const resourceId = (group: string, plural: string): string => (group ? `${plural}.${group}` : plural)

export function resource<T extends KubeObject = AnyObject>(declaration: ResourceDeclaration<T>): Resource {
  const { group, version, plural, kind } = declaration
  const path = declaration.prefix ?? (group ? `${group}/${plural}` : plural)
  return {
    ...declaration,
    id: resourceId(group, plural),
    groupVersion: group ? `${group}/${version}` : version,
    singular: declaration.singular ?? kind.toLowerCase(),
    namespaced: declaration.scope === 'Namespaced',
    verbs: declaration.verbs ?? ALL_VERBS,
    directory: `/registry/${path.replace('/', '.')}/`,
  } as Resource
}

/** Adds fields that are absent (`undefined`), sharing everything else; the same object when none is. */
export function fill<T extends object>(object: T, defaults: Partial<T>): T {
  let filled: T | null = null
  for (const key in defaults) {
    if (object[key] === undefined && defaults[key] !== undefined) {
      filled ??= { ...object }
      filled[key] = defaults[key] as T[typeof key]
    }
  }
  return filled ?? object
}

/** Replaces one field, or returns the same object when it is the same value. */
export const put = <T extends object, K extends keyof T>(object: T, key: K, value: T[K]): T =>
  object[key] === value ? object : { ...object, [key]: value }

/** Maps a list; the same list when no element changed. */
export function each<T>(list: T[], change: (item: T) => T): T[] {
  let changed: T[] | null = null
  for (let i = 0; i < list.length; i++) {
    const next = change(list[i] as T)
    if (next !== list[i]) {
      changed ??= [...list]
      changed[i] = next
    }
  }
  return changed ?? list
}
