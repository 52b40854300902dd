/** DaemonSet: one Pod on each node that fits. */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import type { Details } from '../details.ts'
import {
  ageColumn,
  column,
  containerImages,
  containerNames,
  formatLabels,
  integer,
  nameColumn,
  selectorCell,
  wide,
} from '../pod/cells.ts'
import { ungatedAt } from '../pod/gated.ts'
import { shape } from '../pod/shape.ts'
import { labelSelector, podTemplate } from '../pod/shapes-pod.ts'
import { templateWarnings } from '../pod/warnings.ts'
import { validateDaemonSet, validateDaemonSetStatus } from './daemon-set-validation.ts'

const rolling = shape({ defaults: { maxUnavailable: 1, maxSurge: 0 } })

/** Whatever else the type is, numbers that are not given are none. */
const zero = shape({ defaults: { maxUnavailable: 0, maxSurge: 0 } })

const strategy = shape({
  omit: 'type',
  defaults: { type: 'RollingUpdate' },
  finish: (s) =>
    s.type === 'RollingUpdate'
      ? put(s, 'rollingUpdate', rolling(s.rollingUpdate ?? {}))
      : s.rollingUpdate
        ? put(s, 'rollingUpdate', zero(s.rollingUpdate))
        : s,
})

const normalSpec = shape({
  omit: 'minReadySeconds',
  parts: { selector: labelSelector, template: podTemplate, updateStrategy: strategy },
  always: ['template', 'updateStrategy'],
  defaults: { revisionHistoryLimit: 10 },
})

const TEMPLATE_GENERATION = 'deprecated.daemonset.template.generation'

/** The old field that counts templates still shows, as an annotation. */
function withTemplateGeneration(set: AnyObject, generation: string): AnyObject {
  const { annotations } = set.metadata
  if (annotations?.[TEMPLATE_GENERATION] === generation) return set
  return put(set, 'metadata', { ...set.metadata, annotations: { ...annotations, [TEMPLATE_GENERATION]: generation } })
}

const templateGeneration = (set: AnyObject): string => set.metadata?.annotations?.[TEMPLATE_GENERATION] ?? '0'

function defaults(set: AnyObject): AnyObject {
  return withTemplateGeneration(put(set, 'spec', normalSpec(set['spec'] ?? {})), templateGeneration(set))
}

function prepareUpdate(next: AnyObject, old: AnyObject): AnyObject {
  const before = templateGeneration(old)
  const changed = !equal(next['spec'].template, old['spec'].template)
  return withTemplateGeneration(next, changed ? String(Number(before) + 1) : before)
}

const NO_STATUS = { currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 }

const count = (name: string, field: string) => integer(name, (set: AnyObject) => set['status']?.[field] ?? 0)

export const daemonSets: Details = {
  generation: true,
  defaults,
  drops: ungatedAt('spec', 'template', 'spec'),
  prepareCreate: (set: AnyObject) => withTemplateGeneration(put(set, 'status', NO_STATUS), '1'),
  prepareUpdate,
  validate: validateDaemonSet,
  validateStatus: validateDaemonSetStatus,
  warnings: (set: AnyObject, old: AnyObject | null) =>
    old && equal(set['spec'].template, old['spec'].template) ? [] : templateWarnings('spec.template', set['spec'].template),
  columns: [
    nameColumn,
    count('Desired', 'desiredNumberScheduled'),
    count('Current', 'currentNumberScheduled'),
    count('Ready', 'numberReady'),
    count('Up-to-date', 'updatedNumberScheduled'),
    count('Available', 'numberAvailable'),
    column('Node Selector', (set: AnyObject) => formatLabels(set['spec']?.template?.spec?.nodeSelector)),
    ageColumn,
    containerNames,
    containerImages,
    wide('Selector', (set: AnyObject) => selectorCell(set['spec']?.selector)),
  ],
}
