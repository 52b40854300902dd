/** What a kind from the catalogue adds by hand to what the schema says: defaults, columns, hooks. */
import type { ResourceDeclaration } from '../apiserver/resource.ts'

/** Laid over the generic declaration. Defaults see the object before its empty structs are added. */
export type Details = Partial<ResourceDeclaration<any>>

/** The declared fields of a status are dropped from what a client creates. */
export const freshStatus =
  (status: object = {}) =>
  <T extends object>(object: T): T => ({ ...object, status })
