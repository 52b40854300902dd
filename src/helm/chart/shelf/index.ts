/** The charts of the built-in repository. Adding one: its file, and a line here. */
import type { ChartFile } from '../chart.ts'
import { guestbook } from './guestbook.ts'
import { redis } from './redis.ts'
import { web } from './web.ts'

export const shelf: readonly (readonly ChartFile[])[] = [...web, redis, guestbook]
