/** The table of Pods (printPod). */
import type { Pod } from '#api/kinds.ts'
import type { Column } from '../../apiserver/resource.ts'
import { ageColumn, column, nameColumn, wide } from '../pod/cells.ts'
import { podRow, restartsCell } from '../pod/pod-status.ts'

function readinessGates(pod: Pod): string {
  const gates = pod.spec.readinessGates ?? []
  if (gates.length === 0) return '<none>'
  const holds = (type: string) => pod.status?.conditions?.find((c) => c.type === type)?.status === 'True'
  return `${gates.filter((gate) => holds(gate.conditionType)).length}/${gates.length}`
}

export const podColumns: Column<Pod>[] = [
  nameColumn,
  column('Ready', (pod) => podRow(pod).ready, 'The aggregate readiness state of this pod for accepting traffic.'),
  column('Status', (pod) => podRow(pod).status, 'The aggregate status of the containers in this pod.'),
  column(
    'Restarts',
    restartsCell,
    'The number of times the containers in this pod have been restarted and when the last container in this pod has restarted.',
  ),
  ageColumn,
  wide('IP', (pod) => pod.status?.podIPs?.[0]?.ip || '<none>'),
  wide('Node', (pod) => pod.spec.nodeName || '<none>'),
  wide('Nominated Node', (pod) => pod.status?.nominatedNodeName || '<none>'),
  wide('Readiness Gates', readinessGates),
]
