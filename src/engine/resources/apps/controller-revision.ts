/** ControllerRevision: a template of the past, kept by DaemonSets and StatefulSets. */
import type { ControllerRevision } from '#api/kinds.ts'
import { controllerOf } from '#api/meta.ts'
import { resource } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'

function controller(revision: ControllerRevision): string {
  const owner = controllerOf(revision.metadata)
  if (!owner) return '<none>'
  const cut = owner.apiVersion.indexOf('/')
  const group = cut < 0 ? '' : owner.apiVersion.slice(0, cut)
  return `${`${owner.kind}${group ? `.${group}` : ''}`.toLowerCase()}/${owner.name}`
}

export const controllerRevisions = resource<ControllerRevision>({
  group: 'apps',
  version: 'v1',
  kind: 'ControllerRevision',
  plural: 'controllerrevisions',
  scope: 'Namespaced',
  schema: 'io.k8s.api.apps.v1.ControllerRevision',
  prefix: 'controllerrevisions',
  name: 'dns-subdomain',
  columns: [
    nameColumn,
    column('Controller', controller, 'Controller of the object'),
    column('Revision', (revision) => revision.revision ?? 0, 'Revision indicates the revision of the state represented by Data.'),
    ageColumn,
  ],
})
