/** git in the kernel's table: a name that stands there from the start, while its code may be loaded after the rest. */
import { assert } from '#api/assert.ts'
import { type Program, program } from '../program.ts'

interface Part {
  git: Program
  http: Program
}
let part: Part | null = null

/** Called by the door (`late.ts`), before anything of the world can run it. */
export const provideGit = (given: Part): void => {
  part = given
}
function loaded(): Part {
  assert(part !== null, 'git was run before it was loaded')
  return part
}

export const git: Program = program({ name: 'git', run: (sys, data) => loaded().git.run(sys, data) })
export const gitHttp: Program = program({
  name: 'git-http',
  run: (sys, data) => loaded().http.run(sys, data),
  http: (sys, data, request) => loaded().http.http?.(sys, data, request) ?? { status: 502, body: '' },
})
