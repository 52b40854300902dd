/** PodDisruptionBudget: how many Pods evictions must leave alone. */
import type { PodDisruptionBudget } from '#api/kinds.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ageColumn, column, integer, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { labelSelector } from '../pod/shapes-pod.ts'
import { validateBudget, validateBudgetStatus } from './pod-disruption-budget-validation.ts'

const normalSpec = shape({ parts: { selector: labelSelector } })
const normalStatus = shape({
  omit: 'observedGeneration disruptedPods',
  parts: {
    conditions: shape({
      omit: 'observedGeneration',
      defaults: { type: '', status: '', lastTransitionTime: null, reason: '', message: '' },
    }),
  },
  defaults: { currentHealthy: 0, desiredHealthy: 0, disruptionsAllowed: 0, expectedPods: 0 },
})

const bound = (value: number | string | undefined): string => (value === undefined ? 'N/A' : String(value))

export const podDisruptionBudgets = resource<PodDisruptionBudget>({
  group: 'policy',
  version: 'v1',
  kind: 'PodDisruptionBudget',
  plural: 'poddisruptionbudgets',
  short: ['pdb'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.policy.v1.PodDisruptionBudget',
  prefix: 'poddisruptionbudgets',
  subresources: [{ name: 'status', verbs: ['get', 'patch', 'update'] }],
  generation: true,
  status: true,
  defaults: (budget) =>
    put(put(budget, 'spec', normalSpec(budget.spec ?? {})), 'status', normalStatus(budget.status ?? EMPTY_STATUS)),
  prepareCreate: (budget) => put(budget, 'status', normalStatus(EMPTY_STATUS)),
  validate: validateBudget,
  validateStatus: validateBudgetStatus,
  // Kubernetes checks nothing but the generic rules here.
  name: 'path-segment',
  metaOnUpdate: 'none',
  metaLast: 'own',
  unconditionalUpdate: false,
  columns: [
    nameColumn,
    column('Min Available', ({ spec }) => bound(spec?.minAvailable)),
    column('Max Unavailable', ({ spec }) => bound(spec?.maxUnavailable)),
    integer('Allowed Disruptions', ({ status }) => status?.disruptionsAllowed ?? 0),
    ageColumn,
  ],
})

const EMPTY_STATUS: NonNullable<PodDisruptionBudget['status']> = {
  currentHealthy: 0,
  desiredHealthy: 0,
  disruptionsAllowed: 0,
  expectedPods: 0,
}
