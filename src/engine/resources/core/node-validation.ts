/** Validation of Nodes (ValidateNode, ValidateNodeUpdate). */
import { duplicate, type FieldError, forbiddenField, invalid } from '#api/field-error.ts'
import { cidrWarnings, legacyCidrErrors } from '#api/ip.ts'
import type { Node, ResourceList, Taint } from '#api/kinds.ts'
import { isLabelValue, isQualifiedName } from '#api/names.ts'
import { type Found, flag, isDualStack } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { amount } from '../pod/validate-resources.ts'
import { effect } from '../pod/validate-scheduling.ts'

/** The path is the real one's: `metadata.taints`. */
function taints(found: Found, list: Taint[] | undefined): void {
  const seen = new Set<string>()
  for (const [i, taint] of (list ?? []).entries()) {
    const path = `metadata.taints[${i}]`
    const { key = '', value = '' } = taint
    flag(found, `${path}.key`, key, isQualifiedName(key))
    const wrong = isLabelValue(value)
    if (wrong.length > 0) found.push(invalid(`${path}.value`, value, wrong.join(';')))
    effect(found, `${path}.effect`, taint.effect, false)
    const pair = `${key} ${taint.effect}`
    if (seen.has(pair)) {
      const error = duplicate(path, internal('Taint', taint))
      found.push({ ...error, message: `${error.message}: taints must be unique by key and effect pair` })
    }
    seen.add(pair)
  }
}

function amounts(found: Found, path: string, list: ResourceList | undefined): void {
  for (const name in list) amount(found, `${path}.${name}`, name, list[name] as string)
}

function podCidrs(found: Found, list: string[] | undefined): void {
  if (!list) return
  for (const [i, text] of list.entries()) found.push(...legacyCidrErrors(`spec.podCIDRs[${i}]`, text))
  if (list.length > 1 && (list.length > 2 || !isDualStack(list))) {
    found.push(invalid('spec.podCIDRs', list, 'may specify no more than one CIDR for each IP family'))
  }
}

function declaredFeatures(found: Found, list: string[] | undefined): void {
  for (const [i, feature] of (list ?? []).entries()) {
    const path = `status.declaredFeatures[${i}]`
    if (feature.length > 253) {
      found.push(invalid(path, feature, `invalid feature name "${feature}": must be no more than 253 characters`))
    } else if (!/^[A-Z][a-zA-Z0-9]*(\/[a-zA-Z][a-zA-Z0-9]*)*$/.test(feature)) {
      const rule =
        "must start with an UpperCamelCase segment, with subsequent segments separated by '/' (e.g., MyFeature or MyFeature/mySubFeature), and contain only alphanumeric characters and slashes"
      found.push(invalid(path, feature, `invalid feature name "${feature}": ${rule}`))
    }
    const next = list?.[i + 1]
    if (next === undefined) continue
    if (next === feature) found.push(duplicate(`status.declaredFeatures[${i + 1}]`, next))
    else if (feature > next) found.push(invalid(`status.declaredFeatures[${i + 1}]`, next, 'list must be sorted alphabetically'))
  }
}

function status(found: Found, { status: now }: Node): void {
  amounts(found, 'status.capacity', now?.capacity)
  amounts(found, 'status.allocatable', now?.allocatable)
}

export function validateNode(node: Node, old: Node | null): FieldError[] {
  const found: Found = []
  taints(found, node.spec.taints)
  status(found, node)
  const swap = (node.status?.nodeInfo?.['swap'] as { capacity?: number } | undefined)?.capacity
  if (swap !== undefined && swap <= 0) found.push(invalid('metadata.nodeSwapStatus.capacity', swap, 'must be greater than zero'))
  declaredFeatures(found, node.status?.['declaredFeatures'] as string[] | undefined)
  podCidrs(found, node.spec.podCIDRs)
  if (old) update(found, node, old)
  return found
}

function update(found: Found, node: Node, old: Node): void {
  status(found, node)
  declaredFeatures(found, node.status?.['declaredFeatures'] as string[] | undefined)
  const seen = new Set<string>()
  for (const [i, address] of (node.status?.addresses ?? []).entries()) {
    const key = `${address.type} ${address.address}`
    if (seen.has(key)) found.push(duplicate(`status.addresses[${i}]`, internal('NodeAddress', address)))
    seen.add(key)
  }
  const before = old.spec.podCIDRs ?? []
  const after = node.spec.podCIDRs ?? []
  const changed = before.length !== after.length ? 1 : before.filter((text, i) => text !== after[i]).length
  for (let i = 0; i < (before.length > 0 ? changed : 0); i++) {
    found.push(forbiddenField('spec.podCIDRs', 'node updates may not change podCIDR except from "" to valid'))
  }
  if (old.spec.providerID && old.spec.providerID !== node.spec.providerID) {
    found.push(forbiddenField('spec.providerID', 'node updates may not change providerID except from "" to valid'))
  }
  taints(found, node.spec.taints)
}

export function validateNodeStatus(node: Node, old: Node): FieldError[] {
  const found: Found = []
  update(found, node, old)
  return found
}

export function nodeWarnings(node: Node): string[] {
  const spec = node.spec as Node['spec'] & { configSource?: unknown; externalID?: string }
  const warnings: string[] = []
  if (spec.configSource) warnings.push('spec.configSource: the feature is removed')
  if (spec.externalID) warnings.push('spec.externalID: this field is deprecated, and is unused by Kubernetes')
  for (const [i, text] of (spec.podCIDRs ?? []).entries()) warnings.push(...cidrWarnings(`spec.podCIDRs[${i}]`, text))
  return warnings
}
