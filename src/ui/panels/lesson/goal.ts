/** A lesson's goal as it would be: its solution done to a copy of this moment; and what still differs from it. */
import type { Pod } from '#api/kinds.ts'
import { type AnyObject, controllerOf, keyOf } from '#api/meta.ts'
import type { Deed } from '#lessons/lesson.ts'
import type { Outlook } from '../../state/choices.ts'
import type { Desk } from '../../state/desk.ts'
import { openStage, type Stage } from '../../state/rehearsal.ts'
import { isSystem } from '../../state/seats.ts'
import { createMemory } from '../../state/storage.ts'
import { t } from '../../words/index.ts'
import { writeFile } from '../editor/files.ts'
import { openShell } from '../terminal/shell.ts'

export interface Goal {
  /** What was asked for at the goal, by `TABLE NAMESPACE/NAME`. */
  wanted: ReadonlyMap<string, AnyObject>
  pods: readonly Pod[]
}

const ASKED: readonly (readonly [table: string, path: string])[] = [
  ['deployments', '/apis/apps/v1/deployments'],
  ['statefulsets', '/apis/apps/v1/statefulsets'],
  ['daemonsets', '/apis/apps/v1/daemonsets'],
  ['jobs', '/apis/batch/v1/jobs'],
  ['pods', '/api/v1/pods'],
  ['services', '/api/v1/services'],
  ['networkpolicies', '/apis/networking.k8s.io/v1/networkpolicies'],
]

/** The copy's clock runs this much faster than ours. */
const FAST = 40
const READY_LIMIT_MS = 90_000

export async function goalOf(desk: Desk, deeds: readonly Deed[]): Promise<Goal> {
  const stage = await openStage(desk)
  try {
    const copy: Desk = { ...stage.desk, storage: createMemory() }
    const { simulation } = copy
    await simulation?.setSpeed(FAST)
    for (const deed of deeds) await perform(copy, deed)
    await simulation?.setSpeed('paused')
    await simulation?.advance(1500)
    await simulation?.runUntil({ kind: 'ready' }, READY_LIMIT_MS)
    return { wanted: await wantedAt(stage), pods: (await stage.list('/api/v1/pods')) as unknown as Pod[] }
  } finally {
    stage.end()
  }
}

async function perform(copy: Desk, deed: Deed): Promise<void> {
  if (typeof deed === 'string') {
    const quiet = (): void => {}
    await openShell(copy).run(deed, { write: quiet, error: quiet, signal: AbortSignal.timeout(20_000), columns: 100 })
  } else if ('write' in deed) writeFile(copy.storage, deed.write, deed.text)
  else if ('fault' in deed) await copy.simulation?.fault(deed.fault)
  else if ('wait' in deed) await copy.simulation?.advance(deed.wait)
}

async function wantedAt(stage: Stage): Promise<Map<string, AnyObject>> {
  const wanted = new Map<string, AnyObject>()
  for (const [table, path] of ASKED)
    for (const object of await stage.list(path)) if (isOwn(object)) wanted.set(`${table} ${keyOf(object.metadata)}`, object)
  return wanted
}

const isOwn = ({ metadata }: AnyObject): boolean =>
  !isSystem(metadata.namespace) && keyOf(metadata) !== 'default/kubernetes' && !controllerOf(metadata)

/** What still differs: what is missing, what is too much, which fields are others; and the pods as ghosts. */
export function differences({ mirror }: Desk, { wanted, pods }: Goal): Outlook {
  const lines: string[] = []
  for (const [key, object] of wanted) {
    const [table = '', name = ''] = key.split(' ')
    const own = mirror.get(table, name)
    if (!own) lines.push(t('{kind} {name} is missing.', { kind: kindIn(table), name: object.metadata.name }))
    else
      for (const [path, now, then] of fieldsThatDiffer(askedIn(own), askedIn(object), 'spec'))
        lines.push(t('{name}: {path} is {now}, the goal is {then}.', { name: object.metadata.name, path, now, then }))
  }
  for (const [table] of ASKED)
    for (const [key, object] of mirror.all(table))
      if (isOwn(object) && !wanted.has(`${table} ${key}`))
        lines.push(t('{kind} {name} is too much.', { kind: kindIn(table), name: object.metadata.name }))
  if (lines.length === 0) lines.push(t('Nothing differs from the goal any more.'))
  return {
    title: t('The goal'),
    lines: lines.slice(0, MOST),
    ...ghosts([...mirror.all('pods').values()] as unknown as Pod[], pods),
  }
}

/** Of a pod its images only: the rest of its spec is where and how it came to be. */
function askedIn({ kind, spec }: AnyObject): unknown {
  if (kind !== 'Pod') return spec
  return { containers: (spec as Pod['spec']).containers.map(({ image }) => ({ image })) }
}

const MOST = 6
const kindIn = (table: string): string =>
  ({ networkpolicies: 'NetworkPolicy' })[table] ?? `${table.charAt(0).toUpperCase()}${table.slice(1).replace(/s$/, '')}`

/** Names of pods are dice: they are counted by what owns them, machine by machine. */
function ghosts(now: readonly Pod[], then: readonly Pod[]): Pick<Outlook, 'gone' | 'come'> {
  const sort = (pod: Pod): string =>
    `${controllerOf(pod.metadata)?.name ?? pod.metadata.name} ${pod.spec.containers.map((c) => c.image).join()}`
  const mine = now.filter((pod) => !isSystem(pod.metadata.namespace) && !pod.metadata.deletionTimestamp)
  const left = new Map<string, Pod[]>()
  for (const pod of mine) left.set(sort(pod), [...(left.get(sort(pod)) ?? []), pod])
  const come: Outlook['come'][number][] = []
  for (const pod of then.filter((each) => !isSystem(each.metadata.namespace))) {
    const alike = left.get(sort(pod)) ?? []
    const same = Math.max(
      0,
      alike.findIndex((each) => each.spec.nodeName === pod.spec.nodeName),
    )
    if (alike.length > 0) alike.splice(same, 1)
    else come.push({ name: pod.metadata.name, node: pod.spec.nodeName ?? '', ready: true })
  }
  return { gone: [...left.values()].flat().map((pod) => pod.metadata.uid ?? ''), come }
}

/** Leaves that differ, as `spec.replicas`, with both values. */
function fieldsThatDiffer(now: unknown, then: unknown, path: string): [path: string, now: string, then: string][] {
  if (JSON.stringify(now) === JSON.stringify(then) || /\.(?:clusterIPs?|nodePort|healthCheckNodePort)$/.test(path)) return []
  if (isMap(now) && isMap(then)) {
    const keys = [...new Set([...Object.keys(now), ...Object.keys(then)])]
    return keys.flatMap((key) =>
      fieldsThatDiffer(now[key], then[key], Array.isArray(then) ? `${path}[${key}]` : `${path}.${key}`),
    )
  }
  return [[path, short(now), short(then)]]
}

const isMap = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null
const short = (value: unknown): string => (value === undefined ? '–' : JSON.stringify(value).slice(0, 60))
