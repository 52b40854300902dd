/** Node: a machine that runs Pods. */

import type { Node } from '#api/kinds.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { nodeColumns } from './node-columns.ts'
import { normalNodeSpec, normalNodeStatus } from './node-defaults.ts'
import { nodeWarnings, validateNode, validateNodeStatus } from './node-validation.ts'
import { nodeProxy } from './roads.ts'

/** Where a kubelet's configuration came from is told no more. */
function withoutSource(spec: Node['spec'] & { configSource?: unknown }): Node['spec'] {
  if (!('configSource' in spec)) return spec
  const { configSource: _gone, ...rest } = spec
  return rest
}

export const nodes = resource<Node>({
  group: '',
  version: 'v1',
  kind: 'Node',
  plural: 'nodes',
  prefix: 'minions',
  short: ['no'],
  scope: 'Cluster',
  schema: 'io.k8s.api.core.v1.Node',
  subresources: [nodeProxy, { name: 'status', verbs: ['get', 'patch', 'update'] }],
  status: true,
  defaults: (node) => put(put(node, 'spec', normalNodeSpec(node.spec ?? {})), 'status', normalNodeStatus(node.status ?? {})),
  drops: (node) => put(node, 'spec', withoutSource(node.spec)),
  // Nodes, unlike other kinds, may be created with a status (a kubelet registers itself so).
  prepareCreate: (node) => node,
  metaOnUpdate: 'both',
  validate: validateNode,
  validateStatus: validateNodeStatus,
  warnings: nodeWarnings,
  name: 'dns-subdomain',
  fields: { 'spec.unschedulable': (node) => String(node.spec?.unschedulable ?? false) },
  columns: nodeColumns,
})
