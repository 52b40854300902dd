/** What an image is made of: the system below it, whose layers it shares with others, and what is its own. */
import type { Image } from './image.ts'
import type { ImageName } from './image-name.ts'

/** Compressed, MB. */
const SYSTEMS = { alpine: 3.8, debian: 28 } as const

export type System = keyof typeof SYSTEMS

export interface Layer {
  id: string
  mb: number
}

/** `nginx:1.27` lies on Debian, `nginx:1.27-alpine` on Alpine. */
export function layersOf(name: ImageName, { sizeMb, system }: Image): Layer[] {
  const below = /(?:^|-)alpine/.test(name.tag) ? 'alpine' : system
  const shared = below ? Math.min(SYSTEMS[below], sizeMb) : 0
  const own = { id: name.full, mb: sizeMb - shared }
  return below ? [{ id: below, mb: shared }, own] : [own]
}
