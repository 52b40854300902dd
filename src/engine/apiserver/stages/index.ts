/** The stages in reading order: follow one request from top to bottom. */
import type { Stage } from '../stage.ts'
import { defaults, mutate, validate } from './admit.ts'
import { aggregate } from './aggregate.ts'
import { change } from './change.ts'
import { connect, documents } from './connect.ts'
import { decode } from './decode.ts'
import { authenticate, authorize, deadline } from './identify.ts'
import { limit } from './limit.ts'
import { negotiate } from './negotiate.ts'
import { persist } from './persist.ts'
import { prepare } from './prepare.ts'
import { read } from './read.ts'
import { remove } from './remove.ts'
import { route } from './route.ts'

/** What every write walks once it is known what is asked and by whom. */
export const writeStages: readonly Stage[] = [remove, change, defaults, limit, mutate, prepare, validate, persist]

/** A request from outside: who may not ask is not told whether what they ask for exists. */
export const stages: readonly Stage[] = [
  deadline,
  authenticate,
  authorize,
  aggregate,
  route,
  negotiate,
  documents,
  read,
  decode,
  connect,
  ...writeStages,
]

/** A call from a part of the control plane: already routed, typed and authenticated. */
export const innerStages: readonly Stage[] = [authorize, aggregate, read, connect, ...writeStages]
