/** What clients send to a process: its standard input, as it is or as keys of its terminal, and the terminal's size. */
import type { ContainerState, ProcessState } from './container.ts'
import type { Runtime } from './runtime.ts'
import { type Typed, type } from './terminal.ts'

export function feed(runtime: Runtime, container: ContainerState, process: ProcessState, text: string): void {
  const { stdin, terminal } = process
  if (!stdin || stdin.ended || container.state !== 'running') return
  if (runtime.typed(container, process, text)) return
  const typed: Typed = terminal ? type(terminal, text) : { input: text, echo: '', signals: [], end: false }
  if (typed.echo) runtime.show(container, process, typed.echo)
  stdin.text += typed.input
  stdin.ended ||= typed.end
  for (const signal of typed.signals) runtime.signalProcess(container, process, signal)
  if (typed.input !== '' || typed.end) runtime.tell(container, process)
}

/** The client has no more to say; a terminal stays open all the same. */
export function endInput(runtime: Runtime, container: ContainerState, process: ProcessState): void {
  if (!process.stdin || process.stdin.ended || process.terminal) return
  process.stdin.ended = true
  runtime.tell(container, process)
}

/** `{"Width":80,"Height":24}`. */
export function resize(runtime: Runtime, container: ContainerState, process: ProcessState, message: string): void {
  const size = /"Width":\s*(\d+).*?"Height":\s*(\d+)/.exec(message)
  if (!process.terminal || !size) return
  Object.assign(process.terminal, { columns: Number(size[1]), rows: Number(size[2]) })
  runtime.tell(container, process)
}
