/** Checks of devices are needed by who uses devices: a host may load them after the first scene. */
import { later } from '../../sim/later.ts'
import type * as checks from './checks.ts'

export const deviceChecks = later<typeof checks>('checks of devices')
