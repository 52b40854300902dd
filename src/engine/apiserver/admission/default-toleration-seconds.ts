/** DefaultTolerationSeconds: Pods stay five minutes on a node that is not ready or not to be reached. Runs on updates too. */
import { extend } from '#api/extend.ts'
import type { Pod, Toleration } from '#api/kinds.ts'
import { plugin } from './plugin.ts'

const after = (key: string): Toleration => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 })
const DEFAULTS = [after('node.kubernetes.io/not-ready'), after('node.kubernetes.io/unreachable')]

const covers = (own: Toleration, wanted: Toleration): boolean =>
  (own.key === wanted.key || !own.key) && (own.effect === 'NoExecute' || !own.effect)

const NONE: Toleration[] = []
const known = new WeakMap<Toleration[], Toleration[]>()

/** Remembered per list, for the Pods of one template share it. */
function completed(own: Toleration[]): Toleration[] {
  let all = known.get(own)
  if (!all) {
    const missing = DEFAULTS.filter((wanted) => !own.some((t) => covers(t, wanted)))
    all = missing.length > 0 ? [...own, ...missing] : own
    known.set(own, all)
  }
  return all
}

export const defaultTolerationSeconds = plugin({
  name: 'DefaultTolerationSeconds',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  mutate(pod: Pod, ask) {
    if (ask.subresource !== '') return pod
    const own = pod.spec.tolerations ?? NONE
    const all = completed(own)
    return all === own ? pod : { ...pod, spec: extend(pod.spec, { tolerations: all }) }
  },
})
