/** alpine and the other bare distributions: a shell, nothing that stays. */
import { image } from '../image.ts'

export const alpine = image({
  name: 'alpine',
  also: [
    'ubuntu',
    'debian',
    'fedora',
    'centos',
    'rockylinux',
    'amazonlinux',
    'bash',
    'dnsutils',
    'jessie-dnsutils',
    'dnstools',
    'netshoot',
    'kubectl',
  ],
  sizeMb: 4,
  command: ['/bin/sh'],
  memoryMi: () => 1,
})
