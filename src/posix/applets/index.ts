/** All small programs. */
import type { Program } from '../program.ts'
import { wc } from './count.ts'
import { echo, printf } from './print.ts'
import { textApplets } from './text.ts'
import { timeApplets } from './time.ts'

export const applets: readonly Program[] = [echo, printf, wc, ...textApplets, ...timeApplets]
