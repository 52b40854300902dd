/** The pictures of Kubernetes' update demo: agnhost's web server, with a picture and a word on which one it is. */
import type { Image } from '../image.ts'
import { agnhost } from './agnhost.ts'

const picture = (name: string): Image => ({
  ...agnhost,
  name,
  also: [],
  sizeMb: 55,
  command: ['test-webserver'],
  files: { ...agnhost.files, '/data.json': `{\n  "image": "${name}.jpg"\n}\n`, [`/${name}.jpg`]: `a picture: ${name}\n` },
})

export const nautilus = picture('nautilus')
export const kitten = picture('kitten')
