/** What one sees without reading anybody's writes: pods that become ready or fall into trouble, machines that fall silent. */
import type { ContainerStatus, Node, Pod } from '#api/kinds.ts'
import type { AnyObject, Condition } from '#api/meta.ts'
import type { Stop } from '#api/request.ts'
import { parseTime } from '#api/time.ts'
import type { Change, Mirror } from '#client/mirror.ts'
import { t } from '../words/index.ts'
import type { ChoicesStore } from './choices.ts'
import type { Clock } from './clock.ts'
import { type Look, lookOf, nodeLook, shortName } from './look.ts'
import { isLoud } from './loud.ts'
import type { Sentence, Story } from './story.ts'

/** What one sees is told after so long, if it is still so: a jump in time passes through moments that never were. */
const SETTLE_MS = 250

export function observe(mirror: Mirror, story: Story, clock: Clock, choices: ChoicesStore): Stop {
  let seq = 0
  const seen: Seen = { jumpedAt: Number.NEGATIVE_INFINITY, waiting: [], timer: undefined }
  const tell = (
    text: string,
    tone: Sentence['tone'],
    who: string,
    resource: string,
    meta: { namespace?: string; name: string },
  ): void => {
    seq -= 1
    const { namespace = '', name } = meta
    const key = namespace ? `${namespace}/${name}` : name
    const look = stateOf(resource, mirror.get(resource, key))
    const holds = (): boolean => stateOf(resource, mirror.get(resource, key)) === look
    const sentence: Sentence = { seq, at: clock.now(), text, tone, who, object: { resource, namespace, name }, holds }
    seen.waiting.push(() => holds() && story.take([sentence], isLoud(choices, sentence) ? 0 : Number.POSITIVE_INFINITY))
    seen.timer ??= setTimeout(() => {
      const told = seen.waiting.splice(0)
      seen.timer = undefined
      for (const say of told) say()
    }, SETTLE_MS)
  }
  const stops = [
    noticeJumps(clock, seen),
    mirror.subscribe((changes) => {
      // The past is not news: what is seen there was told when it happened.
      if (isPast(clock) || performance.now() - seen.jumpedAt < SETTLE_MS * 2) return
      for (const change of changes) {
        if (!change.before || !change.after || !isNews(change.after, clock)) continue
        if (change.id === 'pods') seePod(change, tell)
        else if (change.id === 'nodes') seeNode(change, tell)
      }
    }),
  ]
  return () => {
    clearTimeout(seen.timer)
    for (const stop of stops) stop()
  }
}

interface Seen {
  /** When time last jumped, wall ms. */
  jumpedAt: number
  waiting: (() => unknown)[]
  timer: ReturnType<typeof setTimeout> | undefined
}

const isPast = ({ store }: Clock): boolean => store.getState().status?.present !== undefined

/** Into the past, back, or to before what was undone: what was seen on the way did not happen. */
const noticeJumps = ({ store }: Clock, seen: Seen): Stop =>
  store.subscribe(({ status }, { status: before }) => {
    if (!status || !before) return
    if ((status.present === undefined) === (before.present === undefined) && status.now >= before.now) return
    seen.jumpedAt = performance.now()
    seen.waiting = []
  })

/** What a sentence is about: whether it is still so when the sentence is told. */
function stateOf(resource: string, object: AnyObject | undefined): string {
  if (!object) return ''
  if (resource === 'nodes') return String(nodeLook(object as unknown as Node).ready)
  const { family, fill } = lookOf(object as unknown as Pod)
  return `${family} ${fill}`
}

/** After a jump in time everything may differ from what one saw last, without anything having happened just now. */
const NEWS_MS = 8000

function isNews(object: AnyObject, clock: Clock): boolean {
  const { status } = clock.store.getState()
  if (!status) return true
  const speed = typeof status.speed === 'number' ? status.speed : 1
  const times: string[] = [
    ...(object['status']?.conditions ?? []).map((c: Condition) => c.lastTransitionTime ?? ''),
    ...(object['status']?.containerStatuses ?? []).flatMap((c: ContainerStatus) => [
      c.state?.running?.startedAt ?? '',
      c.state?.terminated?.finishedAt ?? c.lastState?.terminated?.finishedAt ?? '',
    ]),
    object.metadata.deletionTimestamp ?? '',
  ]
  const latest = times.reduce((last, time) => (time > last ? time : last), '')
  return latest === '' || parseTime(latest) > status.now - Math.max(NEWS_MS, NEWS_MS * speed)
}

type Tell = (
  text: string,
  tone: Sentence['tone'],
  who: string,
  resource: string,
  meta: { namespace?: string; name: string },
) => void

const isUp = ({ family, fill }: Look): boolean => family === 'good' && fill === 'solid'

function seePod({ before, after }: Change, tell: Tell): void {
  const [old, pod] = [before as unknown as Pod, after as unknown as Pod]
  const [then, now] = [lookOf(old), lookOf(pod)]
  const name = shortName(pod.metadata.name)
  const where = pod.spec.nodeName ? t(' on {node}', { node: pod.spec.nodeName }) : ''
  if (pod.metadata.deletionTimestamp) return
  if (!isUp(then) && isUp(now))
    tell(t('Pod {name}{where} is ready: its Services may send to it.', { name, where }), 'good', 'kubelet', 'pods', pod.metadata)
  else if (isUp(then) && now.family === 'good')
    tell(
      t('Pod {name}{where} is not ready any more: its Services leave it out.', { name, where }),
      'bad',
      'kubelet',
      'pods',
      pod.metadata,
    )
  else if (then.family !== 'bad' && now.family === 'bad')
    tell(t('Pod {name}{where} is in trouble: {word}.', { name, where, word: now.word }), 'bad', 'kubelet', 'pods', pod.metadata)
  const [asked, answered] = [verdict(old), verdict(pod)]
  if (answered && asked !== answered)
    tell(
      t('The scheduler finds no machine for Pod {name}: {answered}', { name, answered }),
      'bad',
      'scheduler',
      'pods',
      pod.metadata,
    )
}

const verdict = (pod: Pod): string | undefined =>
  pod.status?.conditions
    ?.find((c) => c.type === 'PodScheduled' && c.status === 'False')
    ?.message?.split(' preemption:')[0]
    ?.replace(/\. no new claims to deallocate,?$/, '.')

function seeNode({ before, after }: Change, tell: Tell): void {
  const [old, node] = [before as unknown as Node, after as unknown as Node]
  const [then, now] = [nodeLook(old), nodeLook(node)]
  const { name } = node.metadata
  if (then.ready && !now.ready)
    tell(t('{name} is NotReady: its kubelet has not been heard of.', { name }), 'bad', 'nodes', 'nodes', node.metadata)
  if (!then.ready && now.ready) tell(t('{name} is Ready.', { name }), 'good', 'kubelet', 'nodes', node.metadata)
}
