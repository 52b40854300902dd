/** Keeps a Pod off nodes where one of its host ports is taken. */

import { anyClash, hostPortsOf } from '#api/host-ports.ts'
import { plugin, ready, skip } from '../framework.ts'
import { unschedulable } from '../verdict.ts'

const NAME = 'NodePorts'
const taken = unschedulable(NAME, "node(s) didn't have free ports for the requested pod ports")

export const nodePorts = plugin({
  name: NAME,
  local: true,
  preFilter: ({ ports }) => (ports.length === 0 ? skip : ready),
  filter: ({ ports }, node) => (node.ports.length > 0 && anyClash(ports, node.ports) ? taken : null),
  retryOn: { 'node/add': true, 'pod/delete': (pod, old) => anyClash(hostPortsOf(pod), hostPortsOf(old)) },
})
