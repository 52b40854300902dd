/** What one sees without reading anybody's writes: pods that become ready or fall into trouble, machines that fall silent. */
import type { Node, Pod } from '#api/kinds.ts'
import type { Stop } from '#api/request.ts'
import type { Change, Mirror } from '#client/mirror.ts'
import type { Clock } from './clock.ts'
import { type Look, lookOf, nodeLook, shortName } from './look.ts'
import type { Sentence, Story } from './story.ts'

export function observe(mirror: Mirror, story: Story, clock: Clock): Stop {
  let seq = 0
  const tell = (
    text: string,
    tone: Sentence['tone'],
    who: string,
    resource: string,
    meta: { namespace?: string; name: string },
  ): void => {
    seq -= 1
    story.tell({ seq, at: clock.now(), text, tone, who, object: { resource, namespace: meta.namespace ?? '', name: meta.name } })
  }
  return mirror.subscribe((changes) => {
    for (const change of changes) {
      if (!change.before || !change.after) continue
      if (change.id === 'pods') seePod(change, tell)
      else if (change.id === 'nodes') seeNode(change, tell)
    }
  })
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
  const where = pod.spec.nodeName ? ` on ${pod.spec.nodeName}` : ''
  if (pod.metadata.deletionTimestamp) return
  if (!isUp(then) && isUp(now))
    tell(`Pod ${name}${where} is ready: its Services may send to it.`, 'good', 'kubelet', 'pods', pod.metadata)
  else if (isUp(then) && now.family === 'good')
    tell(`Pod ${name}${where} is not ready any more: its Services leave it out.`, 'bad', 'kubelet', 'pods', pod.metadata)
  else if (then.family !== 'bad' && now.family === 'bad')
    tell(`Pod ${name}${where} is in trouble: ${now.word}.`, 'bad', 'kubelet', 'pods', pod.metadata)
  const [asked, answered] = [verdict(old), verdict(pod)]
  if (answered && asked !== answered)
    tell(`The scheduler finds no machine for Pod ${name}: ${answered}`, 'bad', 'scheduler', 'pods', pod.metadata)
}

const verdict = (pod: Pod): string | undefined =>
  pod.status?.conditions?.find((c) => c.type === 'PodScheduled' && c.status === 'False')?.message?.split(' preemption:')[0]

function seeNode({ before, after }: Change, tell: Tell): void {
  const [old, node] = [before as unknown as Node, after as unknown as Node]
  const [then, now] = [nodeLook(old), nodeLook(node)]
  const { name } = node.metadata
  if (then.ready && !now.ready)
    tell(`${name} is NotReady: its kubelet has not been heard of.`, 'bad', 'nodes', 'nodes', node.metadata)
  if (!then.ready && now.ready) tell(`${name} is Ready.`, 'good', 'kubelet', 'nodes', node.metadata)
}
