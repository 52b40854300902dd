/** The registries that images come from, as far as somebody has broken them: down or slow, one or all. */
import type { Part, World } from '../sim/world.ts'

export type RegistryState = 'well' | 'slow' | 'down'

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

  constructor(world: World) {
    world.join(this)
  }

  set(registry: string, state: RegistryState): void {
    if (registry === ALL) this.#states.clear()
    if (state === 'well' && registry !== ALL && !this.#states.has(ALL)) this.#states.delete(registry)
    else this.#states.set(registry, state)
  }
  of(registry: string): RegistryState {
    return this.#states.get(registry) ?? this.#states.get(ALL) ?? 'well'
  }

  due(): void {}
  save(): unknown {
    return [...this.#states]
  }
  load(saved: any): void {
    this.#states = new Map(saved)
  }
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
