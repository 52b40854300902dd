/** What one can break on purpose by a click: parts of the control plane, kubelets, links and disks of machines, registries; and how it is mended. */
import type { Fault } from '#api/request.ts'
import { t } from '../words/index.ts'
import { type Action, fault } from './actions.ts'
import type { Ref } from './choices.ts'
import type { Desk } from './desk.ts'

/** What can be stopped at each place of the control-plane strip. */
const PARTS: Record<string, readonly string[]> = {
  controllers: ['kube-controller-manager', 'deployment-controller', 'replicaset-controller', 'endpointslice-controller'],
  scheduler: ['kube-scheduler'],
  nodes: ['taint-eviction-controller'],
  apiserver: ['kube-apiserver'],
  etcd: ['etcd'],
}

const HOUR_MS = 3_600_000
/** A slow link adds so much each way, a lossy one loses so many of 100 packets. */
const [SLOW_MS, LOSSY] = [300, 30]
/** Slower than members of etcd wait for an answer. */
const SLOWEST_MS = 1000

function broken(desk: Desk, id: string, label: string, command: string, what: Fault, danger = false): Action {
  return { id, label, command, danger, run: () => fault(desk, what) }
}

/** One part of the control plane: stopped, or started again. */
export const component = (desk: Desk, name: string, on: boolean): Action =>
  broken(
    desk,
    on ? 'start' : 'stop',
    on ? t('Start {name}', { name }) : t('Stop {name}', { name }),
    `# ${name}: ${on ? 'start' : 'stop'}`,
    { kind: 'component', component: name, on },
    !on,
  )

/** Some machines of the control plane cut off from its others; none: all of them reach each other. */
export const partition = (desk: Desk, machines: readonly string[]): Action =>
  broken(
    desk,
    'partition',
    machines.length === 0 ? t('Mend all wires') : t('Cut the chosen off'),
    machines.length === 0 ? '# control plane: all wires mended' : `# control plane: ${machines.join(', ')} cut off`,
    { kind: 'partition', machines },
    machines.length > 0,
  )

/** With several machines of the control plane each has its own of these, and can lose its power as a whole. */
const PROCESS = /^(?:etcd|kube-.*)$/
const eachOf = (name: string, machines: readonly string[]): string[] =>
  machines.length === 0 ? [name] : machines.map((machine) => `${name}-${machine}`)

/** What stands at a place of the strip; the clock is the API server's neighbour. */
function partActions(desk: Desk, place: string): Action[] {
  if (place === 'registries') return registryActions(desk)
  const { components: stopped, controlPlanes: machines = [] } = desk.choices.getState().broken
  const parts = (PARTS[place] ?? []).flatMap((name) => (PROCESS.test(name) ? eachOf(name, machines) : [name]))
  const all = place === 'apiserver' ? [...parts, ...machines] : parts
  const own = all.map((name) => component(desk, name, stopped.includes(name)))
  if (place !== 'etcd') return own
  return [
    ...own,
    broken(desk, 'clock', t('All clocks jump ahead by an hour'), '# clocks: +1h', { kind: 'clock-jump', ms: HOUR_MS }),
  ]
}

/** What the images on it may be built on. */
const BASES = ['debian', 'alpine']

/** The registries that images come from, all at once; and mended base images, which they offer from then on. */
function registryActions(desk: Desk): Action[] {
  const now = desk.choices.getState().broken.registries.find(({ registry }) => registry === '')?.state ?? 'well'
  const labels = {
    well: t('All image registries are well again'),
    slow: t('All image registries become slow'),
    down: t('All image registries go down'),
  }
  const states = (['well', 'slow', 'down'] as const).filter((state) => state !== now)
  return [
    ...states.map((state) =>
      broken(
        desk,
        `registry-${state}`,
        labels[state],
        `# registries: ${state}`,
        { kind: 'registry', registry: '', state },
        state !== 'well',
      ),
    ),
    ...BASES.map((base) =>
      broken(
        desk,
        `base-${base}`,
        t('Mend the base image {base}, and build anew what is on it', { base }),
        `# base image ${base}: mended`,
        { kind: 'base-image', base },
      ),
    ),
  ]
}

/** What ails a machine: its links to the control plane and to the other machines, its kubelet, its disk. */
export function linkActions(desk: Desk, node: string): Action[] {
  const { cut, kubelets, disks, plugins, wires } = desk.choices.getState().broken
  const off = cut.includes(node)
  const still = kubelets.includes(node)
  const hurt = wires.filter(({ a, b }) => a === node || b === node)
  return [
    broken(
      desk,
      'node-link',
      off ? t('Connect it to the control plane again') : t('Cut it off from the control plane'),
      `# ${node}: link to the control plane ${off ? 'mended' : 'cut'}`,
      { kind: 'node-link', node, on: off },
      !off,
    ),
    broken(
      desk,
      'node-kubelet',
      still ? t('Start its kubelet') : t('Stop its kubelet'),
      `# ${node}: kubelet ${still ? 'start' : 'stop'}`,
      { kind: 'node-kubelet', node, on: still },
      !still,
    ),
    broken(
      desk,
      'node-disk',
      disks.includes(node) ? t('Make room on its disk') : t('Fill its disk'),
      `# ${node}: disk ${disks.includes(node) ? 'emptied' : 'filled'}`,
      { kind: 'node-disk', node, full: !disks.includes(node) },
      !disks.includes(node),
    ),
    broken(
      desk,
      'node-plugin',
      plugins.includes(node) ? t('Configure its network plugin again') : t('Take its network plugin’s configuration away'),
      `# ${node}: network plugin ${plugins.includes(node) ? 'configured' : 'removed'}`,
      { kind: 'node-plugin', node, on: plugins.includes(node) },
      !plugins.includes(node),
    ),
    ...hurt.map(({ a, b }) => wire(desk, a, b, 0, 0)),
  ]
}

function wire(desk: Desk, a: string, b: string, ms: number, loss: number): Action {
  const link = `${a} – ${b}`
  const labels =
    loss >= 100
      ? t('Cut the link {link}', { link })
      : loss > 0
        ? t('Let the link {link} lose {loss} of 100 packets', { link, loss })
        : ms > 0
          ? t('Slow down the link {link} by {ms} ms', { link, ms })
          : t('Mend the link {link}', { link })
  return broken(desk, 'wire', labels, `# link ${link}: ${ms} ms, ${loss} % lost`, { kind: 'wire', a, b, ms, loss }, ms + loss > 0)
}

/** One wire between two machines, as `node-1 node-2`. */
function wireActions(desk: Desk, [a = '', b = '']: string[]): Action[] {
  const hurt = desk.choices.getState().broken.wires.some((w) => [w.a, w.b].includes(a) && [w.a, w.b].includes(b))
  const mend = hurt ? [wire(desk, a, b, 0, 0)] : []
  const { controlPlanes = [] } = desk.choices.getState().broken
  const slowest = controlPlanes.includes(a) && controlPlanes.includes(b) ? [wire(desk, a, b, SLOWEST_MS, 0)] : []
  return [...mend, wire(desk, a, b, 0, 100), wire(desk, a, b, SLOW_MS, 0), ...slowest, wire(desk, a, b, 0, LOSSY)]
}

/** Refs that are no objects of the API: `components scheduler`, `links node-1 node-2`. */
export function faultsFor(desk: Desk, ref: Ref): Action[] | null {
  if (ref.table === 'components') return partActions(desk, ref.key)
  if (ref.table === 'links') return wireActions(desk, ref.key.split(' '))
  return null
}
