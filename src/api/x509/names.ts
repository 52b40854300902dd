/** Names in certificates: whom one is for, and who has issued it. */
import { textOf } from '../bytes.ts'
import { type Der, partsOf, readOid } from './der.ts'

/** Attribute types (dotted) and texts of a name, in their order. */
export const nameParts = (name: Der): [type: string, text: string][] =>
  partsOf(name).flatMap((set) =>
    partsOf(set).flatMap((pair): [string, string][] => {
      const [type, value] = partsOf(pair)
      return type && value ? [[readOid(type), textOf(value.bytes)]] : []
    }),
  )
