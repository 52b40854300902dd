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

export const isSystem = (base: string): base is System => Object.hasOwn(SYSTEMS, base)

/** `nginx:1.27` lies on Debian, `nginx:1.27-alpine` on Alpine. */
export const systemOf = (name: ImageName, { system }: Image): System | undefined =>
  /(?:^|-)alpine/.test(name.tag) ? 'alpine' : system

/** `build`: how often the system below has been mended; what is the image's own stays as it was. */
export function layersOf(name: ImageName, image: Image, build = 0): Layer[] {
  const below = systemOf(name, image)
  const shared = below ? Math.min(SYSTEMS[below], image.sizeMb) : 0
  const own = { id: name.full, mb: image.sizeMb - shared }
  return below ? [{ id: build === 0 ? below : `${below} ${build}`, mb: shared }, own] : [own]
}
