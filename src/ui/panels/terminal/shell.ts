/** The shell behind the terminal. */
import type { Desk } from '../../state/desk.ts'
import type { Shell } from './host.ts'

export function openShell(_desk: Desk): Shell {
  return {
    run: async (line, io) => {
      io.error(`${line.split(' ')[0]}: command not found\n`)
      return 127
    },
    complete: async () => [],
  }
}
