/** IP families of Services on a cluster with IPv4 only (registry/core/service/storage/alloc.go initIPFamilyFields). */

import { equal } from '#api/equal.ts'
import { type FieldError, invalid, invalidObject } from '#api/field-error.ts'
import { familyOf } from '#api/ip.ts'
import type { Service } from '#api/kinds.ts'
import { put } from '../../apiserver/resource.ts'
import { clusterIpErrors } from './service-ip-validation.ts'

type Spec = Service['spec']

const CONFIGURED = ['IPv4']

const refuse = (service: Service, errors: FieldError[]): void => {
  if (errors.length > 0) throw invalidObject('', 'Service', service.metadata.name, errors)
}

/** With family and policy filled in; throws 422 for what this cluster can't do. */
export function withFamilies(service: Service, old: Service | null): Service {
  if (service.spec.type === 'ExternalName' || staysPreferred(service, old)) return service
  const asked = put(service, 'spec', put(service.spec, 'ipFamilyPolicy', policyOf(service.spec, old)))
  refuse(asked, clusterIpErrors(asked.spec, old?.spec ?? null))
  const kept = put(asked, 'spec', old ? downgraded(asked.spec, old.spec) : asked.spec)
  refuse(kept, [...(old ? reductionErrors(kept.spec, old.spec) : []), ...singleErrors(kept.spec)])
  const spec = inferred(kept)
  if (spec.clusterIP === 'None' && !hasSelector(spec)) return put(kept, 'spec', put(spec, 'ipFamilies', anyFamilies(spec)))
  refuse(kept, supportErrors(spec))
  return put(kept, 'spec', spec.ipFamilies?.length ? spec : { ...spec, ipFamilies: ['IPv4'] })
}

const hasSelector = ({ selector }: Spec): boolean => Object.keys(selector ?? {}).length > 0
const same = (a: string[] | undefined, b: string[] | undefined): boolean => equal(a ?? [], b ?? [])
const fewer = (next: string[] = [], old: string[] = []): boolean => next.length > 0 && next.length < old.length

/** Services that merely prefer two families are left as they are, whatever the cluster has become. */
function staysPreferred({ spec }: Service, old: Service | null): boolean {
  return (
    old !== null &&
    spec.ipFamilyPolicy === 'PreferDualStack' &&
    (old.spec.ipFamilyPolicy ?? 'PreferDualStack') === 'PreferDualStack' &&
    old.spec.type === spec.type &&
    ['ClusterIP', 'NodePort', 'LoadBalancer'].includes(spec.type ?? '') &&
    same(spec.clusterIPs, old.spec.clusterIPs) &&
    same(spec.ipFamilies, old.spec.ipFamilies)
  )
}

/** Headless Services without a selector may have endpoints of any family. */
function policyOf(spec: Spec, old: Service | null): string {
  const known = spec.ipFamilyPolicy ?? old?.spec.ipFamilyPolicy
  return known ?? (spec.clusterIP === 'None' && !hasSelector(spec) ? 'RequireDualStack' : 'SingleStack')
}

function downgraded(spec: Spec, old: Spec): Spec {
  if (spec.ipFamilyPolicy !== 'SingleStack') return spec
  const ips = spec.clusterIPs ?? []
  const families = spec.ipFamilies ?? []
  const next = same(ips, old.clusterIPs) && ips.length > 1 ? { ...spec, clusterIPs: ips.slice(0, 1) } : spec
  return same(families, old.ipFamilies) && families.length > 1 ? { ...next, ipFamilies: families.slice(0, 1) } : next
}

function reductionErrors(spec: Spec, old: Spec): FieldError[] {
  if (spec.ipFamilyPolicy === 'SingleStack') return []
  const wrong = (what: string) =>
    invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, `must be 'SingleStack' to release the secondary ${what}`)
  return [
    ...(fewer(spec.clusterIPs, old.clusterIPs) ? [wrong('cluster IP')] : []),
    ...(fewer(spec.ipFamilies, old.ipFamilies) ? [wrong('IP family')] : []),
  ]
}

function singleErrors(spec: Spec): FieldError[] {
  const errors: FieldError[] = []
  const policy = spec.ipFamilyPolicy
  const wrong = (what: string) =>
    errors.push(
      invalid(
        'spec.ipFamilyPolicy',
        policy,
        `must be 'RequireDualStack' or 'PreferDualStack' when multiple ${what} are specified`,
      ),
    )
  if (policy === 'SingleStack' && spec.clusterIPs?.length === 2) wrong('cluster IPs')
  if (policy === 'SingleStack' && spec.ipFamilies?.length === 2) wrong('IP families')
  const ips = spec.clusterIPs ?? []
  for (const [i, ip] of ips.entries()) {
    if (ip === 'None') break
    const family = familyOf(ip) ?? 'unknown'
    if (i >= (spec.ipFamilies?.length ?? 0) && !CONFIGURED.includes(family)) {
      errors.push(invalid(`spec.clusterIPs[${i}]`, ips, `${family} is not configured on this cluster`))
    }
  }
  return errors
}

/** Families that were not named follow from the addresses. */
function inferred({ spec }: Service): Spec {
  const families = [...(spec.ipFamilies ?? [])]
  for (const ip of spec.clusterIPs ?? []) {
    if (ip === 'None') break
    const family = familyOf(ip)
    if (family && families.length < (spec.clusterIPs ?? []).indexOf(ip) + 1) families.push(family)
  }
  return same(families, spec.ipFamilies) ? spec : { ...spec, ipFamilies: families }
}

function anyFamilies(spec: Spec): string[] {
  const families = spec.ipFamilies?.length ? spec.ipFamilies : ['IPv4']
  if (families.length > 1 || spec.ipFamilyPolicy === 'SingleStack') return families
  return [...families, families[0] === 'IPv4' ? 'IPv6' : 'IPv4']
}

const supportErrors = (spec: Spec): FieldError[] => [
  ...(spec.ipFamilyPolicy === 'RequireDualStack'
    ? [invalid('spec.ipFamilyPolicy', spec.ipFamilyPolicy, 'this cluster is not configured for dual-stack services')]
    : []),
  ...(spec.ipFamilies ?? []).flatMap((family, i) =>
    CONFIGURED.includes(family) ? [] : [invalid(`spec.ipFamilies[${i}]`, family, 'not configured on this cluster')],
  ),
]
