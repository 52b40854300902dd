/** Where raw block volumes come in; the first scene has none. */
import type { Pod } from '#api/kinds.ts'
import { later } from '../sim/later.ts'
import type { Mounted, VolumeFiles } from './contents.ts'
import type { Volume } from './objects.ts'

/** A volume as a Pod names it, on its node, and all that is kept on volumes. */
export interface RawUse {
  pod: Pod
  name: string
  volume: Volume
  node: string
  files: Map<string, VolumeFiles>
  now: number
}

/** Null: it is a file system, and used as one. */
export const rawVolumes = later<(use: RawUse) => Mounted | null>('raw block volumes')
