/** PriorityClass: a name for a Pod's rank, and whether it may push others out. */
import { type FieldError, forbiddenField, invalid, notListed, required } from '#api/field-error.ts'
import type { PriorityClass } from '#api/kinds.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ageColumn, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'

const HIGHEST = 1_000_000_000
const SYSTEM: Record<string, number> = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 }
const POLICIES = ['PreemptLowerPriority', 'Never']

const normal = shape({ omit: 'globalDefault description', defaults: { value: 0, preemptionPolicy: 'PreemptLowerPriority' } })

function validatePriorityClass(next: PriorityClass, old: PriorityClass | null): FieldError[] {
  if (old) {
    return [
      ...(next.value === old.value ? [] : [forbiddenField('value', 'may not be changed in an update.')]),
      ...(next.preemptionPolicy === old.preemptionPolicy
        ? []
        : [invalid('preemptionPolicy', next.preemptionPolicy, 'field is immutable')]),
    ]
  }
  return [...rank(next), ...policy(next)]
}

function rank({ metadata: { name }, value, globalDefault }: PriorityClass): FieldError[] {
  if (!name.startsWith('system-')) {
    return value > HIGHEST ? [forbiddenField('value', `maximum allowed value of a user defined priority is ${HIGHEST}`)] : []
  }
  const known = Object.hasOwn(SYSTEM, name) && SYSTEM[name] === value && !globalDefault
  if (known) return []
  const why = !Object.hasOwn(SYSTEM, name)
    ? `${name} is not a known system priority class`
    : SYSTEM[name] !== value
      ? `value of ${name} PriorityClass must be ${SYSTEM[name]}`
      : `globalDefault of ${name} PriorityClass must be false`
  return [
    forbiddenField('metadata.name', `priority class names with 'system-' prefix are reserved for system use only. error: ${why}`),
  ]
}

const policy = ({ preemptionPolicy }: PriorityClass): FieldError[] =>
  (preemptionPolicy as string) === ''
    ? [required('preemptionPolicy')]
    : preemptionPolicy !== undefined && !POLICIES.includes(preemptionPolicy)
      ? [notListed('preemptionPolicy', preemptionPolicy, POLICIES)]
      : []

export const priorityClasses = resource<PriorityClass>({
  group: 'scheduling.k8s.io',
  version: 'v1',
  kind: 'PriorityClass',
  plural: 'priorityclasses',
  short: ['pc'],
  scope: 'Cluster',
  schema: 'io.k8s.api.scheduling.v1.PriorityClass',
  prefix: 'priorityclasses',
  defaults: normal,
  prepareCreate: (c) => put(c, 'metadata', put(c.metadata, 'generation', 1)),
  validate: validatePriorityClass,
  name: 'dns-subdomain',
  undeletable: (c) => (Object.hasOwn(SYSTEM, c.metadata.name) ? 'this is a system priority class and cannot be deleted' : null),
  columns: [
    nameColumn,
    { name: 'Value', type: 'integer', priority: 0, cell: (c) => c.value },
    { name: 'Global-Default', type: 'boolean', priority: 0, cell: (c) => c.globalDefault ?? false },
    ageColumn,
    { name: 'PreemptionPolicy', type: 'string', priority: 0, cell: (c) => c.preemptionPolicy ?? '' },
  ],
})
