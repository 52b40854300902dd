/** Runs before every test file: tests speak YAML from the start. */
import { enableYaml } from '../yaml.ts'

enableYaml()
