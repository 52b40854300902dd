/** Establishes definitions whose names have been accepted: from then on their objects are served (controller/establish). */
import { controller } from '../../machinery/controller.ts'
import { DEFINITIONS, type Definition, INSIDE, isTrue, withCondition } from './conditions.ts'
import { writeStatus } from './naming.ts'

/** A bundle that is no PEM text can't be loaded. */
const isReadable = (bundle = ''): boolean => bundle === '' || bundle.startsWith('LS0tLS1CRUdJTi')

export const establishing = controller({
  ...INSIDE,
  name: 'crd-establishing-controller',
  watches: [
    {
      resource: DEFINITIONS,
      keys(change, object) {
        const definition = object as Definition
        const waits = change !== 'deleted' && isTrue(definition, 'NamesAccepted') && !isTrue(definition, 'Established')
        return waits ? [definition.metadata.name] : []
      },
    },
  ],
  reconcile(name, context) {
    const definition = context.cache<Definition>(DEFINITIONS).get('', name)
    if (!definition || !isTrue(definition, 'NamesAccepted') || isTrue(definition, 'Established')) return
    const time = context.world.timestamp()
    const fine = isReadable(definition.spec.conversion?.webhook?.clientConfig?.caBundle)
    const condition = fine
      ? ({ status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' } as const)
      : ({ status: 'False', reason: 'InvalidCABundle', message: 'The conversion webhook CABundle is invalid' } as const)
    const next = withCondition(definition, { type: 'Established', ...condition }, time)
    const old = definition.status?.conditions?.find(({ type }) => type === 'Established')
    if (old?.status === condition.status && old.reason === condition.reason) return
    writeStatus(next, fine ? 'its names have been accepted' : 'its conversion webhook cannot be trusted', context)
  },
})
