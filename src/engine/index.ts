/** The engine's door: all of it. */
import { enableGit } from '#posix/git/late.ts'
import { enableRest } from './rest.ts'
import { enableServers } from './servers.ts'
import { enableShells } from './shells.ts'

enableRest()
enableServers()
enableShells()
enableGit()

export * from './first.ts'
