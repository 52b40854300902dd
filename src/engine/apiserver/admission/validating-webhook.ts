/** ValidatingAdmissionWebhook: asks those who registered to be asked, and refuses when one of them does (webhook/validating/dispatcher.go). */
import type { AnyObject } from '#api/meta.ts'
import { attributesOf } from '../policy/attributes.ts'
import { isConfiguration } from '../policy/registry.ts'
import { CallFailure, callHook, hooksOf, internal, wanted } from '../webhook/hook.ts'
import { type Ask, plugin } from './plugin.ts'

const hooks = hooksOf('validatingwebhookconfigurations')

function validate(object: AnyObject, ask: Ask): void {
  const all = hooks(ask.server)
  if (all.length === 0 || isConfiguration(ask.resource.id)) return
  const attributes = attributesOf(object, ask)
  const errors: Error[] = []
  // All are asked, as they are at the same time in a real cluster; the first refusal counts.
  for (const hook of all) {
    const matched = wanted(hook, attributes, ask.server)
    if (!matched) continue
    try {
      callHook(hook, object, matched, ask, false)
    } catch (error) {
      if (!(error instanceof CallFailure)) errors.push(error as Error)
      else if (hook.webhook.failurePolicy !== 'Ignore') errors.push(internal(error.message))
    }
  }
  if (errors[0]) throw errors[0]
}

export const validatingAdmissionWebhook = plugin({
  name: 'ValidatingAdmissionWebhook',
  operations: ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'],
  validate,
})
