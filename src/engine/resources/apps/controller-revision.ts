/** ControllerRevision: a template of the past, kept by DaemonSets and StatefulSets. */
import { type FieldError, required } from '#api/field-error.ts'
import type { ControllerRevision } from '#api/kinds.ts'
import { controllerOf } from '#api/meta.ts'
import { fill, resource } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { nonNegative } from '../pod/checks.ts'
import { immutable } from '../pod/validate-replicas.ts'

function controller(revision: ControllerRevision): string {
  const owner = controllerOf(revision.metadata)
  if (!owner) return '<none>'
  const cut = owner.apiVersion.indexOf('/')
  const group = cut < 0 ? '' : owner.apiVersion.slice(0, cut)
  return `${`${owner.kind}${group ? `.${group}` : ''}`.toLowerCase()}/${owner.name}`
}

function validate(revision: ControllerRevision, old: ControllerRevision | null): FieldError[] {
  const found: FieldError[] = []
  nonNegative(found, 'revision', revision.revision)
  const { data } = revision
  if (old) immutable(found, 'data', data, old.data)
  else if (data === undefined || data === null) found.push(required('data', 'data is mandatory'))
  else if (typeof data !== 'object' || Array.isArray(data)) found.push(required('data', 'data must be a valid JSON object'))
  return found
}

export const controllerRevisions = resource<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  scope: 'Namespaced',
  schema: 'io.k8s.api.apps.v1.ControllerRevision',
  prefix: 'controllerrevisions',
  defaults: (revision) => fill(revision, { revision: 0 }),
  validate,
  metaOnUpdate: 'both',
  name: 'dns-subdomain',
  columns: [
    nameColumn,
    column('Controller', controller, 'Controller of the object'),
    column('Revision', (revision) => revision.revision ?? 0, 'Revision indicates the revision of the state represented by Data.'),
    ageColumn,
  ],
})
