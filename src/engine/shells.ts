/** Shells of machines, and kubeadm on them; a door of its own, as `rest.ts`, and loaded beside it. */
import { machineShells } from './host/doors.ts'
import { MachineShells } from './host/shells.ts'

export const enableShells = (): void => machineShells.provide((ports) => new MachineShells(ports))
