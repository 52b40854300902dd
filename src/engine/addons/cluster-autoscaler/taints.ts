/** The taints by which the autoscaler marks nodes (utils/taints). */
import type { Node, Taint } from '#api/kinds.ts'
import { ApiError } from '#api/status.ts'
import type { Run } from './run.ts'

export const TO_BE_DELETED = 'ToBeDeletedByClusterAutoscaler'
export const CANDIDATE = 'DeletionCandidateOfClusterAutoscaler'

/** Taints that say how a node is just now, or that it is not ready yet. */
const PASSING =
  /^(?:node\.kubernetes\.io\/(?:not-ready|unreachable|unschedulable|memory-pressure|disk-pressure|network-unavailable|pid-pressure)|node\.cloudprovider\.kubernetes\.io\/(?:uninitialized|shutdown))$/
const STARTUP = /^(?:ignore|startup|status)-taint\.cluster-autoscaler\.kubernetes\.io\//

export const withoutOwnTaints = (taints: readonly Taint[] = []): Taint[] =>
  taints.filter(({ key }) => key !== TO_BE_DELETED && key !== CANDIDATE && !PASSING.test(key) && !STARTUP.test(key))

export const hasTaint = ({ spec }: Node, key: string): boolean => spec.taints?.some((taint) => taint.key === key) ?? false

/** Null when done, else what the API server said. */
function update(node: Node, run: Run, because: string): string | null {
  try {
    run.context.api.update('nodes', node, { because })
    return null
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return error.message
  }
}

/** The newest version: what the watch brings may be late. */
function fresh(name: string, run: Run): Node | null {
  try {
    return run.context.api.get<Node>('nodes', '', name)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return null
  }
}

export function addTaint(name: string, key: string, effect: Taint['effect'], run: Run, cordon = false): string | null {
  const node = fresh(name, run)
  if (!node) return `failed to get node ${name}: nodes "${name}" not found`
  if (hasTaint(node, key)) return null
  const taint: Taint = { key, value: String(Math.floor(run.now / 1000)), effect }
  const spec = { ...node.spec, taints: [...(node.spec.taints ?? []), taint], ...(cordon ? { unschedulable: true } : {}) }
  const wrong = update({ ...node, spec }, run, key === CANDIDATE ? 'it is hardly used' : 'it is to be removed')
  if (wrong === null) run.log(1, 'taints.go:241', `Successfully added ${key} on node ${name}`)
  else run.log(0, 'taints.go:238', `Error while adding ${key} taints on node ${name}: ${wrong}`, 'W')
  return wrong
}

export function removeTaint(name: string, key: string, run: Run, cordon = false): void {
  const node = fresh(name, run)
  if (!node || !hasTaint(node, key)) return
  const taints = node.spec.taints?.filter((taint) => taint.key !== key)
  const { unschedulable, ...rest } = node.spec
  const spec = { ...rest, taints, ...(unschedulable && !cordon ? { unschedulable } : {}) } as Node['spec']
  const wrong = update({ ...node, spec }, run, key === CANDIDATE ? 'it is needed again' : 'it stays')
  if (wrong === null) run.log(1, 'taints.go:376', `Successfully released ${key} on node ${name}`)
  else run.log(0, 'taints.go:373', `Error while releasing ${key} taints on node ${name}: ${wrong}`, 'W')
}
