/** All machines' shells: who comes in by ssh, and what passes over its stream. */
import type { ApiRequest } from '#api/request.ts'
import type { OpenStream, StreamServer } from '../machinery/streams.ts'
import { DOOR, type Shells } from './doors.ts'
import { type Login, MachineShell, type MachineState, type Told } from './machine-shell.ts'
import type { HostPorts } from './ports.ts'

const SERVER = 'ssh'
/** Until somebody believes that nobody answers. */
const NO_ROUTE_MS = 3000

export class MachineShells implements Shells, StreamServer {
  readonly #ports: HostPorts
  readonly #shells = new Map<string, MachineShell>()

  constructor(ports: HostPorts) {
    this.#ports = ports
    ports.streams.serve(SERVER, this)
  }

  readonly #told: Told = {
    out: (stream, channel, text) => this.#ports.streams.out(stream, channel, text),
    ended: (stream, status) => {
      this.#ports.streams.out(stream, 3, JSON.stringify({ status }))
      this.#ports.streams.end(stream)
    },
  }

  #shell(name: string): MachineShell {
    let shell = this.#shells.get(name)
    if (!shell) this.#shells.set(name, (shell = new MachineShell(name, this.#ports, this.#told, null)))
    return shell
  }

  /** `/ssh/node-1?command=…&tty=true&rows=24&columns=80&stdin=true`. */
  open(stream: number, { path }: ApiRequest): void {
    const { streams } = this.#ports
    const [place = '', query = ''] = path.slice(DOOR.length).split('?')
    const machine = this.#ports.machine(decodeURIComponent(place))
    if (!machine) return streams.answer(stream, refusal(404, 'Name or service not known'))
    if (!machine.isPowered) return streams.answerLater(stream, refusal(504, 'No route to host'), NO_ROUTE_MS)
    const name = decodeURIComponent(place)
    streams.take(stream, SERVER, { machine: name })
    streams.head(stream, { status: 101, headers: {}, body: null })
    this.#shell(name).login(stream, loginOf(query))
  }

  sent({ id, data }: OpenStream, channel: number, text: string): void {
    const shell = this.#shell(data.machine)
    if (channel === 0) return shell.typed(id, text)
    const size = channel === 4 ? /"Width":\s*(\d+).*?"Height":\s*(\d+)/.exec(text) : null
    if (size) shell.resized(id, Number(size[2]), Number(size[1]))
  }
  closed({ id, data }: OpenStream, channel: number): void {
    if (channel === 0) this.#shell(data.machine).inputEnded(id)
  }
  left({ id, data }: OpenStream): void {
    this.#shell(data.machine).left(id)
  }

  due(_what: string, name: unknown): void {
    this.#shells.get(String(name))?.run()
  }

  /** Null where nobody has been: as before these shells had come. */
  save(): unknown {
    return this.#shells.size === 0 ? null : { machines: [...this.#shells].map(([name, { state }]) => [name, state]) }
  }
  load(saved: any): void {
    this.#shells.clear()
    for (const [name, state] of (saved?.machines ?? []) as [string, MachineState][])
      this.#shells.set(name, new MachineShell(name, this.#ports, this.#told, state))
  }
}

function loginOf(query: string): Login {
  const words = new Map(
    query
      .split('&')
      .filter(Boolean)
      .map((pair): [string, string] => {
        const [key = '', value = ''] = pair.split('=')
        return [key, decodeURIComponent(value)]
      }),
  )
  const size = { rows: Number(words.get('rows') ?? 24), columns: Number(words.get('columns') ?? 80) }
  return {
    command: words.get('command') ?? '',
    terminal: words.get('tty') === 'true' ? size : null,
    stdin: words.get('stdin') === 'true',
  }
}

const refusal = (status: number, why: string) => ({ status, headers: { 'content-type': 'text/plain' }, body: why })
