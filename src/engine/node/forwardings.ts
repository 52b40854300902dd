/** Port-forward's place: the first scene does without it, so a host may load it later. */
import { later } from '../sim/later.ts'
import type { Forwarding } from './forwarding.ts'

export const forwardings = later<typeof Forwarding>('port forwarding')
