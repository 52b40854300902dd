/** StatefulSet: Pods with names that stay, each with claims of its own. */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import { claimTemplate, claimWarnings } from '../core/persistent-volume-claim.ts'
import type { Details } from '../details.ts'
import { freshStatus } from '../details.ts'
import { ageColumn, column, containerImages, containerNames, nameColumn, selectorText } from '../pod/cells.ts'
import { ungatedAt } from '../pod/gated.ts'
import { shape } from '../pod/shape.ts'
import { labelSelector, podTemplate } from '../pod/shapes-pod.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { validateStatefulSet, validateStatefulSetStatus } from './stateful-set-validation.ts'

const rolling = shape({ defaults: { partition: 0 } })

/** Only a strategy whose type nobody names gets a rolling update of its own (SetDefaults_StatefulSet). */
const strategy = shape({
  omit: 'type',
  finish: (s) => {
    const named = s.type !== undefined
    const typed = named ? s : { ...s, type: 'RollingUpdate', rollingUpdate: s.rollingUpdate ?? {} }
    return typed.type === 'RollingUpdate' && typed.rollingUpdate
      ? put(typed, 'rollingUpdate', rolling(typed.rollingUpdate))
      : typed
  },
})

const normalSpec = shape({
  omit: 'minReadySeconds podManagementPolicy serviceName',
  parts: {
    selector: labelSelector,
    template: podTemplate,
    updateStrategy: strategy,
    volumeClaimTemplates: claimTemplate,
    persistentVolumeClaimRetentionPolicy: shape({
      omit: 'whenDeleted whenScaled',
      defaults: { whenDeleted: 'Retain', whenScaled: 'Retain' },
    }),
  },
  always: ['template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy'],
  defaults: { podManagementPolicy: 'OrderedReady', replicas: 1, revisionHistoryLimit: 10 },
})

/** The bound is an alpha feature, which only sets that have it already keep (dropStatefulSetDisabledFields). */
function withoutMaxUnavailable(set: AnyObject, old: AnyObject | null): AnyObject {
  const { spec } = set as AnyObject
  const rollingUpdate = spec.updateStrategy?.rollingUpdate
  if (rollingUpdate?.maxUnavailable === undefined) return set
  if (old?.['spec'].updateStrategy?.rollingUpdate?.maxUnavailable !== undefined) return set
  const { maxUnavailable: _dropped, ...rest } = rollingUpdate
  return { ...set, spec: { ...spec, updateStrategy: { ...spec.updateStrategy, rollingUpdate: rest } } }
}

const fresh = freshStatus({ replicas: 0, availableReplicas: 0 })

function warnings({ spec }: AnyObject, old: AnyObject | null): string[] {
  const same = old !== null && equal(spec, old['spec'])
  const history = 'spec.revisionHistoryLimit: a negative value retains all historical revisions; a value >= 0 is recommended'
  return [
    ...(same ? [] : templateWarnings('spec.template', spec.template)),
    ...(spec.volumeClaimTemplates ?? []).flatMap((claim: AnyObject, i: number) =>
      claimWarnings(`spec.volumeClaimTemplates[${i}]${old ? '.Spec' : ''}`, claim['spec']),
    ),
    ...(spec.revisionHistoryLimit < 0 ? [history] : []),
  ]
}

export const statefulSets: Details = {
  generation: true,
  defaults: (set: AnyObject) => put(put(set, 'spec', normalSpec(set['spec'] ?? {})), 'status', availability(set['status'] ?? {})),
  drops: ungatedAt('spec', 'template', 'spec'),
  prepareCreate: (set: AnyObject) => fresh(withoutMaxUnavailable(set, null)),
  prepareUpdate: withoutMaxUnavailable,
  validate: validateStatefulSet,
  validateStatus: validateStatefulSetStatus,
  warnings,
  name: 'dns-label',
  scale: {
    replicas: (set) => set['spec'].replicas ?? 0,
    withReplicas: (set, replicas) => ({ ...set, spec: { ...set['spec'], replicas } }),
    statusReplicas: (set) => set['status']?.replicas ?? 0,
    selector: (set) => selectorText(set['spec'].selector),
  },
  columns: [
    nameColumn,
    column(
      'Ready',
      (set: AnyObject) => `${set['status']?.readyReplicas ?? 0}/${set['spec']?.replicas ?? 0}`,
      'Number of the pod with ready state',
    ),
    ageColumn,
    containerNames,
    containerImages,
  ],
}

const availability = shape({ defaults: { replicas: 0, availableReplicas: 0 } })
