/** NodeRestriction: a kubelet may only touch its own node, and the pods that are bound to it. */

import { equal } from '#api/equal.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const USER = 'system:node:'
const MIRROR = 'kubernetes.io/config.mirror'
const LEASES = 'kube-node-lease'

/** Labels outside the kubelet's own domains that it may still set (k8s.io/kubelet/pkg/apis/well_known_labels.go). */
const ITS_LABELS = new Set(
  'kubernetes.io/hostname kubernetes.io/os kubernetes.io/arch topology.kubernetes.io/zone topology.kubernetes.io/region beta.kubernetes.io/instance-type beta.kubernetes.io/os beta.kubernetes.io/arch failure-domain.beta.kubernetes.io/zone failure-domain.beta.kubernetes.io/region failure-domain.kubernetes.io/zone failure-domain.kubernetes.io/region'.split(
    ' ',
  ),
)

const within = (domain: string, parent: string): boolean => domain === parent || domain.endsWith(`.${parent}`)

function reserved(label: string): boolean {
  const domain = label.includes('/') ? label.slice(0, label.indexOf('/')) : ''
  if (within(domain, 'node-restriction.kubernetes.io')) return true
  if (!within(domain, 'kubernetes.io') && !within(domain, 'k8s.io')) return false
  return !ITS_LABELS.has(label) && !within(domain, 'kubelet.kubernetes.io') && !within(domain, 'node.kubernetes.io')
}

function changedLabels(next: Record<string, string> = {}, old: Record<string, string> = {}): string[] {
  const keys = new Set([...Object.keys(next), ...Object.keys(old)])
  return [...keys].filter((key) => next[key] !== old[key] && reserved(key)).sort()
}

/** Whether anywhere in a pod stands one of these fields. */
function mentions(value: unknown, fields: readonly string[]): boolean {
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, inner]) => (fields.includes(key) && Boolean(inner)) || mentions(inner, fields))
}

function ownerFault(pod: AnyObject, node: string, ask: Ask): string {
  const [owner, second] = pod.metadata.ownerReferences ?? []
  if (second) return `node "${node}" can only create pods with a single owner reference set to itself`
  if (owner?.apiVersion !== 'v1' || owner.kind !== 'Node' || owner.name !== node) {
    return `node "${node}" can only create pods with an owner reference set to itself`
  }
  if (!owner.controller) return `node "${node}" can only create pods with a controller owner reference set to itself`
  if (owner.blockOwnerDeletion) return `node "${node}" must not set blockOwnerDeletion on an owner reference`
  const uid = ask.hooks.read('nodes', '', node)?.metadata.uid
  return uid === owner.uid ? '' : `node ${node} UID mismatch: expected ${owner.uid} got ${uid ?? ''}`
}

/** What references each kind of object from within a pod. */
const REFERENCES: readonly (readonly [what: string, fields: readonly string[]])[] = [
  ['secrets', ['secret', 'secretRef', 'secretKeyRef', 'imagePullSecrets']],
  ['configmaps', ['configMap', 'configMapRef', 'configMapKeyRef']],
  ['clustertrustbundles', ['clusterTrustBundle']],
  ['persistentvolumeclaims', ['persistentVolumeClaim']],
]

function podFault(pod: AnyObject, node: string, ask: Ask): string {
  if (ask.old) return `unexpected operation "${ask.operation}", node "${node}" can only create and delete mirror pods`
  if (pod.metadata.annotations?.[MIRROR] === undefined) {
    return `pod does not have "${MIRROR}" annotation, node "${node}" can only create mirror pods`
  }
  if (pod['spec'].nodeName !== node) return `node "${node}" can only create pods with spec.nodeName set to itself`
  const fault = ownerFault(pod, node, ask)
  if (fault) return fault
  if (pod['spec'].serviceAccountName) return `node "${node}" can not create pods that reference a service account`
  const found = REFERENCES.find(([, fields]) => mentions(pod['spec'], fields))
  return found ? `node "${node}" can not create pods that reference ${found[0]}` : ''
}

function statusFault(pod: AnyObject, node: string, { old }: Ask): string {
  if (old?.['spec'].nodeName !== node)
    return `node "${node}" can only update pod status for pods with spec.nodeName set to itself`
  return equal(old?.metadata.labels ?? {}, pod.metadata.labels ?? {})
    ? ''
    : `node "${node}" cannot update labels through pod status`
}

