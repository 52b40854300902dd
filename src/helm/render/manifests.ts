/** What templates come to: single manifests in the order of installation, and hooks (helm's pkg/releaseutil). */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import { HelmError } from '../io.ts'
import type { Hook } from '../release/release.ts'

export interface Manifest {
  path: string
  content: string
  kind: string
  apiVersion: string
  name: string
  annotations: Record<string, string>
}

const INSTALL_ORDER =
  'PriorityClass Namespace NetworkPolicy ResourceQuota LimitRange PodSecurityPolicy PodDisruptionBudget ServiceAccount Secret SecretList ConfigMap StorageClass PersistentVolume PersistentVolumeClaim CustomResourceDefinition ClusterRole ClusterRoleList ClusterRoleBinding ClusterRoleBindingList Role RoleList RoleBinding RoleBindingList Service DaemonSet Pod ReplicationController ReplicaSet Deployment HorizontalPodAutoscaler StatefulSet Job CronJob IngressClass Ingress APIService'.split(
    ' ',
  )
const UNINSTALL_ORDER =
  'APIService Ingress IngressClass Service CronJob Job StatefulSet HorizontalPodAutoscaler Deployment ReplicaSet ReplicationController Pod DaemonSet RoleBindingList RoleBinding RoleList Role ClusterRoleBindingList ClusterRoleBinding ClusterRoleList ClusterRole CustomResourceDefinition PersistentVolumeClaim PersistentVolume StorageClass ConfigMap SecretList Secret ServiceAccount PodDisruptionBudget PodSecurityPolicy LimitRange ResourceQuota NetworkPolicy Namespace PriorityClass'.split(
    ' ',
  )

export const HOOK = 'helm.sh/hook'
const HOOK_EVENTS: Record<string, string> = Object.fromEntries(
  'pre-install post-install pre-delete post-delete pre-upgrade post-upgrade pre-rollback post-rollback test'
    .split(' ')
    .map((name) => [name, name]),
)
HOOK_EVENTS['test-success'] = 'test'

function byKind(order: readonly string[]): (a: { kind: string }, b: { kind: string }) => number {
  const place = new Map(order.map((kind, i) => [kind, i]))
  return (a, b) => {
    const [x, y] = [place.get(a.kind), place.get(b.kind)]
    if (x === undefined && y === undefined) return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0
    if (x === undefined) return 1
    return y === undefined ? -1 : x - y
  }
}

/** The documents of a text. */
export function splitManifests(text: string): string[] {
  return text
    .trim()
    .split(/(?:^|\s*\n)---\s*/)
    .map((part) => part.trim())
    .filter(Boolean)
}

function manifestOf(path: string, content: string): Manifest {
  let value: unknown
  try {
    ;({ value } = parseYaml(content))
  } catch (error) {
    if (error instanceof YamlError)
      throw new HelmError(`YAML parse error on ${path}: error converting YAML to JSON: ${error.message}`)
    throw error
  }
  const head = (value ?? {}) as {
    apiVersion?: string
    kind?: string
    metadata?: { name?: string; annotations?: Record<string, string> }
  }
  const wrong = typeof head !== 'object' || Array.isArray(head)
  if (wrong)
    throw new HelmError(
      `YAML parse error on ${path}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${Array.isArray(head) ? 'array' : typeof head === 'boolean' ? 'bool' : typeof head} into Go value of type releaseutil.SimpleHead`,
    )
  const { annotations } = head.metadata ?? {}
  for (const [key, given] of Object.entries(annotations ?? {}))
    if (typeof given !== 'string' && given !== null)
      throw new HelmError(
        `YAML parse error on ${path}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${typeof given === 'boolean' ? 'bool' : typeof given} into Go struct field .metadata.annotations.${key} of type string`,
      )
  return {
    path,
    content,
    kind: head.kind ?? '',
    apiVersion: head.apiVersion ?? '',
    name: head.metadata?.name ?? '',
    annotations: annotations ?? {},
  }
}

export interface Sorted {
  hooks: Hook[]
  manifests: Manifest[]
}

/** `warn` is told of hooks that nobody knows; they are left out. */
export function sortManifests(files: ReadonlyMap<string, string>, warn: (text: string) => void, uninstall = false): Sorted {
  const hooks: Hook[] = []
  const manifests: Manifest[] = []
  for (const path of [...files.keys()].sort()) {
    const content = files.get(path) as string
    if (path.slice(path.lastIndexOf('/') + 1).startsWith('_') || content.trim() === '') continue
    for (const document of splitManifests(content)) {
      const manifest = manifestOf(path, document)
      const kinds = manifest.annotations[HOOK]
      if (kinds === undefined) manifests.push(manifest)
      else hooks.push(...hookOf(manifest, kinds, warn))
    }
  }
  const order = byKind(uninstall ? UNINSTALL_ORDER : INSTALL_ORDER)
  return { hooks: hooks.sort(order), manifests: manifests.sort(order) }
}

function hookOf({ path, content, kind, name, annotations }: Manifest, kinds: string, warn: (text: string) => void): Hook[] {
  const words = (key: string): string[] =>
    annotations[key] === undefined ? [] : annotations[key].split(',').map((one) => one.trim().toLowerCase())
  const events = words(HOOK).map((one) => HOOK_EVENTS[one])
  if (events.some((one) => one === undefined)) {
    warn(`info: skipping unknown hook: ${JSON.stringify(kinds)}`)
    return []
  }
  const weight = annotations['helm.sh/hook-weight'] ?? ''
  return [
    {
      name,
      kind,
      path,
      manifest: content,
      events: events as string[],
      last_run: { phase: '' },
      weight: /^[+-]?\d+$/.test(weight) ? Number(weight) : 0,
      delete_policies: words('helm.sh/hook-delete-policy'),
      output_log_policies: words('helm.sh/hook-output-log-policy'),
    },
  ]
}
