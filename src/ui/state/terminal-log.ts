/** What the graph's clicks write into the terminal: lines wait here until a terminal is there to show them. */
import type { Stop } from '#api/request.ts'

export interface TerminalLine {
  command: string
  answer: string
  failed: boolean
}

export interface TerminalLog {
  write(line: TerminalLine): void
  /** Gets what has waited, then everything as it comes. */
  read(show: (line: TerminalLine) => void): Stop
}

export function createTerminalLog(): TerminalLog {
  const waiting: TerminalLine[] = []
  const readers = new Set<(line: TerminalLine) => void>()
  return {
    write(line) {
      if (readers.size === 0) waiting.push(line)
      for (const show of readers) show(line)
      if (waiting.length > 100) waiting.shift()
    },
    read(show) {
      for (const line of waiting.splice(0)) show(line)
      readers.add(show)
      return () => readers.delete(show)
    },
  }
}
