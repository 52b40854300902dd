/** Somebody in front of a terminal of the learner's shell: keys go to the line that is asked for, or to the program in front. */
import type { Shell, Terminal } from '#shell/shell.ts'

export class Desk {
  readonly #terminal: Terminal
  #shown = ''
  /** The line that is being written; null: a program has the terminal. */
  #line: string | null = null

  constructor(shell: Shell) {
    this.#terminal = shell.open({
      size: () => ({ rows: 40, columns: 120 }),
      write: (text) => void (this.#shown += text),
      ask: (_prompt, _more, typed) => {
        this.#line = ''
        this.type(typed)
      },
    })
  }

  /** The shell waits for a line. */
  get idle(): boolean {
    return this.#line !== null
  }
  /** What was shown since the last command, without control sequences. */
  get seen(): string {
    return this.#shown.replaceAll('\r', '').replace(/\x1b\[[\d;]*[A-Za-z]/g, '')
  }
  forget(): void {
    this.#shown = ''
  }

  type(text: string): void {
    for (const key of text) {
      if (this.#line === null) this.#terminal.keys(key)
      else if (key === '\r') {
        const whole = this.#line
        this.#line = null
        this.#terminal.line(whole)
      } else this.#line += key
    }
  }
}
