/** A machine's tree of control groups, as pods see it that mount `/sys/fs/cgroup` of the machine (kubelet cm, systemd driver). */
import type { Pod } from '#api/kinds.ts'
import { cgroupFile, GROUP_FILES } from './cgroup-files.ts'
import type { ContainerState } from './container.ts'
import type { Mount } from './files.ts'
import type { PodRecord } from './pod-record.ts'
import { actuatedOf, actuatedPod, containersOf } from './resizing.ts'
import { podResources } from './resources.ts'
import type { Runtime } from './runtime.ts'

export interface Machine {
  records: Iterable<PodRecord>
  runtime: Runtime
  /** What its pods may have. */
  allocatable: Record<string, string>
}

const GUARANTEED = 'guaranteed'
const classOf = ({ status }: Pod): string => (status?.['qosClass'] as string | undefined)?.toLowerCase() ?? 'besteffort'

/** The slices that a pod's group is in, its own the last: pods whose resources are sure stand beside the classes. */
export function podSlices(pod: Pod): string[] {
  const qos = classOf(pod)
  const above = qos === GUARANTEED ? ['kubepods'] : ['kubepods', `kubepods-${qos}`]
  const own = `${above.at(-1)}-pod${(pod.metadata.uid ?? '').replaceAll('-', '_')}`
  return [...above, own].map((name) => `${name}.slice`)
}
export const scopeOf = ({ id }: ContainerState): string => `cri-containerd-${id}.scope`

/** The names in a group, or the text of one of its files. */
export function hostGroup(mounts: readonly Mount[], path: string, machine: Machine): string | readonly string[] | undefined {
  const mount = mounts.find(({ path: at, group }) => group !== undefined && (path === at || path.startsWith(`${at}/`)))
  if (mount?.group === undefined) return undefined
  const words = `${mount.group}${path.slice(mount.path.length)}`.split('/').filter(Boolean)
  let group: Group | undefined = root(machine)
  for (const [i, word] of words.entries()) {
    const below: Group | undefined = group.groups().find(({ name }) => name === word)
    if (!below) return i === words.length - 1 ? group.file(word) : undefined
    group = below
  }
  return [...GROUP_FILES, ...group.groups().map(({ name }) => name)]
}

interface Group {
  name: string
  groups(): Group[]
  file(name: string): string | undefined
}

const NONE = {}
const usedBy = (states: ContainerState[], runtime: Runtime): number =>
  states.reduce((sum, state) => sum + runtime.usage(state).memoryMi, 0)

function group(name: string, resources: Parameters<typeof cgroupFile>[1], used: () => number, groups: () => Group[]): Group {
  return { name, groups, file: (file) => cgroupFile(file, resources, used()) }
}

function root(machine: Machine): Group {
  const pods = [...machine.records].filter(({ sandbox, phase }) => sandbox && phase !== 'terminated')
  const used = (list: PodRecord[]) => (): number =>
    usedBy(
      list.flatMap((record) => running(record, machine.runtime)),
      machine.runtime,
    )
  const tier = (name: string): Group => {
    const own = pods.filter(({ pod }) => classOf(pod) === name)
    return group(`kubepods-${name}.slice`, NONE, used(own), () => own.map((record) => ofPod(record, machine)))
  }
  const { cpu = '0', memory = '0' } = machine.allocatable
  const sure = pods.filter(({ pod }) => classOf(pod) === GUARANTEED)
  const kubepods = group('kubepods.slice', { requests: { cpu }, limits: { memory } }, used(pods), () => [
    tier('besteffort'),
    tier('burstable'),
    ...sure.map((record) => ofPod(record, machine)),
  ])
  return group('', NONE, used(pods), () => [kubepods])
}

const running = (record: PodRecord, runtime: Runtime): ContainerState[] =>
  Object.values(record.slots).flatMap(({ current }) => {
    const state = runtime.get(current)
    return state?.state === 'running' ? [state] : []
  })

function ofPod(record: PodRecord, { runtime }: Machine): Group {
  const states = running(record, runtime)
  return group(
    podSlices(record.pod).at(-1) ?? '',
    inForce(actuatedPod(record)),
    () => usedBy(states, runtime),
    () =>
      states.flatMap((state) => {
        const container = containersOf(record.pod).find(({ name }) => name === state.name)
        const resources = container ? actuatedOf(record, container) : NONE
        return group(
          scopeOf(state),
          resources,
          () => usedBy([state], runtime),
          () => [],
        )
      }),
  )
}

/** A pod is held to the sum of its limits only if every container has one, or to its own (ResourceConfigForPod). */
function inForce(pod: Pod): Parameters<typeof cgroupFile>[1] {
  const { requests, limits } = podResources(pod)
  const held = Object.fromEntries(
    Object.entries(limits).filter(
      ([name]) =>
        pod.spec.resources?.limits?.[name] !== undefined ||
        containersOf(pod).every(({ resources }) => resources?.limits?.[name] !== undefined),
    ),
  )
  return { requests, limits: held }
}
