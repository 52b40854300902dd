/** Who speaks in the story: a user name or a part's name as the caption and the control-plane strip call it. */

export interface Speaker {
  /** Chip of the strip that lights up. */
  id: string
  /** Start of a sentence. */
  name: string
}

const CONTROLLERS: Record<string, string> = {
  'deployment-controller': 'The Deployment controller',
  'replicaset-controller': 'The ReplicaSet controller',
  'endpointslice-controller': 'The EndpointSlice controller',
  'endpoint-controller': 'The Endpoints controller',
  'namespace-controller': 'The namespace controller',
  'generic-garbage-collector': 'The garbage collector',
  'node-controller': 'The node life-cycle controller',
  'node-lifecycle-controller': 'The node life-cycle controller',
  'taint-eviction-controller': 'The taint eviction controller',
  'pod-garbage-collector': 'The pod garbage collector',
}

export function speakerOf(by: string): Speaker {
  const short = by.replace(/^system:serviceaccount:kube-system:/, '').replace(/^system:/, '')
  if (/^node:|^kubelet/.test(short)) return { id: 'kubelet', name: `The kubelet${onNode(short)}` }
  if (/scheduler/.test(short)) return { id: 'scheduler', name: 'The scheduler' }
  if (/^(node-controller|node-?lifecycle)/.test(short)) return { id: 'nodes', name: CONTROLLERS['node-controller'] ?? '' }
  const controller = CONTROLLERS[short] ?? CONTROLLERS[`${short}-controller`]
  if (controller) return { id: 'controllers', name: controller }
  if (/controller|collector|publisher/.test(short)) return { id: 'controllers', name: `The ${short.replaceAll('-', ' ')}` }
  if (/apiserver/.test(short)) return { id: 'apiserver', name: 'The API server' }
  if (/^(kubernetes-)?(admin|learner|you)|^$/.test(short)) return { id: 'you', name: 'You' }
  return { id: 'controllers', name: short }
}

const onNode = (who: string): string => {
  const name = /^(?:node|kubelet):(.+)$/.exec(who)?.[1]
  return name ? ` of ${name}` : ''
}
