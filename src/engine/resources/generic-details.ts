/** The details of kinds from the catalogue that every cluster has objects of from its beginning, by group version and plural. */
import { apiServices, componentStatuses, runtimeClasses } from './core/plain-kinds.ts'
import type { Details } from './details.ts'
import { flowSchemas, priorityLevels } from './flowcontrol/flow-control.ts'
import { ipAddresses, serviceCidrs } from './networking/service-cidr.ts'

export const genericDetails: Record<string, Details> = {
  'v1/componentstatuses': componentStatuses,
  'apiregistration.k8s.io/v1/apiservices': apiServices,
  'flowcontrol.apiserver.k8s.io/v1/flowschemas': flowSchemas,
  'flowcontrol.apiserver.k8s.io/v1/prioritylevelconfigurations': priorityLevels,
  'networking.k8s.io/v1/ipaddresses': ipAddresses,
  'networking.k8s.io/v1/servicecidrs': serviceCidrs,
  'node.k8s.io/v1/runtimeclasses': runtimeClasses,
  // Where these are kept, although the rest of what they are comes later.
  'apiextensions.k8s.io/v1/customresourcedefinitions': { prefix: 'apiextensions.k8s.io/customresourcedefinitions' },
  'networking.k8s.io/v1/ingresses': { prefix: 'ingress' },
}
