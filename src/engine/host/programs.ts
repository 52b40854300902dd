/** What only a machine has: its package manager, its services, and kubeadm. */
import type { Program } from '#posix/program.ts'
import { kubeadmProgram } from './kubeadm/program.ts'
import { packagePrograms } from './packages.ts'
import type { Host } from './ports.ts'
import { servicePrograms } from './services.ts'

const init: Program = { name: 'init', run: (sys) => sys.forever() }

/** There is nobody but root here: who asks for more gets what he has. */
const sudo: Program = {
  name: 'sudo',
  run(sys) {
    if (sys.args.length === 0) {
      sys.err('usage: sudo command [arg ...]\n')
      return 1
    }
    return sys.exec(sys.args, (name) => sys.err(`sudo: ${name}: command not found\n`)) === undefined ? undefined : 1
  },
}

export const machinePrograms = (host: Host): Record<string, Program> => ({
  init,
  sudo,
  ...packagePrograms(host),
  ...servicePrograms(host),
  kubeadm: kubeadmProgram(host),
})
