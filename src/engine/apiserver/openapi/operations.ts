/** The operations on each path, projected from the resources, before they are written as version 2 or 3. */
import type { Resource, Subresource } from '../resource.ts'
import type { GroupVersionKind, Schemas } from '../schema/schema.ts'
import { DELETE, DELETE_MANY, inPath, LIST, LOG, OPTIONS, PATCH, type Parameter, PRETTY, READ, WRITE } from './parameters.ts'

export type Method = 'get' | 'put' | 'post' | 'delete' | 'options' | 'head' | 'patch'

export interface Operation {
  method: Method
  id: string
  tag: string
  action?: string
  kind?: GroupVersionKind
  /** Everything in path and query. */
  parameters: Parameter[]
  /** A definition's name; `*` content, or the patch types. */
  body?: { schema: string; patch?: readonly string[]; optional?: boolean }
  /** What it answers with, by code: a definition's name, or null for text. */
  answers: Record<string, string | null>
  consumes: readonly string[]
  produces: readonly string[]
}

export type Paths = Record<string, Operation[]>

export const PLAIN = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf']
const STREAMED = [...PLAIN, 'application/json;stream=watch', 'application/vnd.kubernetes.protobuf;stream=watch']
const CUSTOM = ['application/json', 'application/yaml']
const PATCHES = [
  'application/json-patch+json',
  'application/merge-patch+json',
  'application/strategic-merge-patch+json',
  'application/apply-patch+yaml',
]
const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'

/** As a part of a name: what is neither a letter, a digit nor `_` goes, and the next one is a capital (openapi.go ToValidOperationID). */
const part = (text: string): string =>
  text.replace(/^\P{L}+/u, '').replace(/[^\p{L}\d_]+(.?)/gu, (_, next: string) => next.toUpperCase())

/** `rbac.authorization.k8s.io` is RbacAuthorization, and the core group Core. */
export const groupName = (group: string): string => (group === '' ? 'Core' : capital(part(group.replace(/\.k8s\.io$/, ''))))
const versionName = (version: string): string => capital(part(version))

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1)
const uncapital = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1)

/** `rbacAuthorization_v1`. */
export const tagOf = (group: string, version?: string): string =>
  uncapital(groupName(group)) + (version === undefined ? '' : `_${part(version)}`)

export const rootOf = (group: string, version: string): string => (group === '' ? `/api/${version}` : `/apis/${group}/${version}`)

/** Names of lists, of which custom kinds choose their own. */
export const listName = ({ schema, listKind }: Resource): string =>
  listKind === undefined ? `${schema}List` : schema.slice(0, schema.lastIndexOf('.') + 1) + listKind

/** All paths below `/apis/GROUP/VERSION/`. */
export function pathsOf(resources: readonly Resource[], group: string, version: string, schemas: Schemas): Paths {
  const paths: Paths = {}
  const root = rootOf(group, version)
  const tag = tagOf(group, version)
  const mine = resources.filter((resource) => resource.group === group && resource.version === version)
  // What serves custom kinds tells of them, but not of its discovery.
  if (!mine.some(({ custom }) => custom)) {
    paths[`${root}/`] = [discovery(`get${groupName(group)}${versionName(version)}APIResources`, tag, `${META}.APIResourceList`)]
  }
  for (const resource of mine) new Writer(resource, root, schemas, paths).write()
  return paths
}

/** The reading of a discovery document. */
export const discovery = (id: string, tag: string, schema: string): Operation => ({
  method: 'get',
  id,
  tag,
  parameters: [],
  answers: { 200: schema },
  consumes: PLAIN,
  produces: PLAIN,
})

class Writer {
  readonly #resource: Resource
  readonly #root: string
  readonly #schemas: Schemas
  readonly #paths: Paths
  readonly #produces: readonly string[]

  constructor(resource: Resource, root: string, schemas: Schemas, paths: Paths) {
    this.#resource = resource
    this.#root = root
    this.#schemas = schemas
    this.#paths = paths
    this.#produces = resource.custom ? CUSTOM : PLAIN
  }

