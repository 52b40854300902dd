/** What environment variables that refer to the Pod's own fields and resources would hold. */
import type { Container, Pod } from '#api/kinds.ts'
import { milliOf, wholeOf } from '#api/quantity.ts'
import { byFirst } from './page.ts'

/** fieldpath.ExtractFieldPathAsString: whole fields of the metadata only; what else there is stays empty, as in kubectl. */
export function fieldValue({ metadata }: Pod, path: string): string {
  switch (path) {
    case 'metadata.name':
      return metadata.name
    case 'metadata.namespace':
      return metadata.namespace ?? ''
    case 'metadata.uid':
      return metadata.uid ?? ''
    case 'metadata.labels':
    case 'metadata.annotations':
      return Object.entries(metadata[path.slice(9) as 'labels' | 'annotations'] ?? {})
        .sort(byFirst)
        .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
        .join('\n')
    default:
      return ''
  }
}

/** In units of the divisor, rounded up; `node allocatable` where there is no limit. */
export function resourceValue(
  { resources }: Container,
  { resource, divisor }: { resource: string; divisor?: string | number },
): string {
  const [kind, ...rest] = resource.split('.')
  if (kind !== 'limits' && kind !== 'requests') return ''
  const name = rest.join('.')
  const amount = resources?.[kind]?.[name]
  const unit = divisor === undefined || wholeOf(divisor) === 0 ? '1' : divisor
  const value =
    amount === undefined
      ? 0
      : name === 'cpu'
        ? Math.ceil(milliOf(amount) / milliOf(unit))
        : Math.ceil(wholeOf(amount) / wholeOf(unit))
  return value === 0 && (resource === 'limits.cpu' || resource === 'limits.memory') ? 'node allocatable' : String(value)
}
