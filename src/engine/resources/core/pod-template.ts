/** PodTemplate: a template by itself, which nothing in the control plane uses. */

import { equal } from '#api/equal.ts'
import type { FieldError } from '#api/field-error.ts'
import type { PodTemplateSpec } from '#api/kinds.ts'
import type { KubeObject } from '#api/meta.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { column, formatLabels, nameColumn } from '../pod/cells.ts'
import { ungatedAt } from '../pod/gated.ts'
import { podTemplate } from '../pod/shapes-pod.ts'
import { validatePodTemplate } from '../pod/validate-template.ts'
import { templateWarnings } from '../pod/warnings.ts'

export interface PodTemplate extends KubeObject {
  template: PodTemplateSpec
}

const NONE = {} as PodTemplateSpec
const containers = (object: PodTemplate) => object.template.spec.containers ?? []

export const podTemplates = resource<PodTemplate>({
  group: '',
  version: 'v1',
  kind: 'PodTemplate',
  plural: 'podtemplates',
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.PodTemplate',
  generation: true,
  defaults: (object) => put(object, 'template', podTemplate(object.template ?? NONE)),
  drops: ungatedAt('template', 'spec'),
  validate(object, old) {
    const found: FieldError[] = []
    validatePodTemplate(found, 'template', object.template, old?.template ?? null)
    return found
  },
  warnings: (object, old) => (old && equal(object.template, old.template) ? [] : templateWarnings('template', object.template)),
  name: 'dns-subdomain',
  deleteReturnsObject: true,
  columns: [
    nameColumn,
    column(
      'Containers',
      (object) =>
        containers(object)
          .map((c) => c.name)
          .join(','),
      'Names of each container in the template.',
    ),
    column(
      'Images',
      (object) =>
        containers(object)
          .map((c) => c.image ?? '')
          .join(','),
      'Images referenced by each container in the template.',
    ),
    column('Pod Labels', (object) => formatLabels(object.template.metadata?.labels), 'The labels for the pod template.'),
  ],
})
