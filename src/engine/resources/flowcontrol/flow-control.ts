/** FlowSchema and PriorityLevelConfiguration: who waits for whom at the API server. */
import type { AnyObject } from '#api/meta.ts'
import { fill, put } from '../../apiserver/resource.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { validateFlowSchema, validateFlowStatus } from './flow-schema-validation.ts'
import { validatePriorityLevel } from './priority-level-validation.ts'

const MATCHING_PRECEDENCE = 1000

function missing({ status }: AnyObject): string {
  return status?.conditions?.find((c: { type: string }) => c.type === 'Dangling')?.status ?? '?'
}

export const flowSchemas: Details = {
  metaOnUpdate: 'full',
  validate: validateFlowSchema,
  validateStatus: validateFlowStatus,
  generation: true,
  defaults(object: AnyObject) {
    const { matchingPrecedence, ...spec } = object['spec'] ?? {}
    // None and nought are the same to Go.
    return matchingPrecedence ? object : put(object, 'spec', fill(spec, { matchingPrecedence: MATCHING_PRECEDENCE }))
  },
  prepareCreate: freshStatus(),
  columns: [
    nameColumn,
    column('PriorityLevel', ({ spec }: AnyObject) => spec?.priorityLevelConfiguration?.name ?? ''),
    column('MatchingPrecedence', ({ spec }: AnyObject) => spec?.matchingPrecedence ?? 0),
    column('DistinguisherMethod', ({ spec }: AnyObject) => spec?.distinguisherMethod?.type ?? '<none>'),
    ageColumn,
    column('MissingPL', missing, 'references a broken or non-existent PriorityLevelConfiguration'),
  ],
}

const queuing = shape({ omit: 'queues handSize queueLengthLimit', defaults: { queues: 64, handSize: 8, queueLengthLimit: 50 } })
const limited = shape({
  parts: { limitResponse: shape({ parts: { queuing } }) },
  defaults: { nominalConcurrencyShares: 30, lendablePercent: 0 },
})
const normalSpec = shape({
  parts: { limited, exempt: shape({ defaults: { nominalConcurrencyShares: 0, lendablePercent: 0 } }) },
  finish: (spec) =>
    spec.type === 'Exempt' && !spec.exempt ? { ...spec, exempt: { nominalConcurrencyShares: 0, lendablePercent: 0 } } : spec,
})

const ofQueues = (name: string, field: string) =>
  column(name, ({ spec }: AnyObject) => spec?.limited?.limitResponse?.queuing?.[field] ?? '<none>')

export const priorityLevels: Details = {
  metaOnUpdate: 'full',
  validate: validatePriorityLevel,
  validateStatus: validateFlowStatus,
  generation: true,
  defaults: (object: AnyObject) => put(object, 'spec', normalSpec(object['spec'] ?? {})),
  prepareCreate: freshStatus(),
  columns: [
    nameColumn,
    column('Type', ({ spec }: AnyObject) => spec?.type ?? ''),
    column('NominalConcurrencyShares', ({ spec }: AnyObject) => spec?.limited?.nominalConcurrencyShares ?? '<none>'),
    ofQueues('Queues', 'queues'),
    ofQueues('HandSize', 'handSize'),
    ofQueues('QueueLengthLimit', 'queueLengthLimit'),
    ageColumn,
  ],
}
