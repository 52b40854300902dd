/** Whether two JSON values say the same, whatever the order of their keys. */
import { sortedKeys } from './print/sorted.ts'

export const equalJson = (a: unknown, b: unknown): boolean => JSON.stringify(sortedKeys(a)) === JSON.stringify(sortedKeys(b))
