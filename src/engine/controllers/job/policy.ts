/** Which failures end a Job, count, or don't, and which successes are enough (pod_failure_policy.go, success_policy.go). */
import type { ContainerStatus, Job, Pod, PodFailurePolicyRule } from '#api/kinds.ts'
import { parseIndexes } from './indexes.ts'

export interface Verdict {
  action: string
  /** The failure counts towards the limits. */
  counts: boolean
  /** Set when the whole Job fails by it. */
  message?: string
}

/** What the policy says of a failed Pod; null when no rule matches: then the failure simply counts. */
export function judgeFailure(job: Job, pod: Pod): Verdict | null {
  for (const [index, rule] of (job.spec.podFailurePolicy?.rules ?? []).entries()) {
    const why = matchRule(rule, pod)
    if (why === null) continue
    const { action } = rule
    if (action === 'FailJob') return { action, counts: true, message: `${why} matching FailJob rule at index ${index}` }
    return { action, counts: action !== 'Ignore' }
  }
  return null
}

export const failureCounts = (job: Job, pod: Pod): boolean => judgeFailure(job, pod)?.counts ?? true

function matchRule({ onExitCodes, onPodConditions }: PodFailurePolicyRule, { metadata, status }: Pod): string | null {
  const where = `${metadata.namespace}/${metadata.name}`
  if (onExitCodes) {
    const { containerName, operator, values } = onExitCodes
    const matches = ({ name, state }: ContainerStatus): boolean => {
      const code = state?.terminated?.exitCode ?? 0
      return (containerName ?? name) === name && code !== 0 && values.includes(code) === (operator === 'In')
    }
    const found = status?.containerStatuses?.find(matches) ?? status?.initContainerStatuses?.find(matches)
    return found ? `Container ${found.name} for pod ${where} failed with exit code ${found.state?.terminated?.exitCode}` : null
  }
  const found = status?.conditions?.find((condition) =>
    onPodConditions?.some(({ type, status: wanted = 'True' }) => type === condition.type && wanted === condition.status),
  )
  return found ? `Pod ${where} has condition ${found.type}` : null
}

/** The words of the rule of the success policy that is met, if one is. */
export function successMet(job: Job, succeeded: ReadonlySet<number>): string | null {
  if (succeeded.size === 0) return null
  for (const [index, { succeededIndexes, succeededCount }] of (job.spec.successPolicy?.rules ?? []).entries()) {
    const required = succeededIndexes === undefined ? null : parseIndexes(succeededIndexes, job.spec.completions ?? 0)
    if (required?.size === 0) continue
    const have = required ? [...required].filter((each) => succeeded.has(each)).length : succeeded.size
    if (have === required?.size || (succeededCount !== undefined && have >= succeededCount))
      return `Matched rules at index ${index}`
  }
  return null
}
