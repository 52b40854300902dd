/** Images of one node: pulls, one after the other as the kubelet does by default, and what has been pulled. */
import { extend } from '#api/extend.ts'
import type { Access, RegistryState } from '../machinery/registries.ts'
import type { Context } from './context.ts'
import { layersOf, systemOf } from './image-layers.ts'
import { type ImageName, parseImageName } from './image-name.ts'
import { imageFor } from './images/known.ts'
import { digestOf, pullPlan } from './pull.ts'

export interface NodeImage {
  /** Digest, then the names it was pulled by. */
  names: string[]
  sizeBytes: number
  /** Whose logins it was pulled with: only they may use it. Absent: everybody may. */
  keys?: string[]
  /** Which build of it: how often the system below it had been mended. Absent: none. */
  build?: number
  /** When it came. */
  at?: number
}

interface Pull {
  image: string
  /** Who waits for it. */
  uid: string
  container: string
  asked: number
  /** When its turn came. */
  began: number
  /** How its registry was then. */
  state: RegistryState
  access: Access
}

export interface PullEnd extends Pull {
  /** Empty when it succeeded. */
  error: string
  sizeBytes: number
}

export class Puller {
  readonly #ctx: Context
  readonly #ended: (end: PullEnd) => void
  #images = new Map<string, NodeImage>()
  #layers = new Set<string>()
  #queue: Pull[] = []
  #timer: number | null = null
  /** Changes whenever the list of images does. */
  version = 0

  constructor(ctx: Context, ended: (end: PullEnd) => void) {
    this.#ctx = ctx
    this.#ended = ended
  }

  /** Whether an image is there for somebody with this login (pullmanager MustAttemptImagePull). */
  has(full: string, access: Access): boolean {
    const image = this.#images.get(full)
    return image !== undefined && (!image.keys || keysOf(access).some((key) => image.keys?.includes(key)))
  }
  /** Largest first, as the node's status lists them; at most 50. */
  list(): NodeImage[] {
    return [...this.#images.values()].sort((a, b) => b.sizeBytes - a.sizeBytes).slice(0, 50)
  }

  /** The digest of what is here under a name. */
  digest(name: ImageName): string {
    return digestOf(name, this.#images.get(name.full)?.build)
  }

  /** Of an image as its registry has it now: a digest stays what it is. */
  #build(name: ImageName): number {
    const system = name.digest ? undefined : systemOf(name, imageFor(name))
    return system ? this.#ctx.registries.build(system) : 0
  }

  ask(image: string, uid: string, container: string, access: Access): void {
    this.#queue.push({ image, uid, container, asked: this.#ctx.world.now, began: 0, state: 'well', access })
    if (this.#queue.length === 1) this.#begin()
  }

  #begin(): void {
    const pull = this.#queue[0]
    if (!pull) return
    pull.began = this.#ctx.world.now
    const name = parseImageName(pull.image)
    if (typeof name === 'string') return
    const build = this.#build(name)
    const plan = pullPlan(name, this.#ctx.registries.of(name.registry), pull.access, this.#layers, build)
    pull.state = this.#ctx.registries.of(name.registry)
    // Of an image that is there already only the manifest is compared.
    const known = this.#images.get(name.full)
    const ms = plan.error === '' && known && (known.build ?? 0) === build ? Math.min(plan.ms, CHECK_MS) : plan.ms
    this.#timer = this.#ctx.world.after(ms, this.#ctx.part, 'pulled')
  }

  /** The first pull of the queue is over. */
  pulled(): void {
    this.#timer = null
    const pull = this.#queue.shift()
    if (!pull) return
    this.#begin()
    const name = parseImageName(pull.image)
    if (typeof name === 'string') return
    const plan = pullPlan(name, pull.state, pull.access)
    if (plan.error === '') this.#keep(name, plan.sizeBytes, pull.access)
    this.#ended(extend(pull, { error: plan.error, sizeBytes: plan.sizeBytes }))
  }

  #keep(name: ImageName, sizeBytes: number, access: Access): void {
    const known = this.#images.get(name.full)
    const keys = keysOf(access)
    const build = this.#build(name)
    if (known && (known.build ?? 0) === build) {
      if (keys.length === 0) delete known.keys
      else if (known.keys) known.keys = [...new Set([...known.keys, ...keys])]
      return
    }
    for (const { id } of layersOf(name, imageFor(name), build)) this.#layers.add(id)
    const names = name.digest ? [name.full] : [digestOf(name, build), name.full]
    // The older build stays, by its digest only.
    if (known) this.#images.set(known.names[0] as string, { ...known, names: known.names.slice(0, 1) })
    this.#images.set(name.full, {
      names,
      sizeBytes,
      at: this.#ctx.world.now,
      ...(keys.length > 0 ? { keys } : {}),
      ...(build > 0 ? { build } : {}),
    })
    this.version += 1
  }

  /** Deletes an image; layers that others lie on stay. */
  drop(full: string): void {
    this.#images.delete(full)
    this.#layers.clear()
    for (const [key, { build }] of this.#images) {
      const name = parseImageName(key)
      if (typeof name !== 'string') for (const { id } of layersOf(name, imageFor(name), build)) this.#layers.add(id)
    }
    this.version += 1
  }

  /** The node has lost power: pulls in progress are lost, images stay. */
  reset(): void {
    if (this.#timer !== null) this.#ctx.world.cancel(this.#timer)
    this.#timer = null
    this.#queue = []
  }

  save(): unknown {
    return { images: [...this.#images], layers: [...this.#layers], queue: this.#queue, timer: this.#timer, version: this.version }
  }
  load(saved: any): void {
    this.#images = new Map(saved.images)
    this.#layers = new Set(saved.layers)
    this.#queue = saved.queue
    this.#timer = saved.timer
    this.version = saved.version
  }
}

const CHECK_MS = 300

/** The same secret, or the same login from another one. */
const keysOf = (access: Access): string[] =>
  typeof access === 'string' ? [] : [access.secret, `${access.user}:${access.password}`]
