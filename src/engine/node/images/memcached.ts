/** memcached: a cache on port 11211. */
import { image } from '../image.ts'

export const memcached = image({
  name: 'memcached',
  sizeMb: 32,
  system: 'debian',
  extras: ['bash', 'getent'],
  entrypoint: ['docker-entrypoint.sh'],
  command: ['memcached'],
  listens: () => [11211],
})
