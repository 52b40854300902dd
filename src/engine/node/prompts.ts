/** Commands of images that go on line by line, as `redis-cli` and `mysql` do: at a prompt, or with what comes in. */
import type { Sys } from '#posix/sys.ts'
import type { ProcessHost } from './process-host.ts'
import type { Host } from './programs/program.ts'

export interface Prompt<S = any> {
  /** What it remembers from now on (plain data) and what it says first; null: this command line wants no prompt. */
  begin(argv: readonly string[], host: Host): { state: S; out?: string } | null
  /** What stands before the next line. */
  ask(state: S): string
  /** Answers a line; with `code` that was the last one. */
  line(text: string, state: S, host: Host): { state: S; out: string; code?: number }
  /** No more lines come. */
  end(state: S, host: Host): { out: string; code: number }
}

/** What such a process remembers. */
export interface PromptData {
  talk?: { state: any }
  asked?: boolean
}

/** The exit code, undefined while it waits, null: nobody talks. */
export function talk(prompt: Prompt, sys: Sys, data: PromptData, host: ProcessHost): number | undefined | null {
  const terminal = sys.isTty(0)
  if (!data.talk) {
    const began = prompt.begin(sys.argv, host)
    if (!began) return null
    data.talk = { state: began.state }
    if (terminal && began.out) sys.out(began.out)
  }
  const { talk } = data
  for (;;) {
    if (terminal && !data.asked) {
      sys.out(prompt.ask(talk.state))
      data.asked = true
    }
    const line = sys.line(0)
    if (line === undefined) return undefined
    data.asked = false
    if (line === null) {
      const { out, code } = prompt.end(talk.state, host)
      sys.out(out)
      return code
    }
    const { state, out, code } = prompt.line(line.replace(/\r?\n$/, ''), talk.state, host)
    talk.state = state
    sys.out(out)
    if (code !== undefined) return code
  }
}
