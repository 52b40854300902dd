/** ValidatingAdmissionPolicy: refuses, warns or notes by rules in CEL (plugin/policy/validating/dispatcher.go). */
import type { AnyObject } from '#api/meta.ts'
import { type ApiError, fail } from '#api/status.ts'
import { type Attributes, attributesOf } from '../policy/attributes.ts'
import { matchedBy } from '../policy/matching.ts'
import { ConfigurationError, checkParamKind, collectParams } from '../policy/params.ts'
import { type Bound, boundPolicies, isConfiguration, isReview } from '../policy/registry.ts'
import { type Decision, ValidatingPolicy } from '../policy/validating.ts'
import type { Resource } from '../resource.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const policiesOf = boundPolicies('validating', (policy) => new ValidatingPolicy(policy))
const CODES: Record<string, number> = { Forbidden: 403, Unauthorized: 401, RequestEntityTooLarge: 413 }
const LONGEST_ANNOTATION = 10 * 1024

interface Denial {
  readonly policy: string
  readonly binding: string | null
  readonly message: string
  readonly reason: string
}

/** The first denial decides; its reason is the Status' own. */
function denied({ policy, binding, message, reason }: Denial, ask: Ask): ApiError {
  const bound = binding === null ? '' : ` with binding '${binding}'`
  const text = `ValidatingAdmissionPolicy '${policy}'${bound} denied request: ${message}`
  const { status } = refuse(ask, text)
  const why = reason || 'Invalid'
  return fail(CODES[why] ?? 422, why, status.message ?? '', { ...status.details, causes: [{ message: text }] })
}

class Round {
  readonly denials: Denial[] = []
  readonly #ask: Ask
  readonly #attributes: Attributes

  constructor(ask: Ask, attributes: Attributes) {
    this.#ask = ask
    this.#attributes = attributes
  }

  /** Runs what may be set up wrongly; that is decided by the failure policy. */
  #configured<T>(policy: ValidatingPolicy, binding: string | null, run: () => T): T | null {
    try {
      return run()
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      const what = binding === null ? 'policy' : 'binding'
      const message = `failed to configure ${what}: ${error.message}`
      if (!policy.ignores) this.denials.push({ policy: policy.name, binding, message, reason: '' })
      return null
    }
  }

  ask({ policy, bindings }: Bound<ValidatingPolicy>): void {
    const matched = matchedBy(policy.spec.matchConstraints, this.#attributes)
    if (!matched) return
    const { paramKind } = policy.spec
    if (paramKind && !this.#configured(policy, null, () => checkParamKind(paramKind, this.#ask.server))) return
    const notes = new Map<string, string[]>()
    for (const binding of bindings) {
      const { matchResources } = binding['spec']
      if (!matchResources || matchedBy(matchResources, this.#attributes)) this.#bind(policy, binding, matched, notes)
    }
    for (const [key, values] of notes) {
      if (this.#ask.audit) this.#ask.audit[`${policy.name}/${key}`] = values.join(', ')
    }
  }

  #bind(policy: ValidatingPolicy, binding: AnyObject, matched: Resource, notes: Map<string, string[]>): void {
    const { server } = this.#ask
    const { paramRef, validationActions = [] } = binding['spec']
    const { namespace } = this.#attributes
    const found = this.#configured(policy, binding.metadata.name, () =>
      collectParams(policy.spec.paramKind, paramRef, namespace, server),
    )
    for (const params of found ?? []) {
      const { decisions, annotations } = policy.evaluate({ attributes: this.#attributes, server, matched, params })
      for (const decision of decisions) if (decision.denied) this.#act(policy, binding, decision, validationActions)
      for (const { key, value } of annotations) {
        const list = notes.get(key) ?? []
        const cut = value.slice(0, LONGEST_ANNOTATION)
        if (!list.includes(cut)) notes.set(key, [...list, cut])
      }
    }
  }

  #act(policy: ValidatingPolicy, binding: AnyObject, decision: Decision, actions: readonly string[]): void {
    const { message, reason, index } = decision
    const bound = binding.metadata.name
    const denial = { policy: policy.name, binding: bound, message, reason }
    if (index < 0) {
      // An audit annotation that couldn't be worked out.
      this.denials.push(denial)
      return
    }
    for (const action of actions) {
      if (action === 'Deny') this.denials.push(denial)
      else if (action === 'Warn') {
        this.#ask.hooks.warn(
          `Validation failed for ValidatingAdmissionPolicy '${policy.name}' with binding '${bound}': ${message}`,
        )
      } else if (action === 'Audit' && this.#ask.audit) {
        const note = { message, policy: policy.name, binding: bound, expressionIndex: index, validationActions: actions }
        this.#ask.audit['validation.policy.admission.k8s.io/validation_failure'] = JSON.stringify([note])
      }
    }
  }
}

function validate(object: AnyObject, ask: Ask): void {
  const policies = policiesOf(ask.server)
  if (policies.length === 0 || isConfiguration(ask.resource.id) || isReview(ask.resource.id)) return
  const round = new Round(ask, attributesOf(object, ask))
  for (const bound of policies) round.ask(bound)
  const [first] = round.denials
  if (first) throw denied(first, ask)
}

export const validatingAdmissionPolicy = plugin({
  name: 'ValidatingAdmissionPolicy',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  validate,
})
