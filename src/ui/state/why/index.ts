/** Why it is so: for any object, what is in the way and what would help; each kind has its own way of looking. */
import type { AnyObject } from '#api/meta.ts'
import type { Desk } from '../desk.ts'
import { whyDeleting } from './deleting.ts'
import { whyNode } from './node.ts'
import { whyPod } from './pod.ts'
import { whyRollout } from './rollout.ts'
import { whyTraffic } from './traffic.ts'

/** One thing that was looked at: fine, in the way, under way, or beyond what can be seen from here. */
export interface Finding {
  tone: 'ok' | 'bad' | 'wait' | 'unknown'
  title: string
  text: string
  /** What one would type to change it. */
  command?: string
}

export interface Explained {
  question: string
  findings: Finding[]
}

const WHY: Record<string, (desk: Desk, object: AnyObject) => Explained | null> = {
  Pod: whyPod,
  Node: whyNode,
  Deployment: whyRollout,
  ReplicaSet: whyRollout,
  StatefulSet: whyRollout,
  DaemonSet: whyRollout,
  Service: whyTraffic,
}

export function explain(desk: Desk, object: AnyObject): Explained[] {
  const own = WHY[object.kind]?.(desk, object) ?? null
  return [whyDeleting(desk, object), own].filter((found) => found !== null)
}
