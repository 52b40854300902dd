/** Pod: the group of containers that runs on one node. */
import type { Pod } from '#api/kinds.ts'
import { put, resource } from '../../apiserver/resource.ts'
import { ungatedAt } from '../pod/gated.ts'
import { defaultedPodSpec } from '../pod/pod-defaults.ts'
import { podStatus } from '../pod/shapes-status.ts'
import { podWarnings } from '../pod/warnings.ts'
import { podColumns } from './pod-columns.ts'
import { preparePod, preparePodStatus, withGrace } from './pod-prepare.ts'
import { validatePodStatus } from './pod-status-validation.ts'
import { podSubresources } from './pod-subresources.ts'
import { validatePodUpdate } from './pod-update.ts'
import { validatePodCreate } from './pod-validation.ts'

const NO_SPEC = {} as Pod['spec']
const NO_STATUS = {}

/** podStrategy.CheckGracefulDelete: unscheduled and finished Pods go at once. */
function grace(pod: Pod, asked: number | undefined): number {
  const { phase } = pod.status ?? {}
  if (!pod.spec.nodeName || phase === 'Failed' || phase === 'Succeeded') return 0
  const seconds = asked ?? pod.spec.terminationGracePeriodSeconds ?? 0
  return seconds < 0 ? 1 : seconds
}

export const pods = resource<Pod>({
  group: '',
  version: 'v1',
  kind: 'Pod',
  plural: 'pods',
  short: ['po'],
  categories: ['all'],
  scope: 'Namespaced',
  schema: 'io.k8s.api.core.v1.Pod',
  subresources: podSubresources,
  generation: true,
  status: true,
  defaults: (pod, old) => {
    const spec = old && pod.spec === old.spec ? pod.spec : withGrace(defaultedPodSpec(pod.spec ?? NO_SPEC))
    return put(put(pod, 'spec', spec), 'status', podStatus(pod.status ?? NO_STATUS, old?.status))
  },
  drops: ungatedAt('spec'),
  prepareCreate: preparePod,
  prepareStatus: preparePodStatus,
  validate: (pod, old) => (old ? validatePodUpdate(pod, old) : validatePodCreate(pod)),
  validateStatus: validatePodStatus,
  warnings: podWarnings,
  name: 'dns-subdomain',
  metaOnUpdate: 'both',
  deleteReturnsObject: true,
  grace,
  fields: {
    'spec.nodeName': (pod) => pod.spec.nodeName ?? '',
    'spec.restartPolicy': (pod) => pod.spec.restartPolicy ?? '',
    'spec.schedulerName': (pod) => pod.spec.schedulerName ?? '',
    'spec.serviceAccountName': (pod) => pod.spec.serviceAccountName ?? '',
    'spec.hostNetwork': (pod) => String(pod.spec.hostNetwork ?? false),
    'status.phase': (pod) => pod.status?.phase ?? '',
    'status.podIP': (pod) => pod.status?.podIPs?.[0]?.ip ?? '',
    'status.podIPs': () => '',
    'status.nominatedNodeName': (pod) => pod.status?.nominatedNodeName ?? '',
  },
  columns: podColumns,
})
