/** What the terminal asks of a shell, and a line editor's worth of nothing else: the shell itself comes from `src/shell`. */

export interface ShellIo {
  write(text: string): void
  error(text: string): void
  signal: AbortSignal
  columns: number
}

export interface Shell {
  /** Runs one line; resolves with its exit status. */
  run(line: string, io: ShellIo): Promise<number>
  /** Whole words that may stand where the cursor is. */
  complete(line: string, cursor: number): Promise<string[]>
}
