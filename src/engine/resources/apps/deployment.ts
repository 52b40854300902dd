/** Deployment: rolls a set of Pods from one template to the next. */

import { equal } from '#api/equal.ts'
import type { Deployment } from '#api/kinds.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ageColumn, column, containerImages, containerNames, nameColumn, selectorText, wide } from '../pod/cells.ts'
import { ungatedAt } from '../pod/gated.ts'
import { withoutStatus } from '../pod/replicas.ts'
import { shape } from '../pod/shape.ts'
import { labelSelector, podTemplate } from '../pod/shapes-pod.ts'
import { workloadWarnings } from '../pod/warnings.ts'
import { validateDeployment, validateDeploymentStatus } from './deployment-validation.ts'

const ROLLING = { maxUnavailable: '25%', maxSurge: '25%' }

const strategy = shape({
  omit: 'type',
  parts: { rollingUpdate: shape({}) },
  defaults: { type: 'RollingUpdate' },
  finish: (s) => (s.type === 'RollingUpdate' ? put(s, 'rollingUpdate', rolling(s.rollingUpdate ?? ROLLING)) : s),
})

const rolling = (r: Record<string, unknown>) =>
  r['maxUnavailable'] !== undefined && r['maxSurge'] !== undefined ? r : { ...ROLLING, ...r }

const normalSpec = shape({
  omit: 'minReadySeconds paused',
  parts: { selector: labelSelector, template: podTemplate, strategy },
  always: ['template', 'strategy'],
  defaults: { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 },
})

const normalStatus = shape({
  omit: 'observedGeneration replicas updatedReplicas readyReplicas availableReplicas unavailableReplicas',
  parts: { conditions: shape({ omit: 'reason message', defaults: { lastUpdateTime: null, lastTransitionTime: null } }) },
})

/** The generation counts changes of annotations too, for they are copied to ReplicaSets. */
function prepareUpdate(next: Deployment, old: Deployment): Deployment {
  const same = equal(next.spec, old.spec) && equal(next.metadata.annotations ?? {}, old.metadata.annotations ?? {})
  const generation = (old.metadata.generation ?? 0) + (same ? 0 : 1)
  return put(next, 'metadata', put(next.metadata, 'generation', generation))
}

/** Status writes leave the labels alone, unlike those of other kinds. */
function prepareStatus(next: Deployment, old: Deployment): Deployment {
  const { labels: _sent, ...metadata } = next.metadata
  return { ...next, metadata: old.metadata.labels ? { ...metadata, labels: old.metadata.labels } : metadata }
}

const NONE = {} as Deployment['spec']

export const deployments = resource<Deployment>({
  group: 'apps',
  version: 'v1',
  kind: 'Deployment',
  plural: 'deployments',
  short: ['deploy'],
  categories: ['all'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.apps.v1.Deployment',
  prefix: 'deployments',
  subresources: [
    { name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
    { name: 'status', verbs: ['get', 'patch', 'update'] },
  ],
  status: true,
  defaults: (d, old) =>
    put(put(d, 'spec', normalSpec(d.spec ?? NONE, old?.spec)), 'status', normalStatus(d.status ?? {}, old?.status)),
  drops: ungatedAt('spec', 'template', 'spec'),
  prepareCreate: (d) => withoutStatus({ ...d, metadata: { ...d.metadata, generation: 1 } }, {}),
  prepareUpdate,
  prepareStatus,
  validate: validateDeployment,
  validateStatus: validateDeploymentStatus,
  warnings: (d, old) => workloadWarnings(d, old),
  name: 'dns-subdomain',
  scale: {
    replicas: (d) => d.spec.replicas ?? 0,
    withReplicas: (d, replicas) => ({ ...d, spec: { ...d.spec, replicas } }),
    statusReplicas: (d) => d.status?.replicas ?? 0,
    selector: (d) => selectorText(d.spec.selector),
  },
  columns: [
    nameColumn,
    column('Ready', (d) => `${d.status?.readyReplicas ?? 0}/${d.spec.replicas ?? 0}`, 'Number of the pod with ready state'),
    column('Up-to-date', (d) => d.status?.updatedReplicas ?? 0),
    column('Available', (d) => d.status?.availableReplicas ?? 0),
    ageColumn,
    containerNames,
    containerImages,
    wide('Selector', (d) => selectorText(d.spec.selector)),
  ],
})
