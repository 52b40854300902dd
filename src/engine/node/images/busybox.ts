/** busybox: a shell and small commands; without a command the shell finds no terminal and ends. */
import { image } from '../image.ts'

export const busybox = image({ name: 'busybox', sizeMb: 2, command: ['sh'], flat: true, memoryMi: () => 1 })
