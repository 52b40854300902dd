/** The registries that images come from: which somebody has broken, who may pull from them, and which base images were mended since. */
import type { Part, World } from '../sim/world.ts'

export type RegistryState = 'well' | 'slow' | 'down'

/** What somebody shows to a registry, and the uid of the secret it comes from. */
export interface Login {
  secret: string
  user: string
  password: string
}

export type Access = 'all' | 'none' | 'refused' | Login

/** Stands for every registry. */
const ALL = ''
/** Names in images, and the hosts behind them. */
const HOSTS: Record<string, string> = { 'docker.io': 'registry-1.docker.io' }
/** How many times longer a pull takes from a slow one. */
export const SLOWNESS = 20
/** Until a client gives up one that doesn't answer. */
export const TIMEOUT_MS = 30_000

export class Registries implements Part {
  readonly name = 'registries'
  #states = new Map<string, RegistryState>()
  /** Who may pull from a registry, with their passwords: it is a private one. */
  #accounts = new Map<string, Record<string, string>>()
  /** How often a base image has been mended, and all that is built on it built again. */
  #builds = new Map<string, number>()

  constructor(world: World) {
    world.join(this)
  }

  set(registry: string, state: RegistryState): void {
    if (registry === ALL) this.#states.clear()
    if (state === 'well' && registry !== ALL && !this.#states.has(ALL)) this.#states.delete(registry)
    else this.#states.set(registry, state)
  }
  setAccounts(registry: string, accounts: Record<string, string>): void {
    this.#accounts.set(registry, accounts)
  }
  admits(registry: string, logins: readonly Login[]): Access {
    return admits(registry, logins, this.#accounts.get(registry))
  }
  /** All of them have every image that is built on this one anew. */
  rebuild(base: string): void {
    this.#builds.set(base, this.build(base) + 1)
  }
  build(base: string): number {
    return this.#builds.get(base) ?? 0
  }
  /** Those that are not well; an empty name stands for all others. */
  broken(): { registry: string; state: RegistryState }[] {
    return [...this.#states].flatMap(([registry, state]) => (state === 'well' && registry === ALL ? [] : [{ registry, state }]))
  }
  of(registry: string): RegistryState {
    return this.#states.get(registry) ?? this.#states.get(ALL) ?? 'well'
  }

  due(): void {}
  save(): unknown {
    return { states: [...this.#states], accounts: [...this.#accounts], builds: [...this.#builds] }
  }
  load(saved: any): void {
    this.#states = new Map(saved.states)
    this.#accounts = new Map(saved.accounts)
    this.#builds = new Map(saved.builds)
  }
}

/** Whether a registry is a private one, and whose login it takes then; one that only is called so takes any account. */
export function admits(registry: string, logins: readonly Login[], accounts?: Record<string, string>): Access {
  if (!accounts && !registry.startsWith('private.')) return 'all'
  const right = ({ user, password }: Login): boolean =>
    accounts ? Object.hasOwn(accounts, user) && accounts[user] === password : user !== '' && password !== ''
  return logins.find(right) ?? (logins.length > 0 ? 'refused' : 'none')
}

/** What containerd says of one that is down. */
export function unreachable({
  registry,
  repository,
  tag,
  full,
}: {
  registry: string
  repository: string
  tag: string
  full: string
}): string {
  const url = `https://${HOSTS[registry] ?? registry}/v2/${repository}/manifests/${tag}`
  const why = `failed to do request: Head "${url}": dial tcp: i/o timeout`
  return `failed to pull and unpack image "${full}": failed to resolve reference "${full}": ${why}`
}
