/** Nodes as the Go types see them (SetDefaults_NodeStatus): what is allocatable is the capacity, unless something else is said. */
import { resourceList, shape } from '../pod/shape.ts'

export const normalNodeSpec = shape({
  omit: 'podCIDR providerID unschedulable externalID',
  parts: { taints: shape({ omit: 'value' }) },
  // Where spec.podCIDR and the first of spec.podCIDRs differ, the singular counts (core/v1 conversion).
  finish: (spec) => {
    if (spec.podCIDR && spec.podCIDRs?.[0] !== spec.podCIDR) return { ...spec, podCIDRs: [spec.podCIDR] }
    return spec.podCIDRs && !spec.podCIDR ? { ...spec, podCIDR: spec.podCIDRs[0] } : spec
  },
})

const NO_INFO = {
  machineID: '',
  systemUUID: '',
  bootID: '',
  kernelVersion: '',
  osImage: '',
  containerRuntimeVersion: '',
  kubeletVersion: '',
  kubeProxyVersion: '',
  operatingSystem: '',
  architecture: '',
}

export const normalNodeStatus = shape({
  omit: 'phase',
  parts: {
    capacity: resourceList,
    allocatable: resourceList,
    conditions: shape({
      omit: 'reason message',
      defaults: { type: '', status: '', lastHeartbeatTime: null, lastTransitionTime: null },
    }),
    daemonEndpoints: shape({ parts: { kubeletEndpoint: shape({ defaults: { Port: 0 } }) }, always: ['kubeletEndpoint'] }),
    nodeInfo: shape({ defaults: NO_INFO }),
  },
  always: ['daemonEndpoints', 'nodeInfo'],
  finish: (status) => (status.capacity && !status.allocatable ? { ...status, allocatable: status.capacity } : status),
})
