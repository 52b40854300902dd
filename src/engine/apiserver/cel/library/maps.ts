/** What the macros that make maps are made of. */
import { type Library, overload } from '../declare.ts'

const elsewhere = (): never => {
  throw new Error('inserted by the evaluator')
}

export const maps: Library = {
  overloads: [
    overload('cel.@mapInsert', '@mapInsert_map_key_value', '(map(K, V), K, V): map(K, V)', elsewhere),
    overload('cel.@mapInsert', '@mapInsert_map_map', '(map(K, V), map(K, V)): map(K, V)', elsewhere),
  ],
}