function evictionFault(_: AnyObject, node: string, { hooks, namespace, name }: Ask): string {
  const bound = hooks.read('pods', namespace, name)?.['spec'].nodeName === node
  return bound ? '' : `node ${node} can only evict pods with spec.nodeName set to itself`
}

function nodeFault(next: AnyObject, node: string, { old, name }: Ask): string {
  if (name !== node) return `node "${node}" is not allowed to modify node "${name}"`
  const labels = changedLabels(next.metadata.labels, old?.metadata.labels).join(', ')
  if (!old) return labels ? `node "${node}" is not allowed to set the following labels: ${labels}` : ''
  if (!equal(next['spec']?.taints ?? [], old['spec']?.taints ?? [])) return `node "${node}" is not allowed to modify taints`
  return labels ? `is not allowed to modify labels: ${labels}` : ''
}

function tokenFault(request: AnyObject, node: string, { hooks, namespace, subresource }: Ask): string {
  if (subresource !== 'token') return ''
  const ref = request['spec']?.boundObjectRef
  if (ref?.apiVersion !== 'v1' || ref.kind !== 'Pod' || !ref.name) return 'node requested token not bound to a pod'
  if (!ref.uid) return 'node requested token with a pod binding without a uid'
  const pod = hooks.read('pods', namespace, ref.name)
  if (pod?.metadata.uid !== ref.uid) {
    return `the UID in the bound object reference (${ref.uid}) does not match the UID in record. The object might have been deleted and then recreated`
  }
  return pod?.['spec'].nodeName === node ? '' : 'node requested token bound to a pod scheduled on a different node'
}

function leaseFault(_: AnyObject, node: string, { namespace, name }: Ask): string {
  if (namespace !== LEASES) return `can only access leases in the "${LEASES}" system namespace`
  return name === node ? '' : 'can only access node lease with the same name as the requesting node'
}

type Fault = (object: AnyObject, node: string, ask: Ask) => string

/** By resource, and subresource where that matters. */
const faults: Record<string, Fault> = {
  pods: podFault,
  'pods/status': statusFault,
  'pods/eviction': evictionFault,
  nodes: nodeFault,
  serviceaccounts: tokenFault,
  'leases.coordination.k8s.io': leaseFault,
  'csinodes.storage.k8s.io': (_, node, { name }) =>
    name === node ? '' : 'can only access CSINode with the same name as the requesting node',
  persistentvolumeclaims: () => 'may only update PVC status',
  'persistentvolumeclaims/status': () => '',
}

/** The node a user is; empty for a kubelet that doesn't say which, undefined for anybody else. */
function nodeOf({ user: { name, groups } }: Ask): string | undefined {
  return name.startsWith(USER) && groups.includes('system:nodes') ? name.slice(USER.length) : undefined
}

const resources = [...new Set(Object.keys(faults).map((key) => key.split('/')[0] as string))]

function faultOf(ask: Ask): Fault | undefined {
  const { id } = ask.resource
  const path = ask.subresource ? `${id}/${ask.subresource}` : id
  if (id === 'pods' && !faults[path]) {
    return () => `unexpected pod subresource "${ask.subresource}", only 'status' and 'eviction' are allowed`
  }
  return faults[path] ?? faults[id]
}

function judge(object: AnyObject, ask: Ask): void {
  const node = nodeOf(ask)
  if (node === undefined) return
  const why = node ? faultOf(ask)?.(object, node, ask) : `could not determine node from user "${ask.user.name}"`
  if (why) throw refuse(ask, why)
}

function mutate(object: AnyObject, ask: Ask): AnyObject {
  if (ask.operation !== 'DELETE') judge(object, ask)
  return object
}

/** Deletions; everything else was judged in the first round. */
function validate(object: AnyObject, ask: Ask): void {
  const node = nodeOf(ask)
  if (node === undefined || ask.operation !== 'DELETE') return
  if (ask.resource.id !== 'pods') judge(object, ask)
  else if (object['spec'].nodeName !== node)
    throw refuse(ask, `node "${node}" can only delete pods with spec.nodeName set to itself`)
}

export const nodeRestriction = plugin({
  name: 'NodeRestriction',
  operations: ['CREATE', 'UPDATE', 'DELETE'],
  resources,
  mutate,
  validate,
})
