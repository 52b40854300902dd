/** What an exam came to, from the verdicts of its checks. */
import type { Lesson } from './lesson.ts'
import type { RunState } from './run.ts'

export interface TaskScore {
  id: string
  /** Of these at most. */
  weight: number
  points: number
}

export interface Score {
  tasks: readonly TaskScore[]
  /** Of a hundred. */
  percent: number
  passed: boolean
}

/** As in the exams of the Cloud Native Computing Foundation. */
export const PASS_PERCENT = 66

/** Each goal of a task counts alike; what was done in part counts in part. */
export function scoreOf({ steps }: Pick<Lesson, 'steps'>, run: Pick<RunState, 'steps'>): Score {
  const tasks = steps.map(({ id, weight = 1 }, i): TaskScore => {
    const verdicts = Object.values(run.steps[i]?.goals ?? {})
    const met = verdicts.filter((verdict) => verdict === 'met').length
    return { id, weight, points: verdicts.length > 0 ? (weight * met) / verdicts.length : 0 }
  })
  const sum = (part: 'weight' | 'points'): number => tasks.reduce((all, task) => all + task[part], 0)
  const percent = Math.round((100 * sum('points')) / Math.max(1, sum('weight')))
  return { tasks, percent, passed: percent >= PASS_PERCENT }
}
