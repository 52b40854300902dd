/** ReplicationController: the older way to keep a number of Pods alive. */
import { type FieldError, required } from '#api/field-error.ts'
import type { ReplicationController } from '#api/kinds.ts'
import { isDns1123Subdomain } from '#api/names.ts'
import { selectorOf } from '#api/selector.ts'
import { put, resource } from '../../apiserver/resource.ts'
import {
  ageColumn,
  containerImages,
  containerNames,
  formatLabels,
  integer,
  mapSelectorText,
  nameColumn,
  wide,
} from '../pod/cells.ts'
import { nonNegative } from '../pod/checks.ts'
import { ungatedAt } from '../pod/gated.ts'
import { replicaStatus, withoutStatus } from '../pod/replicas.ts'
import { shape } from '../pod/shape.ts'
import { podTemplate } from '../pod/shapes-pod.ts'
import { validateReplicaStatus } from '../pod/validate-replicas.ts'
import { validateRunningTemplate } from '../pod/validate-template.ts'
import { workloadWarnings } from '../pod/warnings.ts'

const normalSpec = shape({ omit: 'minReadySeconds selector', parts: { template: podTemplate }, defaults: { replicas: 1 } })

/** Selector and labels come from the template where they are missing (SetDefaults_ReplicationController). */
function defaults(rc: ReplicationController): ReplicationController {
  let next = put(rc, 'spec', normalSpec(rc.spec ?? {}))
  const labels = next.spec.template?.metadata?.labels
  if (labels && !next.spec.selector) next = put(next, 'spec', { ...next.spec, selector: labels })
  if (labels && Object.keys(next.metadata.labels ?? {}).length === 0) next = put(next, 'metadata', { ...next.metadata, labels })
  return put(next, 'status', replicaStatus(next.status ?? { replicas: 0 }))
}

/** ValidateReplicationControllerSpec. */
function validate({ spec }: ReplicationController, old: ReplicationController | null): FieldError[] {
  const found: FieldError[] = []
  nonNegative(found, 'spec.minReadySeconds', spec.minReadySeconds)
  if (!spec.selector) found.push(required('spec.selector'))
  nonNegative(found, 'spec.replicas', spec.replicas)
  const selector = selectorOf({ matchLabels: spec.selector ?? {} }) ?? []
  validateRunningTemplate(found, 'spec.template', spec.template, old?.spec.template ?? null, selector, 'ReplicationController')
  return found
}

function validateStatus({ status }: ReplicationController): FieldError[] {
  const found: FieldError[] = []
  validateReplicaStatus(found, status ?? { replicas: 0 })
  return found
}

/** Their names are counted in bytes. */
const nameProblems = (name: string): string[] =>
  isDns1123Subdomain(name).map((problem) => problem.replace(/(no more than \d+) characters$/, '$1 bytes'))

export const replicationControllers = resource<ReplicationController>({
  group: '',
  version: 'v1',
  kind: 'ReplicationController',
  plural: 'replicationcontrollers',
  short: ['rc'],
  categories: ['all'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.ReplicationController',
  prefix: 'controllers',
  subresources: [
    { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  generation: true,
  status: true,
  defaults,
  drops: ungatedAt('spec', 'template', 'spec'),
  prepareCreate: (rc) => withoutStatus(rc, { replicas: 0 }),
  validate,
  validateStatus,
  // An update is warned about the template that was there before: the two are mixed up in the real strategy.
  warnings: (rc, old) => workloadWarnings(rc, old, (old ?? rc).spec.template),
  name: nameProblems,
  orphansByDefault: true,
  scale: {
    replicas: (rc) => rc.spec.replicas ?? 0,
    withReplicas: (rc, replicas) => ({ ...rc, spec: { ...rc.spec, replicas } }),
    statusReplicas: (rc) => rc.status?.replicas ?? 0,
    selector: (rc) => mapSelectorText(rc.spec.selector),
  },
  fields: { 'status.replicas': (rc) => String(rc.status?.replicas ?? 0) },
  columns: [
    nameColumn,
    integer('Desired', (rc) => rc.spec.replicas ?? 0),
    integer('Current', (rc) => rc.status?.replicas ?? 0),
    integer('Ready', (rc) => rc.status?.readyReplicas ?? 0),
    ageColumn,
    containerNames,
    containerImages,
    wide('Selector', (rc) => formatLabels(rc.spec.selector)),
  ],
})
