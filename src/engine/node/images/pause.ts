/** pause: waits, silently and without a shell. */
import { image } from '../image.ts'

export const pause = image({ name: 'pause', sizeMb: 1, entrypoint: ['/pause'], shell: false, memoryMi: () => 0.5 })
