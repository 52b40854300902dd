/** The YAML half of the engine, a module of its own so that hosts may load it later: see `apiserver/yaml-codec.ts`. */

import { parseYaml } from '#api/go-yaml/read.ts'
import { toYaml } from '#api/yaml.ts'
import { provideYaml } from './apiserver/yaml-codec.ts'

export const enableYaml = (): void => provideYaml({ parse: parseYaml, print: toYaml })
