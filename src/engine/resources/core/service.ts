/** Service: one stable address in front of Pods that come and go. */

import type { Service } from '#api/kinds.ts'
import { resource } from '../../apiserver/resource.ts'
import { serviceProxy } from './roads.ts'
import { serviceColumns } from './service-columns.ts'
import { defaultedService } from './service-defaults.ts'
import { prepareService, prepareServiceUpdate } from './service-update.ts'
import { validateService, validateServiceStatus } from './service-validation.ts'
import { serviceWarnings } from './service-warnings.ts'

export const services = resource<Service>({
  group: '',
  version: 'v1',
  kind: 'Service',
  plural: 'services',
  short: ['svc'],
  categories: ['all'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.Service',
  subresources: [serviceProxy, { name: 'status', verbs: ['get', 'patch', 'update'] }],
  status: true,
  defaults: defaultedService,
  prepareCreate: prepareService,
  prepareUpdate: prepareServiceUpdate,
  validate: validateService,
  validateStatus: validateServiceStatus,
  warnings: serviceWarnings,
  // Since 1.36 a Service's name may begin with a digit (RelaxedServiceNameValidation).
  name: 'dns-label',
  createOnUpdate: true,
  deleteReturnsObject: true,
  // A new Service of that name must not find the old one's addresses, however late the controller is.
  takesAlong: 'endpoints',
  fields: {
    'spec.clusterIP': ({ spec }) => spec.clusterIP ?? '',
    'spec.type': ({ spec }) => spec.type ?? '',
  },
  columns: serviceColumns,
})
