/** All functions that chart templates may call, but for those that need the templates themselves (`include`, `tpl` …). */
import type { GoFunction } from '#gotemplate/index.ts'
import { collections } from './collections.ts'
import { dates } from './dates.ts'
import { hashes } from './hashes.ts'
import { numbers } from './numbers.ts'
import { patterns } from './patterns.ts'
import { strings } from './strings.ts'
import { system } from './system.ts'
import { types } from './types.ts'

export interface Chance {
  now(): number
  random(): number
}

export const functions = ({ now, random }: Chance): Record<string, GoFunction> => ({
  ...strings,
  ...numbers,
  ...collections,
  ...types,
  ...hashes,
  ...patterns,
  ...dates(now),
  ...system(random),
})
