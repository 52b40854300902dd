/** The programs that play processes, by the name that a process' state remembers. */
import type { Program } from './program.ts'
import { script } from './script.ts'
import { server } from './server.ts'

export const programs: Readonly<Record<string, Program>> = { server, script }
