/** A shell that reads its commands from standard input, and at a terminal asks for them. */
import { parse } from './parse.ts'
import type { Streams } from './streams.ts'
import { NeedsInput, type ShellState, type Thread } from './thread.ts'

/** `until` of a thread that waits for standard input. */
export const READING = -2

/** Takes the next command, or waits for it. */
export function ask(shell: Streams, thread: Thread): void {
  const { state, host } = shell
  try {
    const line = shell.lineOfInput()
    if (line === '') thread.ended = true
    else thread.stack.push({ n: parse(line), i: 0 })
    state.asked = false
  } catch (error) {
    if (!(error instanceof NeedsInput)) throw error
    if (host.terminal && !state.asked) shell.write(thread.streams.out, `${thread.cwd} ${host.user === 0 ? '#' : '$'} `)
    state.asked = true
    thread.until = READING
  }
}

/** ^C at a terminal: what runs in the foreground ends, and the shell asks again. */
export function interrupt(shell: Streams & { resume(): ShellState }): ShellState {
  const { main } = shell.state
  main.stack = []
  Object.assign(main, { until: null, waits: false, status: 130 })
  shell.state.asked = false
  shell.write(main.streams.out, '\n')
  return shell.resume()
}
