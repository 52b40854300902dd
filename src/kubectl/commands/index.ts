/** All commands. Adding one: its file, and a line here. */
import type { Command } from '../command.ts'
import { apiResources, apiVersions } from './api-resources.ts'
import { apply } from './apply.ts'
import { cordon, drain, uncordon } from './cordon.ts'
import { create } from './create.ts'
import { remove } from './delete.ts'
import { get } from './get.ts'
import { annotate, label } from './label.ts'
import { patch } from './patch.ts'
import { rollout } from './rollout.ts'
import { scale } from './scale.ts'
import { set } from './set.ts'

export const commands: readonly Command[] = [
  annotate,
  apiResources,
  apiVersions,
  apply,
  cordon,
  create,
  drain,
  get,
  label,
  patch,
  remove,
  rollout,
  scale,
  set,
  uncordon,
]
