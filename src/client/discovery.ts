/** Discovery on the client's side: which resource a word like `deploy`, `pods.v1` or `Deployment.apps` means. */
import type { AnyObject } from '#api/meta.ts'

export interface ResourceInfo {
  group: string
  version: string
  kind: string
  plural: string
  singular: string
  short: string[]
  categories: string[]
  namespaced: boolean
  verbs: string[]
  subresources: string[]
}

const AGGREGATED = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList,application/json'

/** Keeps what servers said of themselves from one client to the next. */
export interface Memory {
  read(path: string): Promise<unknown>
  write(path: string, document: unknown): Promise<void>
}

export class Discovery {
  readonly #fetch: (path: string, accept: string) => Promise<unknown>
  readonly #memory: Memory | undefined
  #known: Promise<ResourceInfo[]> | null = null
  #fresh = false

  constructor(fetch: (path: string, accept: string) => Promise<unknown>, memory?: Memory) {
    this.#fetch = fetch
    this.#memory = memory
  }

  /** Forgets what it knows: the next question asks the server again (a new CRD). */
  refresh(): void {
    this.#known = null
    this.#fresh = true
  }

  /** Every resource, preferred versions first within a group, groups in the server's order. */
  all(): Promise<ResourceInfo[]> {
    this.#known ??= this.#read()
    return this.#known
  }

  async #read(): Promise<ResourceInfo[]> {
    const documents = await Promise.all(['/api', '/apis'].map((path) => this.#document(path)))
    return documents.flatMap((document) => ((document as AnyObject)['items'] as AnyObject[]).flatMap(groupResources))
  }

  async #document(path: string): Promise<unknown> {
    const kept = this.#fresh ? undefined : await this.#memory?.read(path)
    if (kept !== undefined) return kept
    const document = await this.#fetch(path, AGGREGATED)
    await this.#memory?.write(path, document)
    return document
  }

  /** By plural, singular, short name or kind, with `.version.group` or `.group` behind; undefined when there is none. */
  async find(word: string): Promise<ResourceInfo | undefined> {
    const found = pick(await this.all(), word)
    if (found) return found
    this.refresh()
    return pick(await this.all(), word)
  }

  async byKind(apiVersion: string, kind: string): Promise<ResourceInfo | undefined> {
    const [group, version] = apiVersion.includes('/') ? (apiVersion.split('/') as [string, string]) : ['', apiVersion]
    const match = (r: ResourceInfo) => r.group === group && r.version === version && r.kind === kind
    const found = (await this.all()).find(match)
    if (found) return found
    this.refresh()
    return (await this.all()).find(match)
  }

  async category(word: string): Promise<ResourceInfo[]> {
    const all = await this.all()
    const preferred = (r: ResourceInfo) => all.find((o) => o.group === r.group && o.plural === r.plural) === r
    return all.filter((r) => r.categories.includes(word) && preferred(r))
  }
}

function groupResources(group: AnyObject): ResourceInfo[] {
  const versions = (group['versions'] ?? []) as AnyObject[]
  return versions.flatMap((version) =>
    ((version['resources'] ?? []) as AnyObject[]).map((r) => ({
      group: group.metadata?.name ?? '',
      version: version['version'] as string,
      kind: r['responseKind']?.kind ?? '',
      plural: r['resource'],
      singular: r['singularResource'] ?? '',
      short: r['shortNames'] ?? [],
      categories: r['categories'] ?? [],
      namespaced: r['scope'] === 'Namespaced',
      verbs: r['verbs'] ?? [],
      subresources: ((r['subresources'] ?? []) as AnyObject[]).map((s) => s['subresource'] as string),
    })),
  )
}

function pick(all: ResourceInfo[], word: string): ResourceInfo | undefined {
  const [name = '', ...rest] = word.split('.')
  if (name === '') return undefined
  const lower = name.toLowerCase()
  const group = rest.join('.')
  const suits = (r: ResourceInfo): boolean =>
    rest.length === 0 ||
    r.group === group ||
    (r.version === rest[0] && r.group === rest.slice(1).join('.')) ||
    (group !== '' && r.group.startsWith(`${group}.`))
  // A short name forgets which version was asked for.
  const abbreviated = (r: ResourceInfo): boolean => suits(r) || (rest.length > 1 && r.group === rest.slice(1).join('.'))
  return (
    all.find((r) => (r.plural === lower || r.singular === lower || r.kind.toLowerCase() === lower) && suits(r)) ??
    all.find((r) => r.short.includes(name) && abbreviated(r))
  )
}
