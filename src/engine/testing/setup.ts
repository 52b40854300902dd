/** Runs before every test file: tests speak YAML from the start, and have all of the engine. */
import { enableRest } from '../rest.ts'
import { enableYaml } from '../yaml.ts'

enableRest()
enableYaml()
