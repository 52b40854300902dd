/** A simulated cloud around the cluster: load balancers with addresses from outside. */
import type { Addon } from '../addon.ts'
import { balancers } from './balancers.ts'

export const cloud: Addon = { name: 'cloud', controllers: [balancers] }
