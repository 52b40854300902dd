/** The engine's door: all of it. */
import { enableGit } from '#posix/git/late.ts'
import { enableRest } from './rest.ts'

enableRest()
enableGit()

export * from './first.ts'
