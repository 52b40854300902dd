/** Says of definitions in the community's groups whether their API was approved (controller/apiapproval). */
import { controller } from '../../machinery/controller.ts'
import { conditionOf, DEFINITIONS, type Definition, type DefinitionCondition, INSIDE, withCondition } from './conditions.ts'
import { writeStatus } from './naming.ts'

const ANNOTATION = 'api-approved.kubernetes.io'
const MORE = 'see https://github.com/kubernetes/enhancements/pull/1111'
const TYPE = 'KubernetesAPIApprovalPolicyConformant'

const isProtected = (group: string): boolean => /(^|\.)(k8s|kubernetes)\.io$/.test(group)

function verdict(text: string): DefinitionCondition {
  const no = (reason: string, message: string): DefinitionCondition => ({ type: TYPE, status: 'False', reason, message })
  const must = `protected groups must have approval annotation "${ANNOTATION}"`
  if (text === '') return no('MissingAnnotation', `${must}, ${MORE}`)
  if (text.startsWith('unapproved')) return no('UnapprovedAnnotation', `not approved: ${JSON.stringify(text)}`)
  if (/^[a-zA-Z][a-zA-Z0-9+.-]*:\/\/[^/?#\s]+/.test(text)) {
    return { type: TYPE, status: 'True', reason: 'ApprovedAnnotation', message: `approved in ${text}` }
  }
  return no('InvalidAnnotation', `${must} with either a URL or a reason starting with "unapproved", ${MORE}`)
}

export const apiApproval = controller({
  ...INSIDE,
  name: 'crd-api-approval-controller',
  watches: [
    {
      resource: DEFINITIONS,
      keys: (change, object) =>
        change !== 'deleted' && isProtected((object as Definition).spec.group) ? [object.metadata.name] : [],
    },
  ],
  reconcile(name, context) {
    const definition = context.cache<Definition>(DEFINITIONS).get('', name)
    if (!definition) return
    const condition = verdict(definition.metadata.annotations?.[ANNOTATION] ?? '')
    const old = conditionOf(definition, TYPE)
    if (old?.status === condition.status && old.reason === condition.reason && old.message === condition.message) return
    writeStatus(withCondition(definition, condition, context.world.timestamp()), 'its group is protected', context)
  },
})
