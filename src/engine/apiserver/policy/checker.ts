/** Where the type checking of policies is asked for; it comes with the rest of the engine. */
import { later } from '../../sim/later.ts'
import type { typeCheck } from './type-checking.ts'

export const typeChecker = later<typeof typeCheck>('type checking of policies')
