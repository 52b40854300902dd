/** Validation of webhook configurations. */

import { equal } from '#api/equal.ts'
import { duplicate, type FieldError, invalid, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1035Label, isDns1123Subdomain, isPortNumber } from '#api/names.ts'
import { validateLabelSelector } from '../../apiserver/metadata/selector.ts'
import type { Webhook } from '../../apiserver/webhook/hook.ts'
import type { ClientConfig } from '../../apiserver/webhook/port.ts'
import type { Found } from '../pod/checks.ts'
import { matchConditions } from './condition-validation.ts'
import { FAILURE_POLICIES, REINVOCATION_POLICIES } from './policy-validation.ts'
import { MATCH_POLICIES, rule } from './rule-validation.ts'

const VERSIONS = ['v1', 'v1beta1']
const NO_EFFECTS = ['None', 'NoneOnDryRun']
const ANY_EFFECTS = ['None', 'NoneOnDryRun', 'Some', 'Unknown']
const FORM = '; desired format: https://host[/path]'

function qualifiedName(found: Found, path: string, name: string): void {
  if (name === '') {
    found.push(required(path))
    return
  }
  const wrong = isDns1123Subdomain(name)
  for (const why of wrong) found.push(invalid(path, name, why))
  if (wrong.length === 0 && name.split('.').length < 3) {
    found.push(invalid(path, name, 'should be a domain with at least three segments separated by dots'))
  }
}

/** ValidateWebhookURL; also of conversion webhooks. */
export function webhookUrl(found: Found, path: string, url: string): void {
  const parts = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^/?#]*)@)?([^/?#]*))?[^?#]*(?:\?([^#]*))?(?:#(.*))?$/.exec(url)
  const [scheme = '', user, host = '', query = '', fragment = ''] = parts?.slice(1) ?? []
  if (scheme !== 'https') found.push(invalid(path, scheme, `'https' is the only allowed URL scheme${FORM}`))
  if (host === '') found.push(invalid(path, host, `host must be specified${FORM}`))
  if (user !== undefined) found.push(invalid(path, user, 'user information is not permitted in the URL'))
  if (fragment !== '') found.push(invalid(path, fragment, 'fragments are not permitted in the URL'))
  if (query !== '') found.push(invalid(path, query, 'query parameters are not permitted in the URL'))
}

/** ValidateWebhookService; also of conversion webhooks. */
export function webhookService(found: Found, path: string, service: NonNullable<ClientConfig['service']>): void {
  const { name = '', namespace = '', port = 443, path: at } = service
  // Kubernetes hands the two over in the wrong order: each is missed under the other's name.
  if (namespace === '') found.push(required(`${path}.name`))
  if (name === '') found.push(required(`${path}.namespace`))
  const wrong = isPortNumber(port)
  if (wrong.length > 0) found.push(invalid(`${path}.port`, port, `port is not valid: ${wrong.join(', ')}`))
  if (at === undefined || at === '' || at === '/') return
  const say = (why: string) => void found.push(invalid(`${path}.path`, at, why))
  if (at === '//') return say('segment[0] may not be empty')
  if (!at.startsWith('/')) say("must start with a '/'")
  for (const [i, step] of at.slice(1).replace(/\/$/, '').split('/').entries()) {
    if (step === '') say(`segment[${i}] may not be empty`)
    else for (const why of isDns1123Subdomain(step)) say(`segment[${i}]: ${why}`)
  }
}

export function clientConfig(found: Found, path: string, { url, service }: ClientConfig): void {
  if ((url === undefined) === (service === undefined)) found.push(required(path, 'exactly one of url or service is required'))
  else if (url !== undefined) webhookUrl(found, `${path}.url`, url)
  else if (service) webhookService(found, `${path}.service`, service)
}

function reviewVersions(found: Found, path: string, versions: readonly string[], recognized: boolean): void {
  if (versions.length === 0) {
    found.push(required(path, `must specify one of ${VERSIONS.join(', ')}`))
    return
  }
  for (const [i, version] of versions.entries()) {
    const at = `${path}[${i}]`
    if (versions.indexOf(version) < i) found.push(invalid(at, version, 'duplicate version'))
    else for (const wrong of isDns1035Label(version)) found.push(invalid(at, version, wrong))
  }
  if (recognized && !versions.some((version) => VERSIONS.includes(version))) {
    found.push(invalid(path, versions, `must include at least one of ${VERSIONS.join(', ')}`))
  }
}

