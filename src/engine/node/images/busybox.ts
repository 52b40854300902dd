/** busybox: a shell and small commands; without a command the shell finds no terminal and ends. */
import { image } from '../image.ts'

const facts = { sizeMb: 2, command: ['sh'], flat: true, memoryMi: () => 1 }

/** Up to 1.28 `nslookup` answered in another form; pages and lessons of many years name that release for it. */
const old = image({ ...facts, name: 'busybox', programs: { '/bin/nslookup': 'nslookup-1.28' } })

export const busybox = image({ ...facts, name: 'busybox', releases: [{ tags: /^1\.(\d|1\d|2[0-8])(\D|$)/, image: old }] })
