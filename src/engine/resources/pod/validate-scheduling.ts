/** Validation of what steers a Pod to its node: affinity, tolerations, spreading, gates. */
import { duplicate, forbiddenField, invalid, notSupported, required, unsupported } from '#api/field-error.ts'
import type {
  Affinity,
  NodeSelectorRequirement,
  NodeSelectorTerm,
  PodAffinity,
  PodAffinityTerm,
  Toleration,
  TopologySpreadConstraint,
} from '#api/kinds.ts'
import type { LabelSelector } from '#api/meta.ts'
import { isDns1123Label, isDns1123Subdomain, isLabelValue, isQualifiedName } from '#api/names.ts'
import { type Found, flag, labelSelector, once, positive } from './checks.ts'

/** ValidateNodeSelectorRequirement. Preferred terms may have values that no label can have. */
function requirement(
  found: Found,
  path: string,
  { operator, key = '', values = [] }: NodeSelectorRequirement,
  anyValue: boolean,
): void {
  if (operator === 'In' || operator === 'NotIn') {
    if (values.length === 0) found.push(required(`${path}.values`, "must be specified when `operator` is 'In' or 'NotIn'"))
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (values.length > 0) {
      found.push(forbiddenField(`${path}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'"))
    }
  } else if (operator === 'Gt' || operator === 'Lt') {
    if (values.length !== 1)
      found.push(required(`${path}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'"))
  } else found.push(invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator'))
  flag(found, `${path}.key`, key, isQualifiedName(key))
  if (anyValue) return
  for (const [i, value] of values.entries()) flag(found, `${path}.values[${i}]`, value, isLabelValue(value))
}

function fieldRequirement(found: Found, path: string, { operator, key = '', values = [] }: NodeSelectorRequirement): void {
  if (operator === 'In' || operator === 'NotIn') {
    const why = "must be only one value when `operator` is 'In' or 'NotIn' for node field selector"
    if (values.length !== 1) found.push(required(`${path}.values`, why))
  } else found.push(invalid(`${path}.operator`, operator ?? '', 'not a valid selector operator'))
  if (key !== 'metadata.name') found.push(invalid(`${path}.key`, key, 'not a valid field selector key'))
  else for (const [i, value] of values.entries()) flag(found, `${path}.values[${i}]`, value, isDns1123Subdomain(value))
}

function nodeTerm(found: Found, path: string, term: NodeSelectorTerm, anyValue: boolean): void {
  for (const [i, one] of (term.matchExpressions ?? []).entries())
    requirement(found, `${path}.matchExpressions[${i}]`, one, anyValue)
  for (const [i, one] of (term.matchFields ?? []).entries()) fieldRequirement(found, `${path}.matchFields[${i}]`, one)
}

interface NodeSelector {
  nodeSelectorTerms?: NodeSelectorTerm[]
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

function weight(found: Found, path: string, value: number): void {
  if (value <= 0 || value > 100) found.push(invalid(`${path}.weight`, value, 'must be in the range 1-100'))
}

/** ValidateNodeSelector. */
export function nodeSelector(found: Found, path: string, { nodeSelectorTerms }: NodeSelector): void {
  const terms = nodeSelectorTerms ?? []
  const at = `${path}.nodeSelectorTerms`
  if (terms.length === 0) found.push(required(at, 'must have at least one node selector term'))
  for (const [i, term] of terms.entries()) nodeTerm(found, `${at}[${i}]`, term, false)
}

function nodeAffinity(found: Found, path: string, affinity: NonNullable<Affinity['nodeAffinity']>): void {
  const must = affinity[REQUIRED]
  if (must) nodeSelector(found, `${path}.${REQUIRED}`, must)
  for (const [i, term] of (affinity[PREFERRED] ?? []).entries()) {
    const at = `${path}.${PREFERRED}[${i}]`
    weight(found, at, term.weight ?? 0)
    nodeTerm(found, `${at}.preference`, term.preference ?? {}, true)
  }
}

/** ValidateMatchLabelKeysAndMismatchLabelKeys. */
function labelKeys(found: Found, path: string, match: string[], mismatch: string[], selector: LabelSelector | undefined): void {
  for (const [field, keys] of [
    ['matchLabelKeys', match],
    ['mismatchLabelKeys', mismatch],
  ] as const) {
    if (keys.length === 0) continue
    if (!selector) found.push(forbiddenField(`${path}.${field}`, 'must not be specified when labelSelector is not set'))
    else for (const [i, key] of keys.entries()) flag(found, `${path}.${field}[${i}]`, key, isQualifiedName(key))
  }
  const known = new Set(Object.keys(selector?.matchLabels ?? {}))
  for (const { key } of selector?.matchExpressions ?? []) {
    const i = match.lastIndexOf(key)
    // The Pod's own value was added to the selector before: a key met twice was there already.
    if (i >= 0 && known.has(key)) found.push(invalid(`${path}[${i}]`, key, 'exists in both matchLabelKeys and labelSelector'))
    known.add(key)
  }
  for (const [i, key] of match.entries()) {
    if (mismatch.includes(key))
      found.push(invalid(`${path}.matchLabelKeys[${i}]`, key, 'exists in both matchLabelKeys and mismatchLabelKeys'))
  }
}

function podTerm(found: Found, path: string, term: PodAffinityTerm): void {
  labelSelector(found, `${path}.labelSelector`, term.labelSelector)
  labelSelector(found, `${path}.namespaceSelector`, term.namespaceSelector)
  for (const name of term.namespaces ?? []) flag(found, `${path}.namespace`, name, isDns1123Label(name))
  labelKeys(found, path, term.matchLabelKeys ?? [], term.mismatchLabelKeys ?? [], term.labelSelector)
  const key = term.topologyKey ?? ''
  if (key === '') found.push(required(`${path}.topologyKey`, 'can not be empty'))
  flag(found, `${path}.topologyKey`, key, isQualifiedName(key))
}

function podAffinity(found: Found, path: string, affinity: PodAffinity | undefined): void {
  for (const [i, term] of (affinity?.[REQUIRED] ?? []).entries()) podTerm(found, `${path}.${REQUIRED}[${i}]`, term)
  for (const [i, weighted] of (affinity?.[PREFERRED] ?? []).entries()) {
    const at = `${path}.${PREFERRED}[${i}]`
    weight(found, at, weighted.weight ?? 0)
    podTerm(found, `${at}.podAffinityTerm`, weighted.podAffinityTerm ?? ({} as PodAffinityTerm))
  }
}

export const affinity = once<Affinity>((found, path, one) => {
  if (one.nodeAffinity) nodeAffinity(found, `${path}.nodeAffinity`, one.nodeAffinity)
  podAffinity(found, `${path}.podAffinity`, one.podAffinity)
  podAffinity(found, `${path}.podAntiAffinity`, one.podAntiAffinity)
})

const EFFECTS = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

/** validateTaintEffect. */
export function effect(found: Found, path: string, value: string | undefined, mayBeEmpty: boolean): void {
  if (!value) {
    if (!mayBeEmpty) found.push(required(path))
  } else if (!EFFECTS.includes(value)) found.push(unsupported(path, value, EFFECTS))
}

/** ValidateTolerations; the numeric operators wait for their feature gate. */
export const tolerations = once<Toleration[]>((found, path, list) => {
  for (const [i, toleration] of list.entries()) {
    const at = `${path}[${i}]`
    const { key = '', operator = '', value = '' } = toleration
    if (key !== '') flag(found, `${at}.key`, key, isQualifiedName(key))
    else if (operator !== 'Exists') {
      const why = 'operator must be Exists when `key` is empty, which means "match all values and all keys"'
      found.push(invalid(`${at}.operator`, operator, why))
    }
    if (toleration.tolerationSeconds !== undefined && toleration.effect !== 'NoExecute') {
      found.push(invalid(`${at}.effect`, toleration.effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set"))
    }
    operators(found, at, operator, value)
    effect(found, `${at}.effect`, toleration.effect, true)
  }
})

function operators(found: Found, path: string, operator: string, value: string): void {
  const at = `${path}.operator`
  if (operator === 'Equal' || operator === '') {
    const wrong = isLabelValue(value)
    if (wrong.length > 0) found.push(invalid(at, value, wrong.join(';')))
  } else if (operator === 'Exists') {
    if (value !== '') found.push(invalid(at, value, "value must be empty when `operator` is 'Exists'"))
  } else {
    const choices = operator === 'Lt' || operator === 'Gt' ? ['Equal', 'Exists', 'Lt', 'Gt'] : ['Equal', 'Exists']
    found.push(unsupported(at, operator, choices))
  }
}

const ACTIONS = ['DoNotSchedule', 'ScheduleAnyway']
const INCLUSION = ['Honor', 'Ignore']

/** validateTopologySpreadConstraints. */
export const spreading = once<TopologySpreadConstraint[]>((found, path, list) => {
  for (const [i, constraint] of list.entries()) {
    const at = `${path}[${i}]`
    const { topologyKey = '', whenUnsatisfiable: action = '', minDomains } = constraint
    positive(found, `${at}.maxSkew`, constraint.maxSkew ?? 0)
    if (topologyKey === '') found.push(required(`${at}.topologyKey`, 'can not be empty'))
    if (!ACTIONS.includes(action)) found.push(notSupported(`${at}.whenUnsatisfiable`, action, ACTIONS))
    if (list.slice(i + 1).some((c) => c.topologyKey === topologyKey && c.whenUnsatisfiable === action)) {
      found.push(duplicate(`${at}.{topologyKey, whenUnsatisfiable}`, `{${topologyKey}, ${action}}`))
    }
    if (minDomains !== undefined) {
      positive(found, `${at}.minDomains`, minDomains)
      if (action !== 'DoNotSchedule') {
        const why = `can only use minDomains if whenUnsatisfiable=DoNotSchedule, not ${action}`
        found.push(invalid(`${at}.minDomains`, minDomains, why))
      }
    }
    for (const field of ['nodeAffinityPolicy', 'nodeTaintsPolicy'] as const) {
      const policy = constraint[field]
      if (policy !== undefined && !INCLUSION.includes(policy)) found.push(notSupported(`${at}.${field}`, policy, INCLUSION))
    }
    labelKeys(found, at, constraint.matchLabelKeys ?? [], [], constraint.labelSelector)
    labelSelector(found, `${at}.labelSelector`, constraint.labelSelector)
  }
})

export const readinessGates = once<{ conditionType?: string }[]>((found, path, gates) => {
  for (const [i, { conditionType = '' }] of gates.entries()) {
    flag(found, `${path}[${i}].conditionType`, conditionType, isQualifiedName(conditionType))
  }
})

export const schedulingGates = once<{ name?: string }[]>((found, path, gates) => {
  const seen = new Set<string>()
  for (const [i, { name = '' }] of gates.entries()) {
    flag(found, `${path}[${i}]`, name, isQualifiedName(name))
    if (seen.has(name)) found.push(duplicate(`${path}[${i}]`, name))
    seen.add(name)
  }
})
