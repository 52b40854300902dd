/** MutatingAdmissionPolicy: changes objects by expressions in CEL (plugin/policy/mutating/dispatcher.go). */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import { type ApiError, fail } from '#api/status.ts'
import { attributesOf, backFrom } from '../policy/attributes.ts'
import type { Input } from '../policy/evaluate.ts'
import { matchedBy } from '../policy/matching.ts'
import { MutatingPolicy, MutationError } from '../policy/mutating.ts'
import { ConfigurationError, checkParamKind, collectParams } from '../policy/params.ts'
import { type Bound, boundPolicies, isConfiguration, isReview } from '../policy/registry.ts'
import type { Resource } from '../resource.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const NAME = 'MutatingAdmissionPolicy'
const policiesOf = boundPolicies('mutating', (policy) => new MutatingPolicy(policy))

interface Invocation {
  readonly policy: MutatingPolicy
  readonly binding: AnyObject
  readonly matched: Resource
  readonly params: AnyObject | null
}
interface Failure {
  readonly policy: MutatingPolicy
  readonly binding: string | null
  readonly message: string
  readonly reason: string
}

/** All errors are causes; the first is the message (plugin/policy/generic/policy_dispatcher.go). */
function denied(failures: readonly Failure[], ask: Ask): ApiError {
  const texts = failures.map(({ policy, binding, message }) =>
    binding === null
      ? `policy "${policy.name}" denied request: ${message}`
      : `policy '${policy.name}' with binding '${binding}' denied request: ${message}`,
  )
  const { status } = refuse(ask, 'admission request denied by policy')
  const reason = failures[0]?.reason || 'Forbidden'
  return fail(403, reason, texts[0] ?? '', { ...status.details, causes: texts.map((message) => ({ message })) })
}

function invocations(object: AnyObject, ask: Ask, bounds: readonly Bound<MutatingPolicy>[], failures: Failure[]): Invocation[] {
  const attributes = attributesOf(object, ask)
  const configured = <T>(policy: MutatingPolicy, binding: string | null, run: () => T): T | null => {
    try {
      return run()
    } catch (error) {
      if (!(error instanceof ConfigurationError)) throw error
      const message = `failed to configure ${binding === null ? 'policy' : 'binding'}: ${error.message}`
      failures.push({ policy, binding, message, reason: '' })
      return null
    }
  }
  return bounds.flatMap(({ policy, bindings }) => {
    const { paramKind, matchConstraints } = policy.spec
    const matched = matchedBy(matchConstraints, attributes)
    if (!matched || (paramKind && !configured(policy, null, () => checkParamKind(paramKind, ask.server)))) return []
    return bindings.flatMap((binding) => {
      const { matchResources, paramRef } = binding['spec']
      if (matchResources && !matchedBy(matchResources, attributes)) return []
      const name = binding.metadata.name
      const found = configured(policy, name, () => collectParams(paramKind, paramRef, attributes.namespace, ask.server))
      return (found ?? []).map((params) => ({ policy, binding, matched, params }))
    })
  })
}

/** The object after all mutations of one policy, for one binding and parameter. */
function invoke({ policy, binding, matched, params }: Invocation, object: AnyObject, ask: Ask, failures: Failure[]): AnyObject {
  const { server, resource } = ask
  const input = (of: AnyObject): Input => ({ attributes: attributesOf(of, ask), server, matched, params })
  const failed = (message: string) => void failures.push({ policy, binding: binding.metadata.name, message, reason: 'Invalid' })
  const { matches, error } = policy.matches(input(object))
  if (error !== null) failed(error)
  if (!matches) return object
  let next = object
  for (const index of policy.mutations.keys()) {
    try {
      const changed = backFrom(policy.mutate(index, input(next)), resource, matched)
      next = resource.defaults ? resource.defaults(changed, ask.old) : changed
    } catch (thrown) {
      if (!(thrown instanceof MutationError)) throw thrown
      failed(thrown.message)
    }
  }
  return equal(next, object) ? object : next
}

function mutate(object: AnyObject, ask: Ask): AnyObject {
  const bounds = policiesOf(ask.server)
  if (bounds.length === 0 || isConfiguration(ask.resource.id) || isReview(ask.resource.id)) return object
  const { reinvocation } = ask
  const invoked = reinvocation.of(NAME, object)
  const failures: Failure[] = []
  let next = object
  for (const invocation of invocations(object, ask, bounds, failures)) {
    const { policy, binding, params } = invocation
    const key = [policy.name, binding.metadata.name, params?.metadata.namespace, params?.metadata.name].join(' ')
    if (reinvocation.skips(invoked, key)) continue
    const after = invoke(invocation, next, ask, failures)
    if (after !== next) {
      invoked.require()
      reinvocation.needed = true
      next = after
    }
    if (policy.spec.reinvocationPolicy === 'IfNeeded') invoked.add(key)
  }
  invoked.output = next
  const told = failures.filter(({ policy }) => !policy.ignores)
  if (told.length > 0) throw denied(told, ask)
  return next
}

export const mutatingAdmissionPolicy = plugin({ name: NAME, operations: ['CREATE', 'UPDATE', 'CONNECT'], mutate })
