/** alpine: busybox and a package manager; nothing that stays. */
import { image } from '../image.ts'
import { alpineFiles } from './releases.ts'

export const alpine = image({
  name: 'alpine',
  sizeMb: 4,
  system: 'alpine',
  command: ['/bin/sh'],
  extras: ['apk', 'getent'],
  files: alpineFiles,
  memoryMi: () => 1,
})
