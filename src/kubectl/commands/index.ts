/** All commands. Adding one: its file, and a line here. */
import type { Command } from '../command.ts'
import { apiResources, apiVersions } from './api-resources.ts'
import { cordon, drain, uncordon } from './cordon.ts'
import { remove } from './delete.ts'
import { get } from './get.ts'
import { annotate, label } from './label.ts'
import { rollout } from './rollout.ts'
import { scale } from './scale.ts'

export const commands: readonly Command[] = [
  annotate,
  apiResources,
  apiVersions,
  cordon,
  drain,
  get,
  label,
  remove,
  rollout,
  scale,
  uncordon,
]
