/** Commands of images that take their time: they wait for an answer, for their input, or go on until somebody stops them. */
import type { Sys } from '#posix/sys.ts'
import type { ProcessHost } from './process-host.ts'
import type { Host } from './programs/program.ts'

/** What a step comes to: with `code` it was the last one; after `waitMs` comes the next; with neither it waits for the input. */
export interface Step<S> {
  state: S
  out?: string
  code?: number
  waitMs?: number
}

export interface Errand<S = any> {
  /** What it knows at its start (plain data). */
  begin(argv: readonly string[], host: Host): S
  /** `line`: the next line of its input; null: there are no more; undefined: not yet. */
  step(state: S, host: Host, line: () => string | null | undefined): Step<S>
}

/** What such a process remembers. */
export interface ErrandData {
  errand?: { state: any; at: number }
}

/** The exit code; undefined while it waits. */
export function goOn(errand: Errand, sys: Sys, data: ErrandData, host: ProcessHost): number | undefined {
  data.errand ??= { state: errand.begin(sys.argv, host), at: sys.now }
  for (;;) {
    if (!sys.until(data.errand.at)) return undefined
    const { state, out, code, waitMs } = errand.step(data.errand.state, host, () => sys.line(0))
    data.errand.state = state
    if (out) sys.out(out)
    if (code !== undefined) return code
    if (waitMs === undefined) return undefined
    data.errand.at = sys.now + waitMs
  }
}
