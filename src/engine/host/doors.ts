/** The way into a machine from outside of the cluster, as ssh goes it: its shells come with the rest of the engine. */
import type { ApiRequest } from '#api/request.ts'
import { later } from '../sim/later.ts'
import type { Part } from '../sim/world.ts'
import type { HostPorts } from './ports.ts'

/** Below this path nobody asks the API: the next part is a machine's name. */
export const DOOR = '/ssh/'

export interface Shells extends Pick<Part, 'due' | 'save' | 'load'> {
  /** Answers a stream that has been asked for at a machine's door. */
  open(stream: number, request: ApiRequest): void
}

export const machineShells = later<(ports: HostPorts) => Shells>('shells of machines')

export class MachineDoors implements Part {
  readonly name = 'machine-doors'
  #shells: Shells | null = null
  #saved: unknown = null

  constructor(ports: HostPorts) {
    ports.world.join(this)
    machineShells.when((make) => {
      this.#shells = make(ports)
      if (this.#saved) this.#shells.load(this.#saved)
    })
  }

  /** Whether this is none of the API server's business. */
  takes({ path }: ApiRequest): boolean {
    return path.startsWith(DOOR)
  }
  open(stream: number, request: ApiRequest): void {
    this.#shells?.open(stream, request)
  }
  due(what: string, data: unknown): void {
    this.#shells?.due(what, data)
  }
  save(): unknown {
    return this.#shells ? this.#shells.save() : this.#saved
  }
  load(saved: unknown): void {
    this.#saved = saved
    this.#shells?.load(saved)
  }
}
