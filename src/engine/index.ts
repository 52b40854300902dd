/** The engine's door: all of it. */
import { enableLate } from '#posix/late.ts'
import { enableRest } from './rest.ts'
import { enableServers } from './servers.ts'
import { enableShells } from './shells.ts'

enableRest()
enableServers()
enableShells()
enableLate()

export * from './first.ts'
