/** The Targets column of an autoscaler: what is measured over what is wanted (formatHPAMetrics). */
import type { AnyObject } from '#api/meta.ts'

type Fields = Record<string, any>

const SHOWN = 2
const SOURCES: Record<string, string> = {
  External: 'external',
  Pods: 'pods',
  Object: 'object',
  Resource: 'resource',
  ContainerResource: 'containerResource',
}

export function targets({ spec, status }: AnyObject): string {
  const metrics: Fields[] = spec?.metrics ?? []
  if (metrics.length === 0) return '<none>'
  const texts = metrics.map((metric, i) => text(metric, status?.currentMetrics?.[i]))
  const shown = texts.slice(0, SHOWN).join(', ')
  return texts.length > SHOWN ? `${shown} + ${texts.length - SHOWN} more...` : shown
}

function text(metric: Fields, now: Fields | undefined): string {
  const kind = SOURCES[metric['type']]
  if (!kind) return '<unknown type>'
  const { name, target } = metric[kind] ?? {}
  const current: Fields | undefined = now?.[kind]?.current
  if (kind === 'resource' || kind === 'containerResource') {
    const amount = target?.averageValue !== undefined
    const percent = (value: number | undefined, none: string) => (value === undefined ? none : `${value}%`)
    const is = amount ? (current?.['averageValue'] ?? '<unknown>') : percent(current?.['averageUtilization'], '<unknown>')
    const wanted = amount ? target.averageValue : percent(target?.averageUtilization, '<auto>')
    return `${name}: ${is}/${wanted}`
  }
  if (kind === 'pods') return `${current?.['averageValue'] ?? '<unknown>'}/${target?.averageValue}`
  if (target?.averageValue !== undefined) return `${current?.['averageValue'] ?? '<unknown>'}/${target.averageValue} (avg)`
  return `${current?.['value'] ?? '<unknown>'}/${target?.value}`
}
