/** All controllers of storage. Adding one: its file, and a line here. */
import type { ControllerDeclaration } from '../machinery/controller.ts'
import { attachDetach } from './attach.ts'
import { attributesProtection } from './attributes-protection.ts'
import { binder } from './binder.ts'
import { ephemeralVolumes } from './ephemeral.ts'
import { expand } from './expand.ts'

export const storageControllers = (): ControllerDeclaration[] => [
  binder,
  ephemeralVolumes,
  expand,
  attachDetach,
  attributesProtection,
]

export { Contents, type VolumeContents } from './contents.ts'
export { type Place, type Provisioner, provisioner } from './provisioner.ts'
