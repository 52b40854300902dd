/** All controllers of storage. Adding one: its file, and a line here. */
import type { ControllerDeclaration } from '../machinery/controller.ts'
import { binder } from './binder.ts'
import { ephemeralVolumes } from './ephemeral.ts'

export const storageControllers = (): ControllerDeclaration[] => [binder, ephemeralVolumes]
