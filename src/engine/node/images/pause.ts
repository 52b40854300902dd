/** pause: waits, silently and without a shell; asked for its version it says it and ends. */
import { image } from '../image.ts'

export const pause = image({
  name: 'pause',
  sizeMb: 1,
  entrypoint: ['/pause'],
  shell: false,
  memoryMi: () => 0.5,
  start(host) {
    if (!host.argv.some((word) => word.toLowerCase() === '-v')) return
    host.out(`pause.c v${host.tag}\n`)
    host.exit(0)
  },
})
