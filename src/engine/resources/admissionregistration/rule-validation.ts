/** What is wrong with rules and with what a policy is about: groups, versions, resources, operations, selectors. */
import { duplicate, invalid, notSupported, required } from '#api/field-error.ts'
import { isPathSegment } from '#api/names.ts'
import { validateLabelSelector } from '../../apiserver/metadata/selector.ts'
import type { MatchResources, Rule } from '../../apiserver/policy/matching.ts'
import type { Found } from '../pod/checks.ts'

const OPERATIONS = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']
const MUTATING = ['*', 'CONNECT', 'CREATE', 'UPDATE']
const SCOPES = ['*', 'Cluster', 'Namespaced']
export const MATCH_POLICIES = ['Equivalent', 'Exact']

function alone(found: Found, path: string, list: string[], what: string): void {
  if (list.length > 1 && list.includes('*')) found.push(invalid(path, list, `if '*' is present, must not specify other ${what}`))
}

function resources(found: Found, path: string, list: string[]): void {
  if (list.length === 0) found.push(required(path))
  const anySub = new Set<string>()
  const anyResource = new Set<string>()
  let plain = false
  for (const [i, text] of list.entries()) {
    const at = `${path}[${i}]`
    if (text === '') {
      found.push(required(at))
      continue
    }
    const cut = text.indexOf('/')
    if (cut < 0) {
      plain = text !== '*'
      continue
    }
    const [name, sub] = [text.slice(0, cut), text.slice(cut + 1)]
    if (anySub.has(name)) found.push(invalid(at, text, `if '${name}/*' is present, must not specify ${text}`))
    if (anyResource.has(sub)) found.push(invalid(at, text, `if '*/${sub}' is present, must not specify ${text}`))
    if (sub === '*') anySub.add(name)
    if (name === '*') anyResource.add(sub)
  }
  if (list.length > 1 && list.includes('*/*'))
    found.push(invalid(path, list, "if '*/*' is present, must not specify other resources"))
  if (list.includes('*') && plain) {
    found.push(invalid(path, list, "if '*' is present, must not specify other resources without subresources"))
  }
}

export function rule(found: Found, path: string, given: Rule): void {
  const { operations = [], apiGroups = [], apiVersions = [], scope } = given
  if (operations.length === 0) found.push(required(`${path}.operations`))
  alone(found, `${path}.operations`, operations, 'operations')
  for (const [i, one] of operations.entries()) {
    if (!OPERATIONS.includes(one)) found.push(notSupported(`${path}.operations[${i}]`, one, OPERATIONS))
  }
  if (apiGroups.length === 0) found.push(required(`${path}.apiGroups`))
  alone(found, `${path}.apiGroups`, apiGroups, 'API groups')
  if (apiVersions.length === 0) found.push(required(`${path}.apiVersions`))
  alone(found, `${path}.apiVersions`, apiVersions, 'API versions')
  for (const [i, one] of apiVersions.entries()) if (one === '') found.push(required(`${path}.apiVersions[${i}]`))
  resources(found, `${path}.resources`, given.resources ?? [])
  if (scope !== undefined && !SCOPES.includes(scope)) found.push(notSupported(`${path}.scope`, scope, SCOPES))
}

function namedRule(found: Found, path: string, given: Rule): void {
  const names = given.resourceNames ?? []
  for (const [i, name] of names.entries()) {
    const at = `${path}.resourceNames[${i}]`
    for (const wrong of isPathSegment(name)) found.push(invalid(at, name, wrong))
    if (names.indexOf(name) < i) found.push(duplicate(at, name))
  }
  rule(found, path, given)
}

export function matchResources(found: Found, path: string, given: MatchResources | undefined): void {
  if (!given) return
  const { matchPolicy, namespaceSelector, objectSelector, resourceRules = [], excludeResourceRules = [] } = given
  if (matchPolicy === undefined) found.push(required(`${path}.matchPolicy`))
  else if (!MATCH_POLICIES.includes(matchPolicy)) found.push(notSupported(`${path}.matchPolicy`, matchPolicy, MATCH_POLICIES))
  found.push(...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`))
  found.push(...validateLabelSelector(objectSelector, `${path}.objectSelector`))
  for (const [i, one] of resourceRules.entries()) namedRule(found, `${path}.resourceRules[${i}]`, one)
  for (const [i, one] of excludeResourceRules.entries()) namedRule(found, `${path}.excludeResourceRules[${i}]`, one)
}

/** Objects that go can't be changed. */
export function mutatingOperations(found: Found, path: string, given: MatchResources | undefined): void {
  for (const { operations = [] } of given?.resourceRules ?? []) {
    for (const one of operations) {
      if (!MUTATING.includes(one)) found.push(notSupported(`${path}.resourceRules.operations`, one, MUTATING))
    }
  }
}
