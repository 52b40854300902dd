/** Validation of requests and limits, of containers and of Pods as a whole. */
import { duplicate, forbiddenField, invalid, notFoundField, notSupported, required } from '#api/field-error.ts'
import type { PodSpec, ResourceList, ResourceRequirements } from '#api/kinds.ts'
import { isDns1123Label, isQualifiedName } from '#api/names.ts'
import { aggregate } from '#api/pod-resources.ts'
import { canonicalQuantity, compareQuantities } from '#api/quantity.ts'
import { type Found, flag, NEGATIVE, nanoOf, once } from './checks.ts'

const STANDARD = new Set(
  'cpu memory ephemeral-storage requests.cpu requests.memory requests.ephemeral-storage limits.cpu limits.memory limits.ephemeral-storage pods resourcequotas services replicationcontrollers secrets configmaps persistentvolumeclaims storage requests.storage services.nodeports services.loadbalancers'.split(
    ' ',
  ),
)
const CONTAINER = new Set(['cpu', 'memory', 'ephemeral-storage'])
const INTEGER = new Set(
  'pods resourcequotas services replicationcontrollers secrets configmaps persistentvolumeclaims services.nodeports services.loadbalancers'.split(
    ' ',
  ),
)

export const isHugePages = (name: string): boolean => name.startsWith('hugepages-')
const isNative = (name: string): boolean => !name.includes('/') || name.includes('kubernetes.io/')
/** Resources outside of kubernetes.io: whole numbers, request equal to limit (IsExtendedResourceName). */
export const isExtended = (name: string): boolean =>
  !isNative(name) && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0
const mayOvercommit = (name: string): boolean => isNative(name) && !isHugePages(name)

export function resourceName(found: Found, path: string, name: string): boolean {
  const before = found.length
  flag(found, path, name, isQualifiedName(name))
  const standard = STANDARD.has(name) || isHugePages(name) || name.startsWith('requests.hugepages-')
  if (found.length === before && !name.includes('/') && !standard) {
    found.push(invalid(path, name, 'must be a standard resource type or fully qualified'))
  }
  return found.length === before
}

function containerName(found: Found, path: string, name: string): void {
  resourceName(found, path, name)
  if (!name.includes('/')) {
    if (!CONTAINER.has(name) && !isHugePages(name)) found.push(invalid(path, name, 'must be a standard resource for containers'))
  } else if (!isNative(name) && !isExtended(name)) {
    found.push(invalid(path, name, "doesn't follow extended resource name standard"))
  }
}

const POD_LEVEL = ['cpu', 'hugepages-', 'memory']

function podLevelName(found: Found, path: string, name: string): void {
  if (!resourceName(found, path, name)) return
  if (name !== 'cpu' && name !== 'memory' && !isHugePages(name)) found.push(notSupported(path, name, POD_LEVEL))
}

/** ValidateResourceQuantityValue. */
export function amount(found: Found, path: string, name: string, value: string | number): void {
  const nano = nanoOf(value)
  if (nano < 0n) found.push(invalid(path, canonicalQuantity(value), NEGATIVE))
  if ((INTEGER.has(name) || isExtended(name)) && nano % 1_000_000_000n !== 0n) {
    found.push(invalid(path, canonicalQuantity(value), 'must be an integer'))
  }
}

type CheckName = typeof containerName

function list(found: Found, path: string, resources: ResourceList | undefined, check: CheckName): void {
  for (const name in resources) {
    const value = resources[name] as string
    const at = `${path}[${name}]`
    check(found, at, name)
    amount(found, at, name, value)
    hugePages(found, at, name, value)
  }
}

function hugePages(found: Found, path: string, name: string, value: string): void {
  if (!isHugePages(name)) return
  const size = nanoOf(name.slice('hugepages-'.length))
  const divides = size > 0n && size % 1_000_000_000n === 0n && nanoOf(value) % size === 0n
  if (!divides) {
    const shown = canonicalQuantity(value)
    found.push(invalid(path, shown, `${shown} is not positive integer multiple of ${name}`))
  }
}

function requests(found: Found, path: string, { requests: asked, limits }: ResourceRequirements, check: CheckName): void {
  for (const name in asked) {
    const value = asked[name] as string
    const at = `${path}.requests[${name}]`
    check(found, at, name)
    amount(found, at, name, value)
    const limit = limits?.[name]
    if (limit !== undefined) {
      const order = compareQuantities(value, limit)
      const of = `${name} limit of ${canonicalQuantity(limit)}`
      if (order !== 0 && !mayOvercommit(name)) {
        found.push(invalid(`${path}.requests`, canonicalQuantity(value), `must be equal to ${of}`))
      } else if (order > 0)
        found.push(invalid(`${path}.requests`, canonicalQuantity(value), `must be less than or equal to ${of}`))
    } else if (!mayOvercommit(name)) {
      found.push(required(`${path}.limits`, 'Limit must be set for non overcommitable resources'))
    }
    hugePages(found, at, name, value)
  }
}

