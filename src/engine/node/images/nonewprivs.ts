/** Kubernetes' own image for who may become root: its program runs as its owner, if it may. */
import { image } from '../image.ts'

export const noNewPrivs = image({
  name: 'nonewprivs',
  sizeMb: 7,
  system: 'alpine',
  command: ['nnp'],
  commands: { nnp: (_argv, host) => ({ out: `Effective uid: ${host.user}\n`, code: 0 }) },
  setuid: ['/usr/local/bin/nnp'],
})
