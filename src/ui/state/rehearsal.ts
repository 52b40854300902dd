/** Trying something out on a copy of this moment: another worker goes on from it, and what came of it is compared. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Visitors } from '#api/request.ts'
import { t } from '../words/index.ts'
import type { Action } from './actions.ts'
import type { Outlook } from './choices.ts'
import { clockText, createClock } from './clock.ts'
import type { Desk } from './desk.ts'
import { lookOf } from './look.ts'
import { uidOf } from './scene.ts'
import { isSystem } from './seats.ts'

export interface Stage {
  /** As this page's desk, but what is done there is done to the copy. */
  readonly desk: Desk
  list(path: string): Promise<AnyObject[]>
  lost(): number
  end(): void
}

/** A copy of the cluster as it is now, that stands still until told otherwise. */
export async function openStage(desk: Desk): Promise<Stage> {
  const { transport, end } = await desk.lifeline.getState().rehearse()
  let visitors: readonly Visitors[] = []
  const clock = createClock()
  transport.simulation?.subscribe((news) => {
    clock.take(news.status)
    visitors = news.visitors ?? visitors
  })
  return {
    desk: { ...desk, transport, simulation: transport.simulation, clock },
    async list(path) {
      const { body } = await transport.request({ method: 'GET', path })
      return (body as { items?: AnyObject[] }).items ?? []
    },
    lost: () => visitors.reduce((sum, v) => sum + v.lost, 0),
    end,
  }
}

/** Before controllers have taken notice everything still looks ready. */
const BEGIN_MS = 1500
const READY_LIMIT_MS = 60_000
/** A silent machine's pods are given up after about six minutes. */
const SILENCE_MS = 380_000
const SILENT = /^(?:power-off|node-link|node-kubelet)$/

/** Does it to a copy of this moment, and says what would come of it. */
export async function foresee(desk: Desk, title: string, make: (desk: Desk) => Action | undefined): Promise<Outlook> {
  const stage = await openStage(desk)
  try {
    const simulation = stage.desk.simulation
    const before = await simulation?.advance(0)
    const [pods, lost] = [await podsOf(stage), stage.lost()]
    const outcome = await make(stage.desk)?.run()
    if (outcome && !outcome.ok)
      return { ...nothing(title), lines: [t('It would be refused: {message}', { message: outcome.message })] }
    const silent = SILENT.test(make(desk)?.id ?? '')
    await simulation?.advance(silent ? SILENCE_MS : BEGIN_MS)
    const end = await simulation?.runUntil({ kind: 'ready' }, READY_LIMIT_MS)
    const then = await podsOf(stage)
    const ms = (end?.status.elapsed ?? 0) - (before?.elapsed ?? 0)
    return outlookOf(title, pods, then, { ms, lost: stage.lost() - lost, settled: end?.reached ?? false })
  } finally {
    stage.end()
  }
}

const nothing = (title: string): Outlook => ({ title, lines: [], gone: [], come: [] })

const podsOf = async (stage: Stage): Promise<Pod[]> => (await stage.list('/api/v1/pods')) as unknown as Pod[]

interface After {
  ms: number
  lost: number
  settled: boolean
}

function outlookOf(title: string, before: Pod[], after: Pod[], { ms, lost, settled }: After): Outlook {
  const [then, now] = [new Set(after.map(uidOf)), new Set(before.map(uidOf))]
  const gone = before.filter((pod) => !then.has(uidOf(pod)))
  const come = after.filter((pod) => !now.has(uidOf(pod)))
  const waiting = come.filter((pod) => !pod.spec.nodeName).length
  const stuck = after.filter((pod) => now.has(uidOf(pod)) && pod.metadata.deletionTimestamp).length
  const lines = [
    gone.length + come.length + stuck === 0 && t('No pod would come or go.'),
    gone.length > 0 && t('Pods that would go: {count}.', { count: gone.length }),
    come.length > 0 && t('Pods that would come: {count}.', { count: come.length }),
    stuck > 0 && t('Pods that would hang in termination: {count}; nobody there confirms it.', { count: stuck }),
    waiting > 0 && t('Without a machine: {count}.', { count: waiting }),
    lost > 0 && t('Requests lost: {count}.', { count: lost }),
    settled
      ? t('All would be ready after {time}.', { time: clockText(ms) })
      : t('After {time} not all would be ready.', { time: clockText(ms) }),
  ]
  return {
    title,
    lines: lines.filter((line) => line !== false),
    gone: gone.map(uidOf),
    // The system's have no tiles of their own where there is little room.
    come: come
      .filter(({ metadata }) => !isSystem(metadata.namespace))
      .map((pod) => ({ name: pod.metadata.name, node: pod.spec.nodeName ?? '', ready: lookOf(pod).family === 'good' })),
  }
}
