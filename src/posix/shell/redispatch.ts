/** `command` and `builtin`: the same simple command once more, without them and without functions. */
import type { Frame } from './state.ts'

export function dispatchAgain(frame: Frame, words: string[]): void {
  frame['argv'] = words
  frame['noFunctions'] = true
  frame['data'] = {}
  frame.i = 3
}
