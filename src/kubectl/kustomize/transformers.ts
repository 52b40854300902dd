/** What a kustomization does to all of its resources: namespace, prefix, labels, annotations, replicas, images. */
import type { AnyObject } from '#api/meta.ts'
import type { FieldSpec, Kustomization, Labels, Resource } from './kustomization.ts'

const CLUSTER_SCOPED = new Set(
  'Namespace Node PersistentVolume StorageClass ClusterRole ClusterRoleBinding CustomResourceDefinition PriorityClass IngressClass RuntimeClass CSIDriver CSINode VolumeAttachment APIService ValidatingWebhookConfiguration MutatingWebhookConfiguration ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding MutatingAdmissionPolicy MutatingAdmissionPolicyBinding FlowSchema PriorityLevelConfiguration CertificateSigningRequest'.split(
    ' ',
  ),
)
/** Kinds whose name neither prefix nor suffix changes. */
const NAMED = new Set(['Namespace', 'CustomResourceDefinition', 'APIService'])

export const transformers: readonly ((resources: Resource[], kustomization: Kustomization) => void)[] = [
  namespaces,
  names,
  (resources, { commonLabels, labels = [] }) => {
    for (const one of labels) applyLabels(resources, one)
    if (commonLabels) applyLabels(resources, { pairs: commonLabels, includeSelectors: true, includeTemplates: true })
  },
  (resources, { commonAnnotations }) => {
    if (!commonAnnotations) return
    for (const { object } of resources) {
      merge(object.metadata, 'annotations', commonAnnotations)
      for (const path of TEMPLATES[object.kind] ?? []) put(object, [...path.split('/'), 'annotations'], commonAnnotations)
    }
  },
]

export const lateTransformers: readonly ((resources: Resource[], kustomization: Kustomization) => void)[] = [
  (resources, { replicas = [] }) => {
    for (const { name, count } of replicas) {
      const meant = resources.filter(({ object, names: old }) => SCALED.has(object.kind) && old.some((one) => one.name === name))
      if (meant.length === 0)
        throw new Error(
          `resource with name ${name} does not match a config with the following GVK [Deployment.apps ReplicationController ReplicaSet.apps StatefulSet.apps]`,
        )
      for (const { object } of meant) object['spec'] = { ...object['spec'], replicas: count }
    }
  },
  (resources, { images = [] }) => {
    for (const { object } of resources) for (const image of images) eachImage(object, (text) => withImage(text, image))
  },
]

const SCALED = new Set(['Deployment', 'ReplicationController', 'ReplicaSet', 'StatefulSet'])

function namespaces(resources: Resource[], { namespace }: Kustomization): void {
  if (!namespace) return
  for (const resource of resources) {
    const { object } = resource
    if (object.kind === 'Namespace') object.metadata.name = namespace
    else if (!CLUSTER_SCOPED.has(object.kind)) object.metadata.namespace = namespace
    if (object.kind === 'RoleBinding' || object.kind === 'ClusterRoleBinding') {
      for (const subject of (object['subjects'] ?? []) as { kind: string; name: string; namespace?: string }[]) {
        const local = resources.some(
          (one) => one.object.kind === 'ServiceAccount' && one.names.some(({ name }) => name === subject.name),
        )
        if (subject.kind === 'ServiceAccount' && (subject.name === 'default' || local)) subject.namespace = namespace
      }
    }
  }
}

function names(resources: Resource[], { namePrefix = '', nameSuffix = '' }: Kustomization): void {
  for (const resource of resources) {
    const { metadata, kind } = resource.object
    if (NAMED.has(kind) || (namePrefix === '' && nameSuffix === '')) continue
    resource.names.push({ name: metadata.name, namespace: metadata.namespace ?? '' })
    metadata.name = namePrefix + metadata.name + nameSuffix
  }
}

/** Metadata of what an object makes. */
const TEMPLATES: Record<string, string[]> = {
  Deployment: ['spec/template/metadata'],
  ReplicaSet: ['spec/template/metadata'],
  ReplicationController: ['spec/template/metadata'],
  DaemonSet: ['spec/template/metadata'],
  StatefulSet: ['spec/template/metadata'],
  Job: ['spec/template/metadata'],
  CronJob: ['spec/jobTemplate/metadata', 'spec/jobTemplate/spec/template/metadata'],
}
const SELECTORS: Record<string, string[]> = {
  Service: ['spec/selector'],
  ReplicationController: ['spec/selector'],
  Deployment: ['spec/selector/matchLabels'],
  ReplicaSet: ['spec/selector/matchLabels'],
  DaemonSet: ['spec/selector/matchLabels'],
  StatefulSet: ['spec/selector/matchLabels'],
  PodDisruptionBudget: ['?spec/selector/matchLabels'],
  NetworkPolicy: ['?spec/podSelector/matchLabels'],
  Job: ['?spec/selector/matchLabels'],
  CronJob: ['?spec/jobTemplate/spec/selector/matchLabels'],
}

function applyLabels(resources: readonly Resource[], { pairs, includeSelectors, includeTemplates, fields = [] }: Labels): void {
  for (const { object } of resources) {
    merge(object.metadata, 'labels', pairs)
    if (includeSelectors) {
      for (const path of SELECTORS[object.kind] ?? []) {
        const keys = path.replace('?', '').split('/')
        // A selector that is optional gets labels only where there is one.
        if (!path.startsWith('?') || has(object, keys)) put(object, keys, pairs)
      }
    }
    if (includeSelectors || includeTemplates)
      for (const path of TEMPLATES[object.kind] ?? []) put(object, [...path.split('/'), 'labels'], pairs)
    for (const field of fields) if (meant(field, object)) put(object, field.path.split('/'), pairs)
  }
}

const meant = ({ kind, group }: FieldSpec, object: AnyObject): boolean =>
  (!kind || kind === object.kind) && (!group || object.apiVersion.startsWith(`${group}/`))

const has = (value: any, [key, ...rest]: readonly string[]): boolean =>
  key === undefined || (value?.[key] !== undefined && has(value[key], rest))

function merge(of: any, key: string, pairs: Record<string, string>): void {
  of[key] = { ...of[key], ...pairs }
}

function put(value: any, [key, ...rest]: readonly string[], pairs: Record<string, string>): void {
  if (Array.isArray(value)) for (const item of value) put(item, [key as string, ...rest], pairs)
  else if (key !== undefined && rest.length === 0) merge(value, key, pairs)
  else if (key !== undefined) put((value[key] ??= {}), rest, pairs)
}

/** Images of all containers, wherever they stand. */
function eachImage(value: any, change: (image: string) => string): void {
  if (Array.isArray(value)) for (const item of value) eachImage(item, change)
  else if (typeof value === 'object' && value !== null) {
    for (const [key, inner] of Object.entries<any>(value)) {
      if ((key === 'containers' || key === 'initContainers' || key === 'ephemeralContainers') && Array.isArray(inner)) {
        for (const container of inner) if (typeof container?.image === 'string') container.image = change(container.image)
      } else eachImage(inner, change)
    }
  }
}

type Image = NonNullable<Kustomization['images']>[0]

function withImage(text: string, { name, newName, newTag, digest, tagSuffix }: Image): string {
  const [, own = '', tag = '', hash = ''] = /^(.*?)(:[^:/@]*)?(@.*)?$/s.exec(text) ?? []
  if (own !== name) return text
  const end = digest ? `@${digest}` : newTag !== undefined && newTag !== '' ? `:${newTag}` : tag + hash
  return `${newName || own}${end}${tagSuffix && !digest ? tagSuffix : ''}`
}
