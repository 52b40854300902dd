/** Admission plugins with nothing to say until there are objects of their kinds; what they do then comes with the rest of the engine. */
import { later } from '../../sim/later.ts'
import { derived } from '../policy/registry.ts'
import type { AdmissionPlugin, Operation } from './plugin.ts'

/** By name. */
export const deferredPlugins = later<Readonly<Record<string, AdmissionPlugin>>>('admission plugins')

/** `needs`: without objects of this resource the plugin lets everything pass as it is. */
function deferred(
  name: string,
  needs: string,
  operations: readonly Operation[],
  rounds: 'mutate' | 'validate' | 'both',
  resources?: readonly string[],
) {
  const any = derived([needs], (server) => server.readAll(needs))
  const own = (): AdmissionPlugin => deferredPlugins.get()[name] as AdmissionPlugin
  const plugin: AdmissionPlugin = { name, operations, ...(resources ? { resources } : {}) }
  if (rounds !== 'validate') {
    plugin.mutate = (object, ask) => (any(ask.server).length === 0 ? object : (own().mutate?.(object, ask) ?? object))
  }
  if (rounds !== 'mutate') {
    plugin.validate = (object, ask) => {
      if (any(ask.server).length > 0) own().validate?.(object, ask)
    }
  }
  return plugin
}

const generic = (...facts: Parameters<typeof deferred>): AdmissionPlugin => ({ ...deferred(...facts), generic: true })

const POLICIES = 'admissionpolicies.admissionregistration.k8s.io'
const WEBHOOKS = 'webhookconfigurations.admissionregistration.k8s.io'
const ALL = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const

export const mutatingAdmissionPolicy = generic(
  'MutatingAdmissionPolicy',
  `mutating${POLICIES}`,
  ['CREATE', 'UPDATE', 'CONNECT'],
  'mutate',
)
export const mutatingAdmissionWebhook = generic('MutatingAdmissionWebhook', `mutating${WEBHOOKS}`, ALL, 'mutate')
export const validatingAdmissionPolicy = generic('ValidatingAdmissionPolicy', `validating${POLICIES}`, ALL, 'validate')
export const validatingAdmissionWebhook = generic('ValidatingAdmissionWebhook', `validating${WEBHOOKS}`, ALL, 'validate')
export const limitRanger = deferred('LimitRanger', 'limitranges', ['CREATE', 'UPDATE'], 'both', [
  'pods',
  'persistentvolumeclaims',
])
export const resourceQuota = deferred('ResourceQuota', 'resourcequotas', ['CREATE', 'UPDATE'], 'validate')
