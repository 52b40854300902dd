/** DaemonSet: one Pod on each node that fits. */
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import { type Details, freshStatus } from '../details.ts'
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
import { shape } from '../pod/shape.ts'
import { labelSelector, podTemplate } from '../pod/shapes-pod.ts'

const rolling = shape({ defaults: { maxUnavailable: 1, maxSurge: 0 } })

const strategy = shape({
  omit: 'type',
  defaults: { type: 'RollingUpdate' },
  finish: (s) => (s.type === 'RollingUpdate' ? put(s, 'rollingUpdate', rolling(s.rollingUpdate ?? {})) : s),
})

const normalSpec = shape({
  omit: 'minReadySeconds',
  parts: { selector: labelSelector, template: podTemplate, updateStrategy: strategy },
  always: ['template', 'updateStrategy'],
  defaults: { revisionHistoryLimit: 10 },
})

const count = (name: string, field: string) => integer(name, (set: AnyObject) => set['status']?.[field] ?? 0)

export const daemonSets: Details = {
  generation: true,
  defaults: (set: AnyObject) => put(set, 'spec', normalSpec(set['spec'] ?? {})),
  prepareCreate: freshStatus({ currentNumberScheduled: 0, desiredNumberScheduled: 0, numberMisscheduled: 0, numberReady: 0 }),
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
