/** The YAML half of the engine, a module of its own so that hosts may load it later: see `apiserver/yaml-codec.ts`. */
import { toYaml } from '#api/yaml.ts'
import { parseYaml } from './apiserver/schema/yaml-text.ts'
import { provideYaml } from './apiserver/yaml-codec.ts'

export const enableYaml = (): void => provideYaml({ parse: parseYaml, print: toYaml })
