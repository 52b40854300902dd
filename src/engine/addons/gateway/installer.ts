/** The administrator's last step: the class, once its definition is served. Only once: who deletes it has deleted it. */
import { controller } from '../../machinery/controller.ts'
import { CLASSES } from './kinds.ts'
import { gatewayClass } from './manifests.ts'

const DEFINITIONS = 'customresourcedefinitions.apiextensions.k8s.io'
const DONE = 'done'

export const installer = controller({
  name: 'gateway-class-installer',
  identity: { user: 'kubernetes-admin', groups: ['system:masters'], manager: 'kubectl-client-side-apply' },
  watches: [
    {
      resource: DEFINITIONS,
      keys: (change, { metadata }) => (change !== 'deleted' && metadata.name === CLASSES ? [CLASSES] : []),
    },
  ],
  reconcile(key, { cache, memory, api }) {
    const definition = cache(DEFINITIONS).get('', key)
    const conditions: { type: string; status: string }[] = definition?.['status']?.conditions ?? []
    const isServed = conditions.some(({ type, status }) => type === 'Established' && status === 'True')
    if (!isServed || memory.has(DONE)) return
    api.create(CLASSES, gatewayClass)
    memory.set(DONE, true)
  },
})
