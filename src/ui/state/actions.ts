/** What one can do to the cluster by clicking: each deed is an API request (or a fault), and tells its kubectl command. */
import type { Node, Pod } from '#api/kinds.ts'
import { controllerOf, keyOf, splitKey } from '#api/meta.ts'
import type { Fault } from '#api/request.ts'
import { t } from '../words/index.ts'
import type { Ref } from './choices.ts'
import type { Desk } from './desk.ts'
import { nodeLook } from './look.ts'
import { MERGE, type Outcome, pathOf, STRATEGIC, send } from './rest.ts'

export interface Action {
  id: string
  label: string
  /** What one would have typed; for faults, which have no command, a comment. */
  command: string
  danger?: boolean
  /** What the caption says of it: of what is no request nobody else tells. */
  says?: string
  run(): Promise<Outcome>
}

/** Does it, writes the command into the terminal, and says so when it was refused. */
export async function perform(desk: Desk, action: Action, answer = ''): Promise<Outcome> {
  if (desk.choices.getState().without.length > 0) {
    const { refusalOf } = await import('./restricted.ts')
    const message = refusalOf(desk, action.command.split(' '))
    if (message !== null) {
      desk.story.say(message)
      return { ok: false, message, status: null }
    }
  }
  // Undo takes back what follows a mark.
  await desk.simulation?.mark(action.command)
  const outcome = await action.run()
  desk.terminal.write({
    command: action.command,
    answer: outcome.ok ? answer || done(action) : `Error from server${reason(outcome)}: ${outcome.message}`,
    failed: !outcome.ok,
  })
  if (outcome.ok) desk.choices.setState(({ outlook }) => ({ deed: { id: action.id }, outlook: outlook?.tried ? null : outlook }))
  else desk.story.say(t('That was refused: {message}', { message: outcome.message }))
  if (outcome.ok && action.says) desk.story.say(action.says)
  return outcome
}

const reason = (outcome: Outcome): string => (!outcome.ok && outcome.status?.reason ? ` (${outcome.status.reason})` : '')
const done = (action: Action): string => DONE[action.id]?.(action.command.split(' ').filter((w) => !w.startsWith('-'))) ?? ''

const DONE: Record<string, (words: string[]) => string> = {
  kill: (w) => `pod "${w[3]}" deleted`,
  cordon: (w) => `node/${w[2]} cordoned`,
  uncordon: (w) => `node/${w[2]} uncordoned`,
  drain: (w) => `node/${w[2]} drained`,
  scale: (w) => `${w[2]}.apps/${w[3]} scaled`,
  restart: (w) => `${w[3]}.apps/${w[4]} restarted`,
  remove: (w) => `${w[2]} "${w[3]}" deleted`,
}

const inNamespace = (namespace: string): string => (namespace && namespace !== 'default' ? ` -n ${namespace}` : '')

export function killPod(desk: Desk, key: string): Action {
  const { namespace, name } = splitKey(key)
  return {
    id: 'kill',
    label: t('Kill this pod'),
    command: `kubectl delete pod ${name}${inNamespace(namespace)}`,
    danger: true,
    run: () => send(desk.transport, 'DELETE', pathOf('pods', key)),
  }
}

export async function fault(desk: Desk, what: Fault): Promise<Outcome> {
  try {
    if (!desk.simulation) return { ok: false, message: t('a real cluster has no power switch here'), status: null }
    await desk.simulation.fault(what)
    return { ok: true, body: null }
  } catch (error) {
    return { ok: false, message: error instanceof Error ? error.message : String(error), status: null }
  }
}

export const power = (desk: Desk, node: string, on: boolean): Action => ({
  id: on ? 'power-on' : 'power-off',
  label: on ? t('Power on') : t('Power off'),
  command: `# ${node}: power ${on ? 'on' : 'off'}`,
  danger: !on,
  says: on
    ? t('{node} has power again: its kubelet reports to the API server.', { node })
    : t('{node} is without power. It tells nobody: only its heartbeats stop.', { node }),
  run: () => fault(desk, { kind: 'node-power', node, on }),
})

/** Visitors from the outside: so many requests a second to a Service; 0 sends them home. */
export function visitors(desk: Desk, key: string, perSecond: number): Action {
  const { namespace, name } = splitKey(key)
  return {
    id: 'visitors',
    label: perSecond > 0 ? t('Send visitors') : t('Send no more visitors'),
    command: `# outside: ${perSecond} requests a second to service ${key}`,
    run: () => fault(desk, { kind: 'traffic', namespace, service: name, perSecond }),
  }
}

/** Takes back what was done last; the cluster is again as it was just before. */
export async function undo(desk: Desk): Promise<boolean> {
  const deed = await desk.simulation?.undo()
  desk.story.hush()
  desk.story.say(deed ? t('Taken back: {text}', { text: deed.text }) : t('There is nothing to take back.'))
  if (deed) desk.terminal.write({ command: `# undo: ${deed.text.replace(/^# /, '')}`, answer: '', failed: false })
  return Boolean(deed)
}

export const addNode = (desk: Desk): Promise<Outcome> =>
  perform(desk, {
    id: 'add-node',
    label: t('Add a node'),
    command: '# a new machine joins the cluster',
    says: t('A new machine joins: its kubelet reports to the API server.'),
    run: () => fault(desk, { kind: 'node-add' }),
  })

