/** Warnings about Jobs and CronJobs (pkg/api/job). */
import type { JobSpec } from '#api/kinds.ts'
import { hostnameWarning, templateWarnings } from '../pod/warnings.ts'

const MANY = 100_000
const MUCH_AT_ONCE = 10_000
const FAILING = `In Indexed Jobs with a number of completions higher than 10^5 and a parallelism higher than 10^4, Kubernetes might not be able to track completedIndexes when a big number of indexes fail`

/** WarningsForJobSpec; `path` of the spec. */
export function jobWarnings(path: string, { completionMode, completions = 0, parallelism = 0, template }: JobSpec): string[] {
  const large = completionMode === 'Indexed' && completions > MANY && parallelism > MUCH_AT_ONCE
  return [...(large ? [`${path}: ${FAILING}`] : []), ...templateWarnings(`${path}.template`, template)]
}

export const nameWarnings = (name: string): string[] => hostnameWarning(name, 'Pod names and hostnames')
