/** All commands. Adding one: its file, and a line here. */
import type { Command } from '../command.ts'
import { clusterInfo, config, options, version } from './about.ts'
import { apiResources, apiVersions } from './api-resources.ts'
import { apply } from './apply/index.ts'
import { auth } from './auth.ts'
import { autoscale } from './autoscale.ts'
import { cordon, uncordon } from './cordon.ts'
import { create } from './create/index.ts'
import { remove } from './delete.ts'
import { describe } from './describe.ts'
import { drain } from './drain.ts'
import { events } from './events.ts'
import { explain } from './explain.ts'
import { expose } from './expose.ts'
import { get } from './get.ts'
import { annotate, label } from './label.ts'
import { logs } from './logs.ts'
import { patch } from './patch.ts'
import { refused } from './refused.ts'
import { replace } from './replace.ts'
import { rollout } from './rollout/index.ts'
import { run } from './run.ts'
import { scale } from './scale.ts'
import { set } from './set/index.ts'
import { taint } from './taint.ts'
import { wait } from './wait.ts'

const own: readonly Command[] = [
  annotate,
  apiResources,
  apiVersions,
  apply,
  auth,
  autoscale,
  clusterInfo,
  config,
  cordon,
  create,
  describe,
  drain,
  events,
  explain,
  expose,
  get,
  label,
  logs,
  options,
  patch,
  remove,
  replace,
  rollout,
  run,
  scale,
  set,
  taint,
  uncordon,
  version,
  wait,
]

export const commands: readonly Command[] = [...own, ...refused].sort((a, b) => (a.name < b.name ? -1 : 1))
