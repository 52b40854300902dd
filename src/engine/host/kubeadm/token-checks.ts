/** What a bootstrap token may be good for, and for whom (cmd/kubeadm/app/apis/kubeadm/validation). */
import { Stop } from './task.ts'

export const USAGES = ['signing', 'authentication']
const GROUP = /^system:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]$/
const GROUP_PATTERN = '\\Asystem:bootstrappers:[a-z0-9:-]{0,255}[a-z0-9]\\z'

export function checkToken(usages: readonly string[], groups: readonly string[]): void {
  const at = (field: string, value: readonly string[], why: string): string =>
    `bootstrapTokens.0.${field}: Invalid value: ${JSON.stringify(value)}: ${why}`
  const problems: string[] = []
  const unknown = usages.filter((usage) => !USAGES.includes(usage))
  if (unknown.length > 0) {
    const why = `invalid bootstrap token usage string: ${unknown.join(',')}, valid usage options: ${USAGES.join(',')}`
    problems.push(at('usages', usages, why))
  }
  const strange = groups.find((group) => !GROUP.test(group))
  if (groups.length > 0 && !usages.includes('authentication'))
    problems.push(at('groups', groups, 'token groups cannot be specified unless --usages includes "authentication"'))
  else if (strange !== undefined)
    problems.push(at('groups', groups, `bootstrap group ${JSON.stringify(strange)} is invalid (must match ${GROUP_PATTERN})`))
  if (problems.length > 0) throw new Stop(problems.length > 1 ? `[${problems.join(', ')}]` : (problems[0] as string))
}
