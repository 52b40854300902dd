/** Runs before every test file: tests speak YAML from the start, and have all of the engine. */
import { enableLate } from '#posix/late.ts'
import { enableRest } from '../rest.ts'
import { enableServers } from '../servers.ts'
import { enableShells } from '../shells.ts'
import { enableYaml } from '../yaml.ts'

enableRest()
enableServers()
enableShells()
enableLate()
enableYaml()
