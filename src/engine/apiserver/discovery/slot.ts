/** Where the documents that are no resources are asked for; they come with the rest of the engine. */
import { later } from '../../sim/later.ts'
import type { documentFor } from './documents.ts'

export const documents = later<typeof documentFor>('discovery documents')