/** What was stored before the rules became stricter stays allowed. */
interface Rules {
  readonly noEffects: boolean
  readonly recognized: boolean
  readonly unique: boolean
  readonly conditions: boolean
  readonly anyLabel: boolean
}

function webhook(found: Found, path: string, hook: Webhook, mutating: boolean, rules: Rules): void {
  const { failurePolicy, matchPolicy, timeoutSeconds, namespaceSelector, objectSelector, reinvocationPolicy } = hook
  const oneOf = (field: string, value: string | undefined, allowed: string[]) => {
    if (value !== undefined && !allowed.includes(value)) found.push(notSupported(`${path}.${field}`, value, allowed))
  }
  qualifiedName(found, `${path}.name`, hook.name ?? '')
  for (const [i, one] of (hook.rules ?? []).entries()) rule(found, `${path}.rules[${i}]`, one)
  oneOf('failurePolicy', failurePolicy, FAILURE_POLICIES)
  oneOf('matchPolicy', matchPolicy, MATCH_POLICIES)
  const sideEffects = hook.sideEffects ?? undefined
  const effects = rules.noEffects ? NO_EFFECTS : ANY_EFFECTS
  if (sideEffects === undefined) found.push(required(`${path}.sideEffects`, `must specify one of ${effects.join(', ')}`))
  oneOf('sideEffects', sideEffects, effects)
  if (timeoutSeconds !== undefined && (timeoutSeconds > 30 || timeoutSeconds < 1)) {
    found.push(invalid(`${path}.timeoutSeconds`, timeoutSeconds, 'the timeout value must be between 1 and 30 seconds'))
  }
  const labels = { anyValue: rules.anyLabel }
  found.push(...validateLabelSelector(namespaceSelector, `${path}.namespaceSelector`, labels))
  found.push(...validateLabelSelector(objectSelector, `${path}.objectSelector`, labels))
  if (mutating) oneOf('reinvocationPolicy', reinvocationPolicy, REINVOCATION_POLICIES)
  clientConfig(found, `${path}.clientConfig`, hook.clientConfig ?? {})
  if (rules.conditions) matchConditions(found, `${path}.matchConditions`, hook.matchConditions ?? [], false)
}

const selectorsAreOdd = (hook: Webhook): boolean =>
  [hook.namespaceSelector, hook.objectSelector].some((selector) => validateLabelSelector(selector, '').length > 0)

function rulesFor(next: readonly Webhook[], old: readonly Webhook[] | null): Rules {
  if (!old) return { noEffects: true, recognized: true, unique: true, conditions: true, anyLabel: false }
  return {
    noEffects: old.every(({ sideEffects }) => sideEffects !== undefined && NO_EFFECTS.includes(sideEffects)),
    recognized: old.every(
      ({ admissionReviewVersions: list = [] }) => list.length === 0 || list.some((one) => VERSIONS.includes(one)),
    ),
    unique: new Set(old.map(({ name }) => name)).size === old.length,
    conditions:
      old.length !== next.length || old.some((hook, i) => !equal(hook.matchConditions ?? [], next[i]?.matchConditions ?? [])),
    anyLabel: old.some(selectorsAreOdd),
  }
}

export const validateWebhooks =
  (mutating: boolean) =>
  (object: AnyObject, old: AnyObject | null): FieldError[] => {
    const found: Found = []
    const hooks: Webhook[] = object['webhooks'] ?? []
    const rules = rulesFor(hooks, old ? (old['webhooks'] ?? []) : null)
    const names = new Set<string>()
    for (const [i, hook] of hooks.entries()) {
      const path = `webhooks[${i}]`
      webhook(found, path, hook, mutating, rules)
      reviewVersions(found, `${path}.admissionReviewVersions`, hook.admissionReviewVersions ?? [], rules.recognized)
      if (rules.unique && hook.name && names.has(hook.name)) found.push(duplicate(`${path}.name`, hook.name))
      names.add(hook.name)
    }
    return found
  }
