/** The details of kinds from the catalogue that the first scene has no objects of, by group version and plural. */
import { policyDetails } from './admissionregistration/policies.ts'
import { customResourceDefinitions } from './apiextensions/custom-resource-definition.ts'
import { daemonSets } from './apps/daemon-set.ts'
import { statefulSets } from './apps/stateful-set.ts'
import { horizontalPodAutoscalers, oldAutoscalers } from './autoscaling/horizontal-pod-autoscaler.ts'
import { cronJobs } from './batch/cron-job.ts'
import { jobs } from './batch/job.ts'
import { signingRequests } from './certificates/certificate-signing-request.ts'
import { limitRanges } from './core/limit-range.ts'
import { persistentVolumes } from './core/persistent-volume.ts'
import { persistentVolumeClaims } from './core/persistent-volume-claim.ts'
import { resourceQuotas } from './core/resource-quota.ts'
import type { Details } from './details.ts'
import { deviceDetails } from './dra/devices.ts'
import { ingressClasses, ingresses } from './networking/ingress.ts'
import { networkPolicies } from './networking/network-policy.ts'
import { csiDetails } from './storage/csi.ts'
import { storageClasses, volumeAttributesClasses } from './storage/storage-class.ts'

export const moreDetails: Record<string, Details> = {
  'v1/limitranges': limitRanges,
  'v1/persistentvolumeclaims': persistentVolumeClaims,
  'v1/persistentvolumes': persistentVolumes,
  'v1/resourcequotas': resourceQuotas,
  'apiextensions.k8s.io/v1/customresourcedefinitions': customResourceDefinitions,
  'apps/v1/daemonsets': daemonSets,
  'apps/v1/statefulsets': statefulSets,
  'autoscaling/v1/horizontalpodautoscalers': oldAutoscalers,
  'autoscaling/v2/horizontalpodautoscalers': horizontalPodAutoscalers,
  'batch/v1/cronjobs': cronJobs,
  'batch/v1/jobs': jobs,
  'certificates.k8s.io/v1/certificatesigningrequests': signingRequests,
  'networking.k8s.io/v1/ingressclasses': ingressClasses,
  'networking.k8s.io/v1/ingresses': ingresses,
  'networking.k8s.io/v1/networkpolicies': networkPolicies,
  'storage.k8s.io/v1/storageclasses': storageClasses,
  'storage.k8s.io/v1/volumeattributesclasses': volumeAttributesClasses,
  ...policyDetails,
  ...deviceDetails,
  ...csiDetails,
}
