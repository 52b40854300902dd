/** The status of a Pod as the Go types see it: times and states that show even when they are empty. */

import { resourceList, shape } from './shape.ts'
import { resources } from './shapes-container.ts'

const time = { startedAt: null }
const state = shape({
  parts: {
    waiting: shape({ omit: 'reason message' }),
    running: shape({ defaults: time }),
    terminated: shape({
      omit: 'signal reason message containerID',
      defaults: { exitCode: 0, startedAt: null, finishedAt: null },
    }),
  },
})

const containerStatus = shape({
  omit: 'containerID allocatedResources',
  parts: { state, lastState: state, allocatedResources: resourceList, resources },
  always: ['state', 'lastState'],
  defaults: { ready: false, restartCount: 0, image: '', imageID: '' },
})

export const podStatus = shape({
  omit: 'observedGeneration phase message reason nominatedNodeName hostIP podIP qosClass resize allocatedResources',
  parts: {
    conditions: shape({ omit: 'observedGeneration reason message', defaults: { lastProbeTime: null, lastTransitionTime: null } }),
    hostIPs: shape({}),
    podIPs: shape({}),
    initContainerStatuses: containerStatus,
    containerStatuses: containerStatus,
    ephemeralContainerStatuses: containerStatus,
    allocatedResources: resourceList,
    resources,
  },
  // Where status.podIP and the first of status.podIPs differ, the singular counts (core/v1 conversion).
  finish: (status) => {
    if (status.podIP && status.podIPs?.[0]?.ip !== status.podIP) return { ...status, podIPs: [{ ip: status.podIP }] }
    if (status.podIPs && !status.podIP) return { ...status, podIP: status.podIPs[0].ip }
    return status
  },
})
