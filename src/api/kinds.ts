/** Object types of the kinds that the house itself reads and writes; other kinds travel as `AnyObject`. */

export type * from './kinds/access.ts'
export type * from './kinds/apps.ts'
export type * from './kinds/batch.ts'
export type * from './kinds/core.ts'
export type * from './kinds/misc.ts'
export type * from './kinds/pod.ts'
