/** The shell VM's place: containers of plain servers run without it, so a host may load it later. */
import { later } from '../sim/later.ts'
import type { ContainerKernel } from './container-kernel.ts'

export const kernels = later<typeof ContainerKernel>('shell VM')
