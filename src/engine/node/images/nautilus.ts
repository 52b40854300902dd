/** The pictures of Kubernetes' update demo: each version tells which one it shows. */
import { image } from '../image.ts'

const picture = (name: string) =>
  image<null>({
    name,
    sizeMb: 55,
    entrypoint: ['/test-webserver'],
    start: () => null,
    listens: () => [80],
    http({ path }, state) {
      const data = path.split('?')[0] === '/data.json'
      const body = data ? `{\n"image": "${name}.jpg"\n}\n` : '404 page not found\n'
      return [{ status: data ? 200 : 404, body, headers: { 'content-type': data ? 'application/json' : 'text/plain' } }, state]
    },
  })

export const nautilus = picture('nautilus')
export const kitten = picture('kitten')
