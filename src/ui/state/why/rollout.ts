/** Why a workload is not what was asked for: what its newest pods suffer from, and what keeps the rest from going on. */
import type { Deployment, Pod } from '#api/kinds.ts'
import type { AnyObject, Condition } from '#api/meta.ts'
import { controllerOf } from '#api/meta.ts'
import { t } from '../../words/index.ts'
import type { Desk } from '../desk.ts'
import { lookOf, shortName } from '../look.ts'
import { uidOf } from '../scene.ts'
import type { Explained, Finding } from './index.ts'

export function whyRollout(desk: Desk, object: AnyObject): Explained | null {
  if (object.metadata.deletionTimestamp) return null
  const status = object['status'] ?? {}
  const wanted: number = object['spec']?.replicas ?? status.desiredNumberScheduled ?? 1
  const ready: number = status.readyReplicas ?? status.numberReady ?? 0
  const findings: Finding[] = [
    {
      tone: ready >= wanted ? 'ok' : 'wait',
      title: t('Asked for'),
      text: t('{wanted} wanted, {ready} ready.', { wanted, ready }),
    },
  ]
  findings.push(...conditionFindings(status.conditions ?? []))
  const newest = object.kind === 'Deployment' ? newestReplicaSet(desk, object) : object
  if (newest) findings.push(...podFindings(desk, newest))
  if (object.kind === 'Deployment' && newest && newest !== object)
    findings.push(...paceFindings(desk, object as unknown as Deployment, newest))
  const stuck = findings.some((f) => f.tone === 'bad')
  return {
    question: stuck ? t('Why is it stuck?') : ready < wanted ? t('What is it waiting for?') : t('Is it as asked for?'),
    findings,
  }
}

function conditionFindings(conditions: Condition[]): Finding[] {
  return conditions.flatMap((c): Finding[] => {
    if (c.type === 'Progressing' && c.status === 'False')
      return [{ tone: 'bad', title: c.reason ?? c.type, text: c.message ?? '' }]
    if (c.type === 'ReplicaFailure' && c.status === 'True')
      return [{ tone: 'bad', title: c.reason ?? c.type, text: c.message ?? '' }]
    if (c.type === 'Available' && c.status === 'False')
      return [{ tone: 'wait', title: c.reason ?? c.type, text: c.message ?? '' }]
    return []
  })
}

function newestReplicaSet({ mirror }: Desk, deployment: AnyObject): AnyObject | undefined {
  const own = [...mirror.all('replicasets').values()].filter((rs) => controllerOf(rs.metadata)?.uid === uidOf(deployment))
  const revision = (rs: AnyObject): number => Number(rs.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  return own.sort((a, b) => revision(b) - revision(a))[0]
}

/** Pods in trouble, one line per kind of trouble. */
function podFindings({ mirror }: Desk, owner: AnyObject): Finding[] {
  const words = new Map<string, { pods: Pod[]; family: string }>()
  for (const pod of mirror.all('pods').values()) {
    if (controllerOf(pod.metadata)?.uid !== uidOf(owner)) continue
    const look = lookOf(pod as unknown as Pod)
    if (look.family === 'good' && look.fill === 'solid') continue
    const known = words.get(look.word) ?? { pods: [], family: look.family }
    known.pods.push(pod as unknown as Pod)
    words.set(look.word, known)
  }
  return [...words].map(([word, { pods, family }]) => ({
    tone: family === 'bad' ? 'bad' : 'wait',
    title: word,
    text: `${pods
      .map((pod) => shortName(pod.metadata.name))
      .slice(0, 4)
      .join(', ')}${pods.length > 4 ? ` and ${pods.length - 4} more` : ''}`,
    command: `kubectl describe pod ${pods[0]?.metadata.name ?? ''}`,
  }))
}

/** While old pods remain: why they do. */
function paceFindings({ mirror }: Desk, { spec, metadata }: Deployment, newest: AnyObject): Finding[] {
  const old = [...mirror.all('replicasets').values()].filter(
    (rs) => controllerOf(rs.metadata)?.uid === metadata.uid && rs !== newest && (rs['status']?.replicas ?? 0) > 0,
  )
  if (old.length === 0) return []
  const { maxUnavailable = '25%', maxSurge = '25%' } = spec.strategy?.rollingUpdate ?? {}
  return [
    {
      tone: 'wait',
      title: t('Old pods remain'),
      text: t(
        '{n} of an earlier revision go only as new ones get ready (maxUnavailable {maxUnavailable}, maxSurge {maxSurge}).',
        { n: old.reduce((sum, rs) => sum + (rs['status']?.replicas ?? 0), 0), maxUnavailable, maxSurge },
      ),
      command: `kubectl rollout undo deployment ${metadata.name}`,
    },
  ]
}
