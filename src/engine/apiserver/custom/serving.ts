/** What one definition of a custom kind comes to; how it is made (`serve.ts`) may come with the rest of the engine. */
import { later } from '../../sim/later.ts'
import type { Resource } from '../resource.ts'
import type { Schemas } from '../schema/schema.ts'
import type { ConversionCaller } from './convert.ts'
import type { Definition } from './definition.ts'

export interface Served {
  definition: Definition
  /** In the order of preference; what is not served is missing. */
  resources: Resource[]
  /** For parts: the version that is stored. */
  stored: Resource
  /** Names of the schemas it has added. */
  schemas: string[]
}

export type Serve = (definition: Definition, schemas: Schemas, conversion: () => ConversionCaller | null) => Served

export const serving = later<Serve>('serving of custom resources')

export const namesOf = (definition: Definition) => (definition.status as NonNullable<Definition['status']>).acceptedNames
