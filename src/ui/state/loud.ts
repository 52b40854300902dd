/** Whoever takes the first steps hears of the shop; what the system does for itself is remembered, not said. */
import type { ChoicesStore } from './choices.ts'
import { isSystem } from './seats.ts'
import type { Sentence } from './sentences.ts'

export const isLoud = (choices: ChoicesStore, { object }: Pick<Sentence, 'object'>): boolean =>
  !choices.getState().tour || !isSystem(object.namespace)
