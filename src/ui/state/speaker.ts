/** Who speaks in the story: a user name or a part's name as the caption and the control-plane strip call it. */
import { t, type Word } from '../words/index.ts'

export interface Speaker {
  /** Chip of the strip that lights up. */
  id: string
  /** Start of a sentence. */
  name: string
}

const CONTROLLERS: Record<string, Word> = {
  'deployment-controller': 'The Deployment controller',
  'replicaset-controller': 'The ReplicaSet controller',
  'statefulset-controller': 'The StatefulSet controller',
  'daemon-set-controller': 'The DaemonSet controller',
  'job-controller': 'The Job controller',
  'cronjob-controller': 'The CronJob controller',
  'persistent-volume-binder': 'The volume binder',
  'endpointslice-controller': 'The EndpointSlice controller',
  'endpoint-controller': 'The Endpoints controller',
  'namespace-controller': 'The namespace controller',
  'generic-garbage-collector': 'The garbage collector',
  'node-controller': 'The node life-cycle controller',
  'node-lifecycle-controller': 'The node life-cycle controller',
  'taint-eviction-controller': 'The taint eviction controller',
  'pod-garbage-collector': 'The pod garbage collector',
}

const known = new Map<string, Speaker>()

/** Remembered by name: every line of the journal is asked about, again and again. */
export function speakerOf(by: string): Speaker {
  const speaker = known.get(by) ?? find(by)
  known.set(by, speaker)
  return speaker
}

function find(by: string): Speaker {
  const short = by.replace(/^system:serviceaccount:kube-system:/, '').replace(/^system:/, '')
  if (/^node:|^kubelet/.test(short)) return { id: 'kubelet', name: kubelet(short) }
  if (/scheduler/.test(short)) return { id: 'scheduler', name: t('The scheduler') }
  if (/^(node-controller|node-?lifecycle)/.test(short)) return { id: 'nodes', name: t('The node life-cycle controller') }
  const controller = CONTROLLERS[short] ?? CONTROLLERS[`${short}-controller`]
  if (controller) return { id: 'controllers', name: t(controller) }
  if (/controller|collector|publisher/.test(short))
    return { id: 'controllers', name: t('The {name}', { name: short.replaceAll('-', ' ') }) }
  if (/apiserver/.test(short)) return { id: 'apiserver', name: t('The API server') }
  if (/^(kubernetes-)?(admin|learner|you)|^$/.test(short)) return { id: 'you', name: t('You') }
  return { id: 'controllers', name: short }
}

const kubelet = (who: string): string => {
  const node = /^(?:node|kubelet):(.+)$/.exec(who)?.[1]
  return node ? t('The kubelet of {node}', { node }) : t('The kubelet')
}
