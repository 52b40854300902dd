/** NamespaceLifecycle: nothing is created in a namespace that isn't there or is going; some namespaces never go. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError, notFound } from '#api/status.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const IMMORTAL = ['default', 'kube-system', 'kube-public']
const REVIEWS = ['localsubjectaccessreviews.authorization.k8s.io']

function going(ask: Ask): ApiError {
  const { status } = refuse(ask, `unable to create new content in namespace ${ask.namespace} because it is being terminated`)
  const cause = {
    reason: 'NamespaceTerminating',
    message: `namespace ${ask.namespace} is being terminated`,
    field: 'metadata.namespace',
  }
  return new ApiError({ ...status, details: { ...status.details, causes: [cause] } })
}

function mutate(object: AnyObject, ask: Ask): AnyObject {
  if (!ask.namespace || ask.resource.id === 'namespaces' || REVIEWS.includes(ask.resource.id)) return object
  const namespace = ask.hooks.read('namespaces', '', ask.namespace)
  if (!namespace) throw notFound({ group: '', resource: 'namespaces' }, ask.namespace)
  if (ask.operation === 'CREATE' && namespace['status']?.phase === 'Terminating') throw going(ask)
  return object
}

export const namespaceLifecycle = plugin({
  name: 'NamespaceLifecycle',
  generic: true,
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  mutate,
  validate(_object, ask) {
    if (ask.operation !== 'DELETE' || ask.resource.id !== 'namespaces') return
    if (IMMORTAL.includes(ask.name)) throw refuse(ask, 'this namespace may not be deleted')
  },
})
