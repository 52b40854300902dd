/** ReplicaSet: keeps a number of Pods of one template alive. */
import type { ReplicaSet } from '#api/kinds.ts'
import { put, resource } from '../../apiserver/resource.ts'
import {
  ageColumn,
  containerImages,
  containerNames,
  integer,
  nameColumn,
  selectorCell,
  selectorText,
  wide,
} from '../pod/cells.ts'
import { ungatedAt } from '../pod/gated.ts'
import { replicaStatus, withoutStatus } from '../pod/replicas.ts'
import { shape } from '../pod/shape.ts'
import { labelSelector, podTemplate } from '../pod/shapes-pod.ts'
import { workloadWarnings } from '../pod/warnings.ts'
import { validateReplicaSet, validateReplicaSetStatus } from './replica-set-validation.ts'

const normalSpec = shape({
  omit: 'minReadySeconds',
  parts: { selector: labelSelector, template: podTemplate },
  always: ['template'],
  defaults: { replicas: 1 },
})

const NONE = {} as ReplicaSet['spec']

export const replicaSets = resource<ReplicaSet>({
  group: 'apps',
  version: 'v1',
  kind: 'ReplicaSet',
  plural: 'replicasets',
  short: ['rs'],
  categories: ['all'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.apps.v1.ReplicaSet',
  prefix: 'replicasets',
  subresources: [
    { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  generation: true,
  status: true,
  defaults: (rs, old) =>
    put(
      put(rs, 'spec', normalSpec(rs.spec ?? NONE, old?.spec)),
      'status',
      replicaStatus(rs.status ?? { replicas: 0 }, old?.status),
    ),
  drops: ungatedAt('spec', 'template', 'spec'),
  prepareCreate: (rs) => withoutStatus(rs, { replicas: 0 }),
  validate: validateReplicaSet,
  validateStatus: validateReplicaSetStatus,
  warnings: (rs, old) => workloadWarnings(rs, old),
  name: 'dns-subdomain',
  scale: {
    replicas: (rs) => rs.spec.replicas ?? 0,
    withReplicas: (rs, replicas) => ({ ...rs, spec: { ...rs.spec, replicas } }),
    statusReplicas: (rs) => rs.status?.replicas ?? 0,
    selector: (rs) => selectorText(rs.spec.selector),
  },
  columns: [
    nameColumn,
    integer('Desired', (rs) => rs.spec.replicas ?? 0),
    integer('Current', (rs) => rs.status?.replicas ?? 0),
    integer('Ready', (rs) => rs.status?.readyReplicas ?? 0),
    ageColumn,
    containerNames,
    containerImages,
    wide('Selector', (rs) => selectorCell(rs.spec.selector)),
  ],
})
