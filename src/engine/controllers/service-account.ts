/** The ServiceAccount controller: every namespace has a ServiceAccount `default` (pkg/controller/serviceaccount). */
import type { Namespace } from '#api/kinds.ts'
import { isAlreadyExists } from '#api/status.ts'
import { controller } from '../machinery/controller.ts'
import { isNamespaceTerminating } from './pods.ts'

export const serviceAccount = controller({
  name: 'service-account-controller',
  watches: [
    { resource: 'namespaces', keys: (change, namespace) => (change === 'deleted' ? [] : [namespace.metadata.name]) },
    { resource: 'serviceaccounts', keys: (change, account) => (change === 'deleted' ? [account.metadata.namespace ?? ''] : []) },
  ],
  reconcile(name, { cache, api }) {
    if (cache<Namespace>('namespaces').byKey(name)?.status?.phase !== 'Active') return
    if (cache('serviceaccounts').get(name, 'default')) return
    try {
      const because = `namespace ${name} has no ServiceAccount default`
      api.create('serviceaccounts', { metadata: { name: 'default', namespace: name } }, { because })
    } catch (error) {
      if (!isAlreadyExists(error) && !isNamespaceTerminating(error)) throw error
    }
  },
})
