/** Checks of resource names and amounts that quotas, ranges and volumes share (core validation). */
import { invalid } from '#api/field-error.ts'
import { isQualifiedName } from '#api/names.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { type Found, flag, NEGATIVE, nanoOf } from '../pod/checks.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const QUOTA_NAMES = words(
  'cpu memory ephemeral-storage requests.cpu requests.memory requests.storage requests.ephemeral-storage limits.cpu limits.memory limits.ephemeral-storage pods resourcequotas services replicationcontrollers secrets persistentvolumeclaims configmaps services.nodeports services.loadbalancers',
)
const INTEGERS = words(
  'pods resourcequotas services replicationcontrollers secrets configmaps persistentvolumeclaims services.nodeports services.loadbalancers',
)
const CONTAINER_NAMES = words('cpu memory ephemeral-storage')
const UNIT = 1_000_000_000n

const isHugePages = (name: string): boolean => name.startsWith('hugepages-')
const isQuotaHugePages = (name: string): boolean => isHugePages(name) || name.startsWith('requests.hugepages-')
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')

/** What devices bring: counted in whole pieces. */
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0

export const isQuotaName = (name: string): boolean => QUOTA_NAMES.has(name) || isQuotaHugePages(name)

/** More may be promised of it than there is. */
export const mayBeOvercommitted = (name: string): boolean => isNative(name) && !isHugePages(name)

/** Whole units, rounded up, as Quantity.Value gives them. */
export const wholeUnits = (amount: unknown): number => {
  const nano = nanoOf(amount)
  return Number(nano >= 0n ? (nano + UNIT - 1n) / UNIT : nano / UNIT)
}

/** A name that is right at all, and stands in the list when it has no domain; whether it is right. */
function named(found: Found, path: string, name: string, listed: boolean, otherwise: string): boolean {
  const wrong = isQualifiedName(name)
  flag(found, path, name, wrong)
  if (wrong.length > 0) return false
  if (name.includes('/') || listed) return true
  found.push(invalid(path, name, otherwise))
  return false
}

const STANDARD = 'must be a standard resource type or fully qualified'

/** validateResourceName. */
export const resourceName = (found: Found, path: string, name: string): boolean =>
  named(found, path, name, QUOTA_NAMES.has(name) || name === 'storage' || isQuotaHugePages(name), STANDARD)

/** ValidateResourceQuotaResourceName. */
export function quotaResourceName(found: Found, path: string, name: string): void {
  resourceName(found, path, name)
  if (!name.includes('/') && !isQuotaName(name)) {
    found.push(invalid(path, name, 'must be a standard resource for quota'))
  }
}

/** validateContainerResourceName. */
export function containerResourceName(found: Found, path: string, name: string): void {
  resourceName(found, path, name)
  if (!name.includes('/')) {
    if (!CONTAINER_NAMES.has(name) && !isHugePages(name)) {
      found.push(invalid(path, name, 'must be a standard resource for containers'))
    }
  } else if (!isNative(name) && !isExtended(name))
    found.push(invalid(path, name, "doesn't follow extended resource name standard"))
}

/** ValidateResourceQuantityValue. */
export function quantityValue(found: Found, path: string, name: string, amount: string): void {
  const nano = nanoOf(amount)
  if (nano < 0n) found.push(invalid(path, canonicalQuantity(amount), NEGATIVE))
  if ((INTEGERS.has(name) || isExtended(name)) && nano % UNIT !== 0n) {
    found.push(invalid(path, canonicalQuantity(amount), 'must be an integer'))
  }
}
