/** The order in which kustomize prints: what others need comes first. */
import type { AnyObject } from '#api/meta.ts'

const FIRST =
  'Namespace ResourceQuota StorageClass CustomResourceDefinition ServiceAccount PodSecurityPolicy Role ClusterRole RoleBinding ClusterRoleBinding ConfigMap Secret Endpoints Service LimitRange PriorityClass PersistentVolume PersistentVolumeClaim Deployment StatefulSet CronJob PodDisruptionBudget'.split(
    ' ',
  )
const LAST = ['MutatingWebhookConfiguration', 'ValidatingWebhookConfiguration']

const rank = (kind: string): number => {
  const first = FIRST.indexOf(kind)
  if (first >= 0) return first - FIRST.length
  return LAST.indexOf(kind) + 1
}

const keyOf = ({ apiVersion, kind, metadata }: AnyObject): string => {
  const [group = '', version = ''] = apiVersion.includes('/') ? apiVersion.split('/') : ['~G', apiVersion]
  return `${group}_${version}_${kind}|${metadata.namespace ?? '~X'}|${metadata.name}`
}

export const inOrder = (objects: readonly AnyObject[]): AnyObject[] =>
  objects.toSorted((a, b) => rank(a.kind) - rank(b.kind) || (keyOf(a) < keyOf(b) ? -1 : 1))
