/** What an image's name stands for: those of the first scene are at hand, the others come with the rest of the engine. */
import { later } from '../../sim/later.ts'
import type { Image } from '../image.ts'
import { type ImageName, shortName } from '../image-name.ts'
import { anyServer } from './any-server.ts'
import { coredns } from './coredns.ts'
import { nginx } from './nginx/index.ts'

export const moreImages = later<readonly Image[]>('images')

const byName = new Map<string, Image>()

function know(images: readonly Image[]): void {
  for (const known of images) for (const name of [known.name, ...(known.also ?? [])]) byName.set(name, known)
}
know([coredns, nginx])
moreImages.when(know)

/** What an image holds; by its whole repository, else by the last part of it, wherever it is kept; any other name is `anyServer`. */
export function imageFor(name: ImageName): Image {
  const short = byName.get(shortName(name))
  const foreign =
    short?.owner !== undefined && name.registry === 'docker.io' && name.repository !== `${short.owner}/${short.name}`
  const known = byName.get(`${name.registry}/${name.repository}`) ?? (foreign ? undefined : short) ?? anyServer
  return known.releases?.find(({ tags }) => tags.test(name.tag))?.image ?? known
}