export const cordon = (desk: Desk, node: string, on: boolean): Action => ({
  id: on ? 'cordon' : 'uncordon',
  label: on ? t('Cordon (no new pods)') : t('Uncordon'),
  command: `kubectl ${on ? 'cordon' : 'uncordon'} ${node}`,
  run: () => send(desk.transport, 'PATCH', pathOf('nodes', node), { spec: { unschedulable: on ? true : null } }, STRATEGIC),
})

/** Cordons, then evicts what a controller will replace; DaemonSet pods stay, as with kubectl's --ignore-daemonsets. */
export const drain = (desk: Desk, node: string): Action => ({
  id: 'drain',
  label: t('Drain (move its pods away)'),
  command: `kubectl drain ${node} --ignore-daemonsets --delete-emptydir-data`,
  danger: true,
  async run() {
    const cordoned = await cordon(desk, node, true).run()
    if (!cordoned.ok) return cordoned
    const pods = desk.scene.podsOn(node).filter((pod) => isEvictable(pod))
    const outcomes = await Promise.all(pods.map((pod) => evict(desk, pod)))
    return outcomes.find((o) => !o.ok) ?? cordoned
  },
})

function isEvictable(pod: Pod): boolean {
  const owner = controllerOf(pod.metadata)
  const mirrored = pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined
  return owner !== undefined && owner.kind !== 'DaemonSet' && owner.kind !== 'Node' && !mirrored
}

const evict = (desk: Desk, pod: Pod): Promise<Outcome> =>
  send(desk.transport, 'POST', `${pathOf('pods', keyOf(pod.metadata))}/eviction`, {
    apiVersion: 'policy/v1',
    kind: 'Eviction',
    metadata: { name: pod.metadata.name, namespace: pod.metadata.namespace },
  })

const SCALABLE = new Set(['deployments', 'replicasets', 'statefulsets', 'replicationcontrollers'])
const singular = (table: string): string => table.replace(/s$/, '')

export function scale(desk: Desk, ref: Ref, replicas: number): Action {
  const { namespace, name } = splitKey(ref.key)
  return {
    id: 'scale',
    label: t('Scale to {replicas}', { replicas }),
    command: `kubectl scale ${singular(ref.table)} ${name} --replicas=${replicas}${inNamespace(namespace)}`,
    run: () => send(desk.transport, 'PATCH', `${pathOf(ref.table, ref.key)}/scale`, { spec: { replicas } }, MERGE),
  }
}

export const isScalable = (ref: Ref): boolean => SCALABLE.has(ref.table)

/** `kubectl rollout restart`: an annotation on the template that differs each time. */
export function restart(desk: Desk, ref: Ref): Action {
  const { namespace, name } = splitKey(ref.key)
  const at = new Date(desk.clock.now() || Date.now()).toISOString().replace(/\.\d+Z/, 'Z')
  const annotations = { 'kubectl.kubernetes.io/restartedAt': at }
  return {
    id: 'restart',
    label: t('Restart (new pods, one by one)'),
    command: `kubectl rollout restart ${singular(ref.table)} ${name}${inNamespace(namespace)}`,
    run: () =>
      send(desk.transport, 'PATCH', pathOf(ref.table, ref.key), { spec: { template: { metadata: { annotations } } } }, STRATEGIC),
  }
}

export function remove(desk: Desk, ref: Ref): Action {
  const { namespace, name } = splitKey(ref.key)
  return {
    id: 'remove',
    label: t('Delete this {kind}', { kind: singular(ref.table) }),
    command: `kubectl delete ${singular(ref.table)} ${name}${inNamespace(namespace)}`,
    danger: true,
    run: () => send(desk.transport, 'DELETE', `${pathOf(ref.table, ref.key)}?propagationPolicy=Background`),
  }
}

/** Everything one can do to this object, the obvious first. */
export function actionsFor(desk: Desk, ref: Ref): Action[] {
  const object = desk.mirror.get(ref.table, ref.key)
  if (!object) return []
  if (ref.table === 'pods') return [killPod(desk, ref.key)]
  if (ref.table === 'nodes') return nodeActions(desk, ref.key, object['spec']?.unschedulable === true)
  if (ref.table === 'services' && desk.simulation)
    return [visitors(desk, ref.key, 4), visitors(desk, ref.key, 0), remove(desk, ref)]
  const replicas: number = object['spec']?.replicas ?? 1
  const scaling = isScalable(ref)
    ? [scale(desk, ref, replicas + 1), ...(replicas > 0 ? [scale(desk, ref, replicas - 1)] : [])]
    : []
  return [...scaling, ...(ref.table === 'deployments' ? [restart(desk, ref)] : []), remove(desk, ref)]
}

function nodeActions(desk: Desk, node: string, cordoned: boolean): Action[] {
  const object = desk.mirror.get('nodes', node)
  const off = desk.choices.getState().off.includes(node)
  const silent = object !== undefined && !nodeLook(object as unknown as Node).ready
  const switches = desk.simulation
    ? [...(off ? [] : [power(desk, node, false)]), ...(off || silent ? [power(desk, node, true)] : [])]
    : []
  return [...switches, cordon(desk, node, !cordoned), drain(desk, node), remove(desk, { table: 'nodes', key: node })]
}
