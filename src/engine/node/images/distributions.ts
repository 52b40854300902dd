/** Bare distributions and boxes of tools: a shell, nothing that stays. */
import { image } from '../image.ts'

export const debian = image({
  name: 'debian',
  also: ['ubuntu'],
  sizeMb: 48,
  system: 'debian',
  command: ['bash'],
  extras: ['bash', 'apt-get', 'apt', 'getent'],
  memoryMi: () => 1,
})

/** Debian with what one builds programs with: git and curl among it. */
export const buildpackDeps = image({
  name: 'buildpack-deps',
  sizeMb: 120,
  system: 'debian',
  command: ['bash'],
  extras: ['bash', 'apt-get', 'apt', 'getent', 'curl', 'git'],
  memoryMi: () => 1,
})

export const fedora = image({
  name: 'fedora',
  also: ['centos', 'rockylinux', 'almalinux', 'amazonlinux', 'opensuse', 'ubi8', 'ubi9'],
  sizeMb: 70,
  command: ['/bin/bash'],
  extras: ['bash', 'yum', 'dnf', 'curl', 'getent'],
  memoryMi: () => 1,
})

export const tools = image({
  name: 'netshoot',
  also: ['bash', 'dnsutils', 'jessie-dnsutils', 'glibc-dns-testing', 'dnstools', 'kubectl', 'busyboxplus'],
  sizeMb: 90,
  command: ['/bin/sh'],
  extras: ['bash', 'curl', 'dig', 'getent', 'host', 'zsh'],
  memoryMi: () => 1,
})
