/** The table of Nodes (printNode). */
import type { Node } from '#api/kinds.ts'
import type { Column } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn, wide } from '../pod/cells.ts'

function status(node: Node): string {
  const ready = node.status?.conditions?.findLast((c) => c.type === 'Ready')
  const word = ready ? (ready.status === 'True' ? 'Ready' : 'NotReady') : 'Unknown'
  return node.spec?.unschedulable ? `${word},SchedulingDisabled` : word
}

const ROLE = 'node-role.kubernetes.io/'

function roles(node: Node): string {
  const found = new Set<string>()
  for (const [key, value] of Object.entries(node.metadata.labels ?? {})) {
    if (key.startsWith(ROLE) && key.length > ROLE.length) found.add(key.slice(ROLE.length))
    else if (key === 'kubernetes.io/role' && value !== '') found.add(value)
  }
  return [...found].sort().join(',') || '<none>'
}

const address = (type: string) => (node: Node) => node.status?.addresses?.find((a) => a.type === type)?.address ?? '<none>'

const info = (node: Node, field: string): string => String(node.status?.nodeInfo?.[field] ?? '')

function kernel(node: Node): string {
  const architecture = info(node, 'architecture')
  return (info(node, 'kernelVersion') || '<unknown>') + (architecture ? ` (${architecture})` : '')
}

export const nodeColumns: Column<Node>[] = [
  nameColumn,
  column('Status', status, 'The status of the node'),
  column('Roles', roles, 'The roles of the node'),
  ageColumn,
  column('Version', (node) => info(node, 'kubeletVersion'), 'Kubelet Version reported by the node.'),
  wide('Internal-IP', address('InternalIP')),
  wide('External-IP', address('ExternalIP')),
  wide('OS-Image', (node) => info(node, 'osImage') || '<unknown>'),
  wide('Kernel-Version', kernel),
  wide('Container-Runtime', (node) => info(node, 'containerRuntimeVersion') || '<unknown>'),
]
