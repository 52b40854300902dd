/** `3` or `25%` of a total (apimachinery intstr.GetScaledValueFromIntOrPercent). */
import type { IntOrString } from '#api/kinds.ts'

export function scaled(value: IntOrString | undefined, total: number, roundUp: boolean): number {
  if (typeof value === 'number') return value
  const percent = /^(\d+)%$/.exec(value ?? '')
  if (!percent) return 0
  const share = (Number(percent[1]) * total) / 100
  return roundUp ? Math.ceil(share) : Math.floor(share)
}
