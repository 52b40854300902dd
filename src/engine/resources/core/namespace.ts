/** Namespace: a scope for names. It goes only when everything in it has gone. */
import { type FieldError, invalid } from '#api/field-error.ts'
import type { Namespace } from '#api/kinds.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { finalizerErrors, namespaceFinalize } from './namespace-finalize.ts'

const normalStatus = shape({
  omit: 'phase',
  parts: { conditions: shape({ omit: 'reason message', defaults: { lastTransitionTime: null } }) },
})

const NAME_LABEL = 'kubernetes.io/metadata.name'

/** Every Namespace bears its name as a label, so that selectors can pick it. */
function labelled(namespace: Namespace): Namespace {
  const { metadata } = namespace
  if (!metadata.name || metadata.labels?.[NAME_LABEL] === metadata.name) return namespace
  return { ...namespace, metadata: { ...metadata, labels: { ...metadata.labels, [NAME_LABEL]: metadata.name } } }
}

function withFinalizer(namespace: Namespace): Namespace {
  const given = namespace.spec?.finalizers ?? []
  const finalizers = given.includes('kubernetes') ? given : [...given, 'kubernetes']
  return { ...namespace, spec: { finalizers }, status: { phase: 'Active' } }
}

/** The phase goes with the deletion timestamp. */
function phaseErrors({ metadata, status }: Namespace): FieldError[] {
  const phase = status?.phase ?? ''
  if (!metadata.deletionTimestamp) {
    return phase === 'Active' ? [] : [invalid('status.Phase', phase, "may only be 'Active' if `deletionTimestamp` is empty")]
  }
  return phase === 'Terminating'
    ? []
    : [invalid('status.Phase', phase, "may only be 'Terminating' if `deletionTimestamp` is not empty")]
}

export const namespaces = resource<Namespace>({
  group: '',
  version: 'v1',
  kind: 'Namespace',
  plural: 'namespaces',
  short: ['ns'],
  scope: 'Cluster',
  schema: 'io.k8s.api.core.v1.Namespace',
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  subresources: [namespaceFinalize, { name: 'status', verbs: ['get', 'patch', 'update'] }],
  status: true,
  defaults: (namespace) => {
    const spec = namespace.spec ?? {}
    const status = normalStatus(namespace.status ?? {})
    return put(put(labelled(namespace), 'spec', spec), 'status', status.phase ? status : { ...status, phase: 'Active' })
  },
  prepareCreate: withFinalizer,
  prepareUpdate: (next, old) => put(next, 'spec', old.spec ?? {}),
  validate: (namespace) => finalizerErrors(namespace.spec?.finalizers ?? [], () => 'spec.finalizers'),
  validateStatus: phaseErrors,
  name: 'dns-label',
  metaOnUpdate: 'both',
  deleteReturnsObject: true,
  deleting: (namespace) => put(namespace, 'status', { ...namespace.status, phase: 'Terminating' }),
  fields: { 'status.phase': (namespace) => namespace.status?.phase ?? '' },
  columns: [nameColumn, column('Status', (namespace) => namespace.status?.phase ?? '', 'The status of the namespace'), ageColumn],
})
