/** What happens when a step begins: struck once in each life of the world, whoever reloads, goes back, or takes it back. */

import type { Transport } from '#api/request.ts'
import { ApiError } from '#api/status.ts'
import { Client } from '#client/client.ts'
import type { Happening } from './lesson.ts'
import { change } from './start.ts'

/** It is nobody's deed: not the learner's, and not a controller's. */
const NOBODY = { name: 'system:trouble', groups: ['system:masters'] }

/** As plain data. `times`: when each of those that were struck was, in simulated ms. */
export interface TroubleState {
  step: number
  begun: number
  times: readonly number[]
}

export class Trouble {
  readonly #transport: Transport
  readonly #happenings: readonly Happening[]
  readonly #client: Client
  #state: TroubleState
  #striking: Promise<void> | null = null

  constructor(transport: Transport, happenings: readonly Happening[], state: TroubleState) {
    this.#transport = transport
    this.#happenings = happenings
    this.#state = state
    this.#client = new Client(transport, { agent: 'tabernetes-lessons', user: NOBODY })
  }

  get isOver(): boolean {
    return this.#striking === null && this.#state.times.length >= this.#happenings.length
  }
  /** What is being struck. */
  get struck(): Promise<void> {
    return this.#striking ?? Promise.resolve()
  }

  /** Strikes what is due. */
  tick(now: number): void {
    const { begun, times } = this.#state
    const next = this.#happenings[times.length]
    if (this.#striking || !next || now < (times.at(-1) ?? begun) + next.after) return
    this.#striking = this.#strike(next, now).then(() => {
      this.#striking = null
      this.tick(now)
      return this.#striking ?? undefined
    })
  }

  async #strike(happening: Happening, now: number): Promise<void> {
    const { simulation } = this.#transport
    await simulation?.mark(this.#mark(this.#state.times.length))
    try {
      if ('fault' in happening) await simulation?.fault(happening.fault)
      else await change(this.#client, happening)
    } catch (error) {
      // What is not there any more can't be broken.
      if (!(error instanceof ApiError)) throw error
    }
    this.#state = { ...this.#state, times: [...this.#state.times, now] }
  }

  /** Inputs are marked, so that a life tells what was struck in it. */
  #mark(index: number): string {
    return `# lesson: trouble ${this.#state.step + 1}.${index + 1}`
  }

  /** The world goes on from another time, or in another life: what was not struck there will be. */
  async rewound(now: number): Promise<void> {
    await this.#striking
    const session = await this.#transport.simulation?.session()
    const marks = new Set(session?.inputs.flatMap((input) => ('mark' in input ? [input.mark] : [])))
    const struck = this.#happenings.findIndex((_, index) => !marks.has(this.#mark(index)))
    if (struck < 0) return
    this.#state = { ...this.#state, begun: now, times: this.#state.times.slice(0, struck).map((at) => Math.min(at, now)) }
    this.tick(now)
  }

  save(): TroubleState {
    return this.#state
  }
}
