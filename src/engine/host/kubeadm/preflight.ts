/** Checks before something is done, and how kubeadm tells of those that failed (cmd/kubeadm/app/preflight). */
import { Stop, type Task } from './task.ts'

export interface Problem {
  /** `Port-10250`. */
  check: string
  words: string
}

/** Those that somebody chose to ignore are warnings. */
export function preflight({ flags, warn }: Pick<Task, 'flags' | 'warn'>, problems: readonly Problem[]): void {
  const ignored = flags.values('ignore-preflight-errors').map((each) => each.toLowerCase())
  const isIgnored = ({ check }: Problem): boolean => ignored.includes('all') || ignored.includes(check.toLowerCase())
  for (const problem of problems) if (isIgnored(problem)) warn(`\t[WARNING ${problem.check}]: ${problem.words}\n`)
  const left = problems.filter((problem) => !isIgnored(problem))
  if (left.length === 0) return
  warn(
    `[preflight] Some fatal errors occurred:\n${left.map(({ check, words }) => `\t[ERROR ${check}]: ${words}\n`).join('')}[preflight] If you know what you are doing, you can make a check non-fatal with \`--ignore-preflight-errors=...\`\n`,
  )
  throw new Stop('preflight checks failed')
}
