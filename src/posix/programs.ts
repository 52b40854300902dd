/** The kernel's table: every program by every name it has. */
import { applets, extras } from './applets/index.ts'
import type { Program } from './program.ts'
import { shells } from './shell/program.ts'

/** What a new process is before its file has been found. */
const exec: Program = {
  name: 'exec',
  run(sys, data) {
    const said = (name: string, why: string): void => sys.err(`${name}: ${why}\n`)
    return data?.path ? sys.become(data.path, sys.argv, said) : sys.exec(sys.argv, said)
  },
}

export function tableOf(programs: readonly Program[]): Record<string, Program> {
  const table: Record<string, Program> = {}
  for (const program of programs) for (const name of [program.name, ...(program.also ?? [])]) table[name] = program
  return table
}

export const standardPrograms: Readonly<Record<string, Program>> = tableOf([exec, ...shells, ...applets, ...extras])
