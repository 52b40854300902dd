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

interface Sought {
  name: string
  version?: string | undefined
  group: string
  /** Whatever the group. */
  any: boolean
}

export class Discovery {
  readonly #fetch: (path: string, accept: string) => Promise<unknown>
  readonly #memory: Memory | undefined
  readonly #tell: ((text: string) => void) | undefined
  #known: Promise<ResourceInfo[]> | null = null
  #fresh = false

  /** `tell`: told of short names that several resources have. */
  constructor(fetch: (path: string, accept: string) => Promise<unknown>, memory?: Memory, tell?: (text: string) => void) {
    this.#fetch = fetch
    this.#memory = memory
    this.#tell = tell
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
  find(word: string): Promise<ResourceInfo | undefined> {
    return this.#look((all) => this.#pick(all, word))
  }

  /** By plural, singular or short name in a group (empty: any); a dot means no version here. */
  findIn(name: string, group: string): Promise<ResourceInfo | undefined> {
    return this.#look((all) => this.#named(all, { name, group, any: group === '' }))
  }

  async #look(pick: (all: ResourceInfo[]) => ResourceInfo | undefined): Promise<ResourceInfo | undefined> {
    const found = pick(await this.all())
    if (found) return found
    this.refresh()
    return pick(await this.all())
  }

  #pick(all: ResourceInfo[], word: string): ResourceInfo | undefined {
    const [name = '', ...rest] = word.split('.')
    if (name === '') return undefined
    const group = rest.join('.')
    const [version, ...behind] = rest
    const full = { name, version, group: behind.join('.'), any: false }
    const found = (rest.length > 1 && this.#named(all, full)) || this.#named(all, { name, group, any: rest.length === 0 })
    if (found) return found
    const within = (r: ResourceInfo): boolean =>
      rest.length === 0 || r.group === group || (rest.length > 1 && r.version === version && r.group === full.group)
    return all.find((r) => r.kind.toLowerCase() === name.toLowerCase() && within(r))
  }

  /** Names come before short names, whole groups before the beginnings of their names. A short name forgets the version. */
  #named(all: ResourceInfo[], { name, version, group, any }: Sought): ResourceInfo | undefined {
    const lower = name.toLowerCase()
    const called = (r: ResourceInfo): boolean => r.plural === lower || r.singular === lower
    const short = (r: ResourceInfo): boolean => r.short.includes(name)
    const within = all.filter((r) => any || r.group === group)
    const named = within.filter(called)
    if (named.length > 0) return version === undefined ? named[0] : named.find((r) => r.version === version)
    const meant = within.filter(short)
    if (meant.length > 0) return this.#choose(meant, name)
    if (any || group === '') return undefined
    const near = all.filter((r) => r.group.startsWith(group) && (version === undefined || r.version === version))
    return near.find(short) ?? (version === undefined ? near.find(called) : undefined)
  }

  /** The first of those that have the same short name; of the others is told. */
  #choose([first, ...others]: ResourceInfo[], name: string): ResourceInfo | undefined {
    const full = (r: ResourceInfo | undefined): string => (r ? `${r.plural}${r.group ? `.${r.group}` : ''}` : '')
    for (const other of new Set(others.map(full)))
      if (other !== full(first))
        this.#tell?.(`short name ${JSON.stringify(name)} could also match lower priority resource ${other}`)
    return first
  }

  /** Without a version any will do. */
  async byKind(apiVersion: string | undefined, kind: string): Promise<ResourceInfo | undefined> {
    const [version, group = ''] = (apiVersion ?? '').split('/').reverse()
    const match = (r: ResourceInfo) => r.group === group && (!version || r.version === version) && r.kind === kind
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
