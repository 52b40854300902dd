/** The place of static pods in a kubelet: what they do comes with the rest of the engine. */
import { later } from '../sim/later.ts'
import type { StaticPods } from './static-pods.ts'

/** Marks the pods in the API that only show a machine's static ones. */
export const MIRROR = 'kubernetes.io/config.mirror'

export const staticPods = later<typeof StaticPods>('static pods')
