/** The place of static pods in a kubelet: what they do comes with the rest of the engine. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { later } from '../sim/later.ts'
import type { StaticPods } from './static-pods.ts'

/** Marks the pods in the API that only show a machine's static ones. */
export const MIRROR = 'kubernetes.io/config.mirror'

/** Where a kubelet looks for them (staticPodPath). */
export const MANIFESTS = '/etc/kubernetes/manifests'

/** Reads a manifest's text, YAML or JSON; null: it is none. */
export const readManifest = later<(text: string) => AnyObject | null>('reader of manifests')

/** The defaults of a Pod, as the API server fills them in: for one that has to start while nobody serves. */
export const podDefaults = later<(pod: Pod) => Pod>('defaults of pods')

export const staticPods = later<typeof StaticPods>('static pods')
