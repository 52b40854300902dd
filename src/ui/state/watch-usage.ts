/** Asks metrics.k8s.io each time that something new can have been measured, and never where it is not served. */
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import type { Stop } from '#api/request.ts'
import { parseTime } from '#api/time.ts'
import { amount } from './asks.ts'
import type { Desk } from './desk.ts'
import { uidOf } from './scene.ts'
import type { Traffic } from './traffic.ts'
import { createHistory, type History } from './use-history.ts'

type Looking = Omit<Desk, 'start'>

const LOOK_MS = 1000
/** metrics-server measures no oftener. */
const MEASURED_MS = 15_000
const GROUP = '/apis/metrics.k8s.io/v1beta1'
/** Of more Pods only the chosen one is asked for. */
const MOST_PODS = 250

/** One for each page; its topic is `usage`. */
const known = new WeakMap<Traffic, History>()

export function historyOf({ traffic }: Pick<Desk, 'traffic'>): History {
  const history = known.get(traffic) ?? createHistory()
  known.set(traffic, history)
  return history
}

interface Used {
  cpu: number
  memory: number
}

/** Of a node, or the sum over a Pod's containers. */
export function usedIn(metrics: AnyObject): Used {
  const parts: Record<string, string>[] = metrics['usage']
    ? [metrics['usage']]
    : (metrics['containers'] ?? []).map((each: { usage: Record<string, string> }) => each.usage)
  const sum = (what: string): number => parts.reduce((total, part) => total + amount(part[what]), 0)
  return { cpu: sum('cpu'), memory: sum('memory') }
}

export function watchUsage(desk: Looking): Stop {
  const { usage, clock, simulation, topics } = desk
  const history = historyOf(desk)
  let last = Number.NaN
  let busy = false
  const round = (): number => Math.floor((simulation ? (clock.store.getState().status?.now ?? 0) : Date.now()) / MEASURED_MS)
  const ask = async (): Promise<void> => {
    // Asking for what is not served would leave an error in the browser's console for each try.
    if (!usage.getState().served && !(await isServed(desk))) {
      if (usage.getState().served !== false) usage.setState({ served: false })
      return
    }
    const nodes = await list(desk, `${GROUP}/nodes`)
    if (!nodes) return usage.setState({ served: false, nodes: new Map() })
    usage.setState({ served: true, nodes: new Map(nodes.map((node) => [node.metadata.name, usedIn(node)])) })
    const pods = (await podMetrics(desk)) ?? []
    if ([...note(history, nodes, nodeKey), ...note(history, pods, podKey(desk))].some(Boolean)) {
      topics.touch('usage')
      topics.tell()
    }
  }
  const look = (): void => {
    const now = round()
    if (busy || now === last) return
    last = now
    busy = true
    void ask()
      .catch(() => {})
      .finally(() => {
        busy = false
      })
  }
  const timer = setInterval(look, LOOK_MS)
  look()
  const stops = [
    // What was undone was never measured; what lies ahead of a look into the past was.
    clock.store.subscribe(({ status }, { status: before }) => {
      if (status && before && status.now < before.now && status.present === undefined) history.undo(status.now)
    }),
    // Another one is chosen: its figures are asked for now.
    desk.choices.subscribe((now, before) => {
      if (now.selected === before.selected || now.selected?.table !== 'pods' || !usage.getState().served) return
      last = Number.NaN
      look()
    }),
  ]
  return () => {
    clearInterval(timer)
    for (const stop of stops) stop()
  }
}

async function isServed({ transport }: Looking): Promise<boolean> {
  const { body } = await transport.request({ method: 'GET', path: '/apis' })
  return (body as { groups?: { name: string }[] } | null)?.groups?.some(({ name }) => name === 'metrics.k8s.io') ?? false
}

async function list({ transport }: Looking, path: string): Promise<AnyObject[] | null> {
  const { status, body } = await transport.request({ method: 'GET', path })
  return status === 200 ? ((body as { items?: AnyObject[] }).items ?? []) : null
}

async function podMetrics(desk: Looking): Promise<AnyObject[] | null> {
  const { mirror, choices, transport } = desk
  if (mirror.all('pods').size <= MOST_PODS) return list(desk, `${GROUP}/pods`)
  const { selected } = choices.getState()
  const pod = selected?.table === 'pods' ? mirror.get('pods', selected.key) : undefined
  if (!pod) return []
  const { namespace, name } = pod.metadata
  const { status, body } = await transport.request({ method: 'GET', path: `${GROUP}/namespaces/${namespace}/pods/${name}` })
  return status === 200 ? [body as AnyObject] : []
}

export const nodeKey = ({ metadata }: { metadata: { name: string } }): string => `node ${metadata.name}`

/** A Pod of the same name that comes later is another one. */
const podKey =
  ({ mirror }: Looking) =>
  (metrics: AnyObject): string | null => {
    const pod = mirror.get('pods', keyOf(metrics.metadata))
    return pod ? `pod ${uidOf(pod)}` : null
  }

const note = (history: History, list: AnyObject[], keyFor: (metrics: AnyObject) => string | null): boolean[] =>
  list.map((metrics) => {
    const key = keyFor(metrics)
    const at = parseTime(metrics['timestamp'] ?? '')
    return key !== null && Number.isFinite(at) && history.note(key, { at, ...usedIn(metrics) })
  })