function requirements(found: Found, path: string, resources: ResourceRequirements, check: CheckName): void {
  list(found, `${path}.limits`, resources.limits, check)
  requests(found, path, resources, check)
  const names = [...Object.keys(resources.limits ?? {}), ...Object.keys(resources.requests ?? {})]
  if (names.some(isHugePages) && !names.includes('cpu') && !names.includes('memory')) {
    found.push(forbiddenField(path, 'HugePages require cpu or memory'))
  }
}

const alone = once<ResourceRequirements>((found, path, resources) => requirements(found, path, resources, containerName))

export function containerResources(
  found: Found,
  path: string,
  resources: ResourceRequirements | undefined,
  claims: ReadonlySet<string>,
): void {
  if (!resources) return
  alone(found, path, resources)
  if (resources.claims) claimNames(found, `${path}.claims`, resources.claims, claims)
}

/** Claims of a container are among the Pod's, each request of them once. */
function claimNames(
  found: Found,
  path: string,
  claims: NonNullable<ResourceRequirements['claims']>,
  known: ReadonlySet<string>,
): void {
  const seen = new Set<string>()
  for (const [i, { name = '', request = '' }] of claims.entries()) {
    const at = `${path}[${i}]`
    if (name === '') {
      found.push(required(at))
      continue
    }
    if (seen.has(name)) found.push(duplicate(at, name))
    else {
      if (request !== '') flag(found, `${at}.request`, request, isDns1123Label(request))
      const key = request === '' ? name : `${name}/${request}`
      if (seen.has(key)) found.push(duplicate(at, key))
      else if (request === '') for (const other of seen) if (other.startsWith(`${name}/`)) found.push(duplicate(at, name))
      seen.add(key)
    }
    if (!known.has(name)) {
      const which = known.size === 0 ? ' which is empty' : `: ${[...known].sort().join(', ')}`
      const { message, ...error } = notFoundField(at, name)
      found.push({ ...error, message: `${message}: must be one of the names in pod.spec.resourceClaims${which}` })
    }
  }
}

/** Pod-level resources (validatePodResources): known names, and enough for the containers. */
export function podResources(found: Found, path: string, spec: PodSpec, claims: ReadonlySet<string>): void {
  const { resources } = spec
  if (!resources) return
  const at = `${path}.resources`
  if (spec.os?.name === 'windows') {
    found.push(forbiddenField(at, 'may not be set for a windows pod'))
    return
  }
  if (resources.claims) found.push(forbiddenField(`${at}.claims`, 'claims may not be set for Resources at pod-level'))
  requirements(found, at, resources, podLevelName)
  if (resources.claims) claimNames(found, `${at}.claims`, resources.claims, claims)
  sums(found, at, spec, resources)
}

function sums(found: Found, path: string, spec: PodSpec, resources: ResourceRequirements): void {
  const enough = (what: 'requests' | 'limits', relevant: (name: string) => boolean) => {
    const total = aggregate(spec, what)
    for (const name in total) {
      const own = resources[what]?.[name]
      const sum = total[name] as string
      if (own === undefined || !relevant(name) || compareQuantities(sum, own) <= 0) continue
      const why = `must be greater than or equal to aggregate container ${what} of ${canonicalQuantity(sum)}`
      found.push(invalid(`${path}.${what}[${name}]`, canonicalQuantity(own), why))
    }
  }
  enough('requests', () => true)
  enough('limits', isHugePages)
  for (const [i, container] of spec.containers.entries()) {
    for (const name in container.resources?.limits) {
      const own = container.resources.limits[name] as string
      const limit = resources.limits?.[name]
      if (limit === undefined || compareQuantities(own, limit) <= 0) continue
      const why = `must be less than or equal to pod limits of ${canonicalQuantity(limit)}`
      found.push(invalid(`${path}.containers[${i}][${name}].limits`, canonicalQuantity(own), why))
    }
  }
}

/** Overhead is checked like limits. */
export const overhead = once<ResourceList>((found, path, amounts) =>
  requirements(found, path, { limits: amounts }, containerName),
)
