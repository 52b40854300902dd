/** Programs that stand in the kernel's table from the start, while their code may be loaded after the rest. */
import { assert } from '#api/assert.ts'
import { type Program, program } from './program.ts'

type Name = 'git' | 'git-http' | 'openssl'
let provided: Readonly<Record<Name, Program>> | null = null

/** Called by the door (`late.ts`), before anything of the world can run them. */
export const provideLate = (programs: Readonly<Record<Name, Program>>): void => {
  provided = programs
}

function loaded(name: Name): Program {
  assert(provided !== null, `${name} was run before it was loaded`)
  return provided[name]
}

const slot = (name: Name): Program => program({ name, run: (sys, data) => loaded(name).run(sys, data) })

export const git = slot('git')
export const openssl = slot('openssl')
export const gitHttp: Program = {
  ...slot('git-http'),
  http: (sys, data, request) => loaded('git-http').http?.(sys, data, request) ?? { status: 502, body: '' },
}
