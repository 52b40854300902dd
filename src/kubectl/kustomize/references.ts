/** Where resources name others: when a name changes, these fields follow (kustomize's nameReference). */
import type { Resource } from './kustomization.ts'

const POD_SPECS: Record<string, string> = {
  Pod: 'spec',
  Deployment: 'spec/template/spec',
  ReplicaSet: 'spec/template/spec',
  ReplicationController: 'spec/template/spec',
  DaemonSet: 'spec/template/spec',
  StatefulSet: 'spec/template/spec',
  Job: 'spec/template/spec',
  CronJob: 'spec/jobTemplate/spec/template/spec',
  PodTemplate: 'template/spec',
}

const CONTAINERS = ['containers', 'initContainers', 'ephemeralContainers']
const inContainers = (...paths: string[]): string[] => CONTAINERS.flatMap((list) => paths.map((path) => `${list}/${path}`))

/** Fields of a pod spec, by the kind they name. */
const OF_PODS: Record<string, string[]> = {
  ConfigMap: [
    'volumes/configMap/name',
    'volumes/projected/sources/configMap/name',
    ...inContainers('env/valueFrom/configMapKeyRef/name', 'envFrom/configMapRef/name'),
  ],
  Secret: [
    'volumes/secret/secretName',
    'volumes/projected/sources/secret/name',
    'imagePullSecrets/name',
    'volumes/csi/nodePublishSecretRef/name',
    ...inContainers('env/valueFrom/secretKeyRef/name', 'envFrom/secretRef/name'),
  ],
  PersistentVolumeClaim: ['volumes/persistentVolumeClaim/claimName'],
  ServiceAccount: ['serviceAccountName', 'serviceAccount'],
  PriorityClass: ['priorityClassName'],
  RuntimeClass: ['runtimeClassName'],
}

/** Fields of other kinds: who has them, and which kind they name. */
const OTHERS: readonly (readonly [of: string, path: string, names: string])[] = [
  ['Ingress', 'spec/rules/http/paths/backend/service/name', 'Service'],
  ['Ingress', 'spec/defaultBackend/service/name', 'Service'],
  ['Ingress', 'spec/tls/secretName', 'Secret'],
  ['Ingress', 'spec/ingressClassName', 'IngressClass'],
  ['StatefulSet', 'spec/serviceName', 'Service'],
  ['APIService', 'spec/service/name', 'Service'],
  ['ValidatingWebhookConfiguration', 'webhooks/clientConfig/service/name', 'Service'],
  ['MutatingWebhookConfiguration', 'webhooks/clientConfig/service/name', 'Service'],
  ['ServiceAccount', 'secrets/name', 'Secret'],
  ['ServiceAccount', 'imagePullSecrets/name', 'Secret'],
  ['PersistentVolumeClaim', 'spec/volumeName', 'PersistentVolume'],
  ['PersistentVolumeClaim', 'spec/storageClassName', 'StorageClass'],
  ['PersistentVolume', 'spec/storageClassName', 'StorageClass'],
  ['StatefulSet', 'spec/volumeClaimTemplates/spec/storageClassName', 'StorageClass'],
  ['ValidatingAdmissionPolicyBinding', 'spec/policyName', 'ValidatingAdmissionPolicy'],
]

type Rename = (kind: string, name: string, namespace: string) => string

/** Lets every reference follow the names of what it refers to. */
export function followNames(resources: readonly Resource[]): void {
  const renamed = resources.filter(({ object, names }) => names.some(({ name }) => name !== object.metadata.name))
  if (renamed.length === 0) return
  const rename: Rename = (kind, name, namespace) => {
    const found = renamed.filter(({ object, names }) => object.kind === kind && names.some((old) => old.name === name))
    const near = found.find(
      ({ object, names }) => names.some((old) => old.namespace === namespace) || (object.metadata.namespace ?? '') === namespace,
    )
    return (near ?? found[0])?.object.metadata.name ?? name
  }
  for (const { object } of resources) {
    const namespace = object.metadata.namespace ?? ''
    const put = (path: string, kind: string): void => along(object, path.split('/'), (name) => rename(kind, name, namespace))
    const pods = POD_SPECS[object.kind]
    if (pods) for (const [kind, paths] of Object.entries(OF_PODS)) for (const path of paths) put(`${pods}/${path}`, kind)
    for (const [of, path, kind] of OTHERS) if (of === object.kind) put(path, kind)
    if (object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding') binding(object, rename)
    const target = object['spec']?.scaleTargetRef as { kind: string; name: string } | undefined
    if (object.kind === 'HorizontalPodAutoscaler' && target) target.name = rename(target.kind, target.name, namespace)
  }
}

function binding(object: any, rename: Rename): void {
  if (object.roleRef) object.roleRef.name = rename(object.roleRef.kind, object.roleRef.name, object.metadata.namespace ?? '')
  for (const subject of object.subjects ?? [])
    if (subject.kind === 'ServiceAccount') subject.name = rename('ServiceAccount', subject.name, subject.namespace ?? '')
}

/** Changes the texts at a path; lists on the way are gone through. */
export function along(value: any, [key, ...rest]: readonly string[], change: (text: string) => string): void {
  if (Array.isArray(value)) for (const item of value) along(item, [key as string, ...rest], change)
  else if (typeof value === 'object' && value !== null && key !== undefined && value[key] !== undefined) {
    if (rest.length > 0) along(value[key], rest, change)
    else if (typeof value[key] === 'string') value[key] = change(value[key])
  }
}
