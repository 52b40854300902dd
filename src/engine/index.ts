/** The engine's door: all of it. */
import { enableRest } from './rest.ts'

enableRest()

export * from './first.ts'
