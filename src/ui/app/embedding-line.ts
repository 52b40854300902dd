/** The line to the host outlives the screens and the desk: both are made anew for another language or another cluster. */
import { CallError, type Guest, type Handlers, listen } from '#embed/guest.ts'
import type { Call } from '#embed/protocol.ts'
import type { Desk } from '../state/desk.ts'
import { handlersOf } from './embedding-calls.ts'

/** Answers calls at the present desk; while that one is being replaced, calls wait for the next. */
export class HostLine {
  readonly guest: Guest
  #arrive: (handlers: Handlers) => void = () => {}
  #present!: Promise<Handlers>
  /** Calls that the present desk has not answered. */
  #pending = new Set<(error: Error) => void>()

  constructor(hosts: readonly string[], onConnect: (guest: Guest) => void) {
    this.#next()
    this.guest = listen(window, hosts, () => this.#present, onConnect)
  }

  /** From now on this desk is the one; what the former one has not answered, it never will. */
  serve(desk: Desk): void {
    for (const reject of this.#pending) reject(new CallError('begun-anew', 'the sandbox began anew before it could answer'))
    this.#pending = new Set()
    const own = handlersOf(desk, () => this.#next())
    const calls = Object.keys(own) as Call[]
    const watched = (call: Call) => (payload: unknown) => this.#watched(own[call](payload))
    // This one replaces the desk: it is answered by way of the next.
    const { load } = own
    const handlers = { ...Object.fromEntries(calls.map((call) => [call, watched(call)])), load } as Handlers
    this.#arrive(handlers)
    this.#present = Promise.resolve(handlers)
  }

  #next(): Promise<Handlers> {
    this.#present = new Promise((resolve) => {
      this.#arrive = resolve
    })
    return this.#present
  }

  #watched(answer: Promise<unknown>): Promise<unknown> {
    const pending = this.#pending
    return new Promise((resolve, reject) => {
      pending.add(reject)
      void answer.then(resolve, reject).finally(() => pending.delete(reject))
    })
  }
}
