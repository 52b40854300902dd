/** Why something that was deleted is still there: its grace, its finalizers, or a machine that does not answer. */
import type { Node, Pod } from '#api/kinds.ts'
import type { AnyObject, Condition } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import { t, type Word } from '../../words/index.ts'
import type { Desk } from '../desk.ts'
import { nodeLook } from '../look.ts'
import type { Explained, Finding } from './index.ts'

const WAITS_FOR: Record<string, Word> = {
  'kubernetes.io/pvc-protection': 'a Pod still uses this claim',
  'kubernetes.io/pv-protection': 'a claim is still bound to this volume',
  foregroundDeletion: 'what it owns has to go first',
  orphan: 'what it owns has to be let go first',
  'batch.kubernetes.io/job-tracking': 'the Job controller has to count this Pod first',
  kubernetes: 'everything in the namespace has to go first',
  'service.kubernetes.io/load-balancer-cleanup': 'its load balancer has to go first',
}

export function whyDeleting({ mirror, clock }: Desk, object: AnyObject): Explained | null {
  const { deletionTimestamp, finalizers = [] } = object.metadata
  if (!deletionTimestamp) return null
  const findings: Finding[] = []
  const over = parseTime(deletionTimestamp) - clock.now()
  if (object.kind === 'Pod')
    findings.push(podFinding(mirror.get('nodes', object['spec']?.nodeName), object as unknown as Pod, over))
  const waits = [...finalizers, ...((object['spec']?.finalizers ?? []) as string[])]
  for (const finalizer of waits) {
    const known = WAITS_FOR[finalizer]
    findings.push({
      tone: 'wait',
      title: t('Finalizer {finalizer}', { finalizer }),
      text: known ? t(known) : t('whoever set it has to finish its work and take it off'),
    })
  }
  for (const c of (object['status']?.conditions ?? []) as Condition[]) {
    if (object.kind === 'Namespace' && c.status === 'True') findings.push({ tone: 'wait', title: c.type, text: c.message ?? '' })
  }
  return { question: t('Why is it still there?'), findings }
}

function podFinding(node: AnyObject | undefined, pod: Pod, over: number): Finding {
  if (node && !nodeLook(node as unknown as Node).ready)
    return {
      tone: 'bad',
      title: t('Its machine is silent'),
      text: t('Only the kubelet of {nodeName} can say that the containers have ended, and it does not answer.', {
        nodeName: pod.spec.nodeName ?? '',
      }),
      command: `kubectl delete pod ${pod.metadata.name} --force --grace-period=0`,
    }
  const seconds = Math.max(0, Math.ceil(over / 1000))
  return {
    tone: 'wait',
    title: t('Grace period'),
    text:
      seconds > 0
        ? t('Its containers were told to end (SIGTERM) and have {seconds} s left before they are killed.', { seconds })
        : t('Its grace is over: the kubelet kills what still runs.'),
  }
}