  write(): void {
    const { namespaced, plural, verbs } = this.#resource
    const here = namespaced ? `/namespaces/{namespace}/${plural}` : `/${plural}`
    this.#collection(here)
    if (verbs.some((verb) => ['get', 'update', 'patch', 'delete'].includes(verb))) this.#item(`${here}/{name}`)
    if (namespaced && verbs.includes('list')) {
      this.#add(`/${plural}`, this.#operation('get', 'list', `list${this.#name({ everywhere: true })}`, LIST, this.#list()))
    }
    if (verbs.includes('watch')) this.#watches(here)
    for (const subresource of this.#resource.subresources ?? []) this.#subresource(`${here}/{name}`, subresource)
  }

  #add(path: string, operation: Operation): void {
    const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => inPath(name as string))
    const full = this.#root + path
    this.#paths[full] ??= []
    this.#paths[full].push({ ...operation, parameters: [...names, ...operation.parameters] })
  }

  /** `AppsV1NamespacedDeployment`, with what stands before and behind. */
  #name(how: { everywhere?: boolean; collection?: boolean; list?: boolean; sub?: string } = {}): string {
    const { group, version, kind, namespaced } = this.#resource
    const many = how.collection ? 'Collection' : ''
    const scope = namespaced && !how.everywhere ? 'Namespaced' : ''
    const all = namespaced && how.everywhere ? 'ForAllNamespaces' : ''
    return `${groupName(group)}${versionName(version)}${capital(many + scope + kind)}${how.list ? 'List' : ''}${how.sub ?? ''}${all}`
  }

  #kind(subresource?: Subresource): GroupVersionKind {
    const { group, version, kind } = this.#resource
    if (!subresource?.kind) return { group, kind, version }
    return { group: subresource.group ?? group, kind: subresource.kind, version: subresource.version ?? version }
  }

  #operation(method: Method, action: string, id: string, parameters: Parameter[], answers: Partial<Operation>): Operation {
    const { group, version } = this.#resource
    return {
      method,
      id,
      tag: tagOf(group, version),
      action,
      kind: this.#kind(),
      parameters: [...parameters, ...PRETTY],
      answers: {},
      consumes: this.#resource.custom ? CUSTOM : ['*/*'],
      produces: this.#produces,
      ...answers,
    }
  }

  #list(): Partial<Operation> {
    const watched = this.#resource.custom ? CUSTOM : STREAMED
    return { answers: { 200: listName(this.#resource) }, produces: watched }
  }

  #collection(path: string): void {
    const { verbs, schema } = this.#resource
    const name = this.#name()
    if (verbs.includes('list')) this.#add(path, this.#operation('get', 'list', `list${name}`, LIST, this.#list()))
    if (verbs.includes('create')) {
      const answers = { 200: schema, 201: schema, 202: schema }
      this.#add(path, this.#operation('post', 'post', `create${name}`, WRITE, { body: { schema }, answers }))
    }
    if (verbs.includes('deletecollection')) {
      const { custom } = this.#resource
      const body = custom ? {} : { body: { schema: `${META}.DeleteOptions`, optional: true } }
      const id = `delete${this.#name({ collection: true })}`
      const parameters = custom ? LIST : DELETE_MANY
      const answers = { 200: `${META}.Status` }
      this.#add(path, this.#operation('delete', 'deletecollection', id, parameters, { ...body, answers }))
    }
  }

  #item(path: string): void {
    const { verbs, schema, kind, deleteReturnsObject } = this.#resource
    if (verbs.includes('get')) this.#add(path, this.#read(schema, ''))
    if (verbs.includes('update')) this.#add(path, this.#replace(schema, ''))
    if (verbs.includes('delete')) {
      // A Namespace is answered with itself, for it takes its time, but published like the others.
      const answer = deleteReturnsObject && kind !== 'Namespace' ? schema : `${META}.Status`
      const body = { schema: `${META}.DeleteOptions`, optional: true }
      const id = `delete${this.#name()}`
      this.#add(path, this.#operation('delete', 'delete', id, DELETE, { body, answers: { 200: answer, 202: answer } }))
    }
    if (verbs.includes('patch')) this.#add(path, this.#patch(schema, ''))
  }

  #read(schema: string, sub: string): Operation {
    const parameters = this.#resource.custom ? READ : []
    return this.#operation('get', 'get', `read${this.#name({ sub })}`, parameters, { answers: { 200: schema } })
  }

  #replace(schema: string, sub: string): Operation {
    const answers = { 200: schema, 201: schema }
    return this.#operation('put', 'put', `replace${this.#name({ sub })}`, WRITE, { body: { schema }, answers })
  }

  #patch(schema: string, sub: string): Operation {
    const types = this.#resource.custom ? PATCHES.filter((type) => !type.includes('strategic')) : PATCHES
    const body = { schema: `${META}.Patch`, patch: types }
    // An apply creates custom objects too, but that is published of built-in ones only.
    const answers: Operation['answers'] = this.#resource.custom ? { 200: schema } : { 200: schema, 201: schema }
    return this.#operation('patch', 'patch', `patch${this.#name({ sub })}`, PATCH, { body, answers, consumes: types })
  }

  #watches(path: string): void {
    if (this.#resource.custom) return
    const answers = { answers: { 200: `${META}.WatchEvent` }, produces: STREAMED }
    const many = (how: { everywhere?: boolean }) =>
      this.#operation('get', 'watchlist', `watch${this.#name({ ...how, list: true })}`, LIST, answers)
    this.#add(`/watch${path}`, many({}))
    this.#add(`/watch${path}/{name}`, this.#operation('get', 'watch', `watch${this.#name()}`, LIST, answers))
    if (this.#resource.namespaced) this.#add(`/watch/${this.#resource.plural}`, many({ everywhere: true }))
  }

  #subresource(item: string, subresource: Subresource): void {
    const { name, verbs, kind } = subresource
    const path = `${item}/${name}`
    const options = kind === undefined ? undefined : OPTIONS[kind]
    if (options) {
      this.#connections(path, subresource, options)
      return
    }
    const sub = capital(name)
    const group = this.#kind(subresource)
    const own = kind ? this.#schemas.nameOf?.(group.group ? `${group.group}/${group.version}` : group.version, kind) : undefined
    const schema = own ?? this.#resource.schema
    if (name === 'log') {
      const log = this.#operation('get', 'get', `read${this.#name({ sub })}`, LOG, { answers: { 200: null } })
      this.#add(path, { ...log, produces: ['text/plain', ...PLAIN] })
      return
    }
    const shown = this.#resource.custom ? this.#kind() : group
    const add = (operation: Operation): void => this.#add(path, { ...operation, kind: shown })
    if (verbs.includes('get')) add(this.#read(schema, sub))
    if (verbs.includes('update')) add(this.#replace(schema, sub))
    if (verbs.includes('create')) {
      const answers = { 200: schema, 201: schema, 202: schema }
      add(this.#operation('post', 'post', `create${this.#name({ sub })}`, WRITE, { body: { schema }, answers }))
    }
    if (verbs.includes('patch')) add(this.#patch(schema, sub))
  }

  /** Streams and proxies: any method that goes through, the latter also with a path behind. */
  #connections(path: string, subresource: Subresource, parameters: Parameter[]): void {
    const proxy = subresource.name === 'proxy'
    const methods: Method[] = proxy ? ['get', 'put', 'post', 'delete', 'options', 'head', 'patch'] : ['get', 'post']
    for (const method of methods) {
      const sub = capital(subresource.name)
      const { group, version } = this.#resource
      const start = `connect${groupName(group)}${capital(version)}${capital(method)}`
      const rest = this.#name({ sub }).slice(groupName(group).length + version.length)
      const operation = {
        ...this.#operation(method, 'connect', start + rest, [], { answers: { 200: null }, produces: ['*/*'] }),
        kind: this.#kind(subresource),
        parameters,
      }
      this.#add(path, operation)
      if (proxy) this.#add(`${path}/{path}`, { ...operation, id: `${operation.id}WithPath` })
    }
  }
}
