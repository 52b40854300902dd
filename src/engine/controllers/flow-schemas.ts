/** Whether a FlowSchema's priority level exists, told in its status (apiserver/pkg/util/flowcontrol). */
import type { AnyObject } from '#api/meta.ts'
import { controller } from '../machinery/controller.ts'

const SCHEMAS = 'flowschemas.flowcontrol.apiserver.k8s.io'
const LEVELS = 'prioritylevelconfigurations.flowcontrol.apiserver.k8s.io'

const levelOf = ({ spec }: AnyObject): string => spec?.priorityLevelConfiguration?.name ?? ''

export const flowSchemas = controller({
  name: 'flow-schema-controller',
  identity: { user: 'system:apiserver', groups: ['system:masters'], manager: 'api-priority-and-fairness-config-consumer-v1' },
  watches: [
    { resource: SCHEMAS, keys: (change, { metadata }) => (change === 'deleted' ? [] : [metadata.name]) },
    {
      resource: LEVELS,
      keys(change, { metadata }, _old, { cache }) {
        if (change === 'modified') return []
        return [...cache(SCHEMAS).all()].filter((one) => levelOf(one) === metadata.name).map((one) => one.metadata.name)
      },
    },
  ],
  reconcile(name, { cache, api, world }) {
    const schema = cache(SCHEMAS).get('', name) as AnyObject | undefined
    if (!schema) return
    const level = levelOf(schema)
    const found = cache(LEVELS).get('', level) !== undefined
    const which = `This FlowSchema references the PriorityLevelConfiguration object named ${JSON.stringify(level)}`
    const wanted = {
      type: 'Dangling',
      status: found ? 'False' : 'True',
      reason: found ? 'Found' : 'NotFound',
      message: `${which} ${found ? 'and it exists' : 'but there is no such object'}`,
    }
    const now = schema['status']?.conditions?.find((one: { type: string }) => one.type === 'Dangling')
    if (now?.status === wanted.status && now.reason === wanted.reason && now.message === wanted.message) return
    const status = { conditions: [{ ...wanted, lastTransitionTime: world.timestamp() }] }
    const applied = { apiVersion: 'flowcontrol.apiserver.k8s.io/v1', kind: 'FlowSchema', metadata: { name }, status }
    api.patch(SCHEMAS, '', name, 'apply', applied, { subresource: 'status', because: `${name} leads to ${level}` })
  },
})
