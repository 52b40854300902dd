/** MutatingAdmissionWebhook: those who registered may change the object, one after the other (webhook/mutating/dispatcher.go). */

import { decodeText } from '#api/base64.ts'
import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import { applyJsonPatch } from '#api/patch/json.ts'
import { ApiError } from '#api/status.ts'
import { attributesOf, backFrom, inVersion } from '../policy/attributes.ts'
import { isConfiguration } from '../policy/registry.ts'
import type { Resource } from '../resource.ts'
import { CallFailure, callHook, type Hook, hooksOf, internal, type Response, wanted } from '../webhook/hook.ts'
import { type Ask, plugin } from './plugin.ts'

const NAME = 'MutatingAdmissionWebhook'
const hooks = hooksOf('mutatingwebhookconfigurations')

/** The object with the webhook's patch. */
function patched(object: AnyObject, response: Response, { webhook }: Hook, matched: Resource, ask: Ask): AnyObject {
  if (!response.patch) return object
  const { resource } = ask
  const undecodable = (why: string) => new CallFailure(webhook.name, `received undecodable patch in webhook response: ${why}`)
  if (response.patchType !== undefined && response.patchType !== 'JSONPatch') {
    throw new CallFailure(webhook.name, `unsupported patch type "${response.patchType}"`)
  }
  const text = decodeText(response.patch)
  let patch: unknown
  try {
    patch = JSON.parse(text ?? '')
  } catch (error) {
    throw undecodable((error as Error).message)
  }
  if (ask.operation === 'DELETE') {
    const why = `admission webhook "${webhook.name}" attempted to modify the object, which is not supported for this operation`
    throw internal(why)
  }
  const before = inVersion(object, resource, matched) as AnyObject
  const changed = backFrom(applied(before, patch), resource, matched)
  const next = resource.defaults ? resource.defaults(changed, ask.old) : changed
  return equal(next, object) ? object : next
}

function applied(object: AnyObject, patch: unknown): AnyObject {
  try {
    return applyJsonPatch(object, patch) as AnyObject
  } catch (error) {
    if (error instanceof ApiError) throw internal(error.message)
    throw error
  }
}

function mutate(object: AnyObject, ask: Ask): AnyObject {
  const all = hooks(ask.server)
  if (all.length === 0 || isConfiguration(ask.resource.id)) return object
  const { reinvocation } = ask
  const invoked = reinvocation.of(NAME, object)
  let next = object
  for (const [i, hook] of all.entries()) {
    const matched = wanted(hook, attributesOf(next, ask), ask.server)
    if (!matched || reinvocation.skips(invoked, hook.key)) continue
    const after = asked(hook, next, matched, ask, i)
    if (after !== next) {
      invoked.require()
      reinvocation.needed = true
      next = after
    }
    if (hook.webhook.reinvocationPolicy === 'IfNeeded') invoked.add(hook.key)
  }
  invoked.output = next
  return next
}

function asked(hook: Hook, object: AnyObject, matched: Resource, ask: Ask, index: number): AnyObject {
  const { webhook, configuration } = hook
  const at = `round_${ask.reinvocation.round}_index_${index}`
  try {
    const response = callHook(hook, object, matched, ask, true)
    const next = patched(object, response, hook, matched, ask)
    const note = { configuration, webhook: webhook.name, mutated: next !== object }
    if (ask.audit) ask.audit[`mutation.webhook.admission.k8s.io/${at}`] = JSON.stringify(note)
    return next
  } catch (error) {
    if (!(error instanceof CallFailure)) throw error
    if (webhook.failurePolicy !== 'Ignore') throw internal(error.message)
    if (ask.audit) ask.audit[`failed-open.mutation.webhook.admission.k8s.io/${at}`] = webhook.name
    return object
  }
}

export const mutatingAdmissionWebhook = plugin({ name: NAME, operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'], mutate })
