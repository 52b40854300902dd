/** Validation of RuntimeClasses (pkg/apis/node/validation). */
import { duplicate, type FieldError, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1123Label } from '#api/names.ts'
import { type Found, flag, labels } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { immutable } from '../pod/validate-replicas.ts'
import { tolerations } from '../pod/validate-scheduling.ts'
import { containerResourceName, quantityValue } from './quantity-checks.ts'

export function validateRuntimeClass(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found = whole(next)
  if (old) immutable(found, 'handler', next['handler'] ?? '', old['handler'])
  return found
}

function whole(next: AnyObject): Found {
  const found: Found = []
  const { handler = '', overhead, scheduling } = next as AnyObject & Record<string, any>
  if (handler === '') found.push(required('handler'))
  else flag(found, 'handler', handler, isDns1123Label(handler))
  for (const name in overhead?.podFixed) {
    const path = `overhead.limits[${name}]`
    containerResourceName(found, path, name)
    quantityValue(found, path, name, overhead.podFixed[name])
  }
  if (!scheduling) return found
  labels(found, 'scheduling.nodeSelector', scheduling.nodeSelector)
  const list = scheduling.tolerations ?? []
  tolerations(found, 'scheduling.tolerations', list)
  const seen = new Set<string>()
  for (const [i, one] of list.entries()) {
    const { key = '', operator = '', value = '', effect = '' } = one
    const same = [key, operator, value, effect].join('|')
    if (seen.has(same)) found.push(duplicate(`scheduling.tolerations[${i}]`, internal('Toleration', one)))
    seen.add(same)
  }
  return found
}
