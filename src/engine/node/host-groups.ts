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
  const class_ = ({ pod }: PodRecord): string => (pod.status?.['qosClass'] as string | undefined)?.toLowerCase() ?? 'besteffort'
  const used = (list: PodRecord[]) => (): number =>
    usedBy(
      list.flatMap((record) => running(record, machine.runtime)),
      machine.runtime,
    )
  const tier = (name: string): Group => {
    const own = pods.filter((record) => class_(record) === name)
    return group(`kubepods-${name}.slice`, NONE, used(own), () => own.map((record) => ofPod(record, `kubepods-${name}`, machine)))
  }
  const { cpu = '0', memory = '0' } = machine.allocatable
  const sure = pods.filter((record) => class_(record) === 'guaranteed')
  const kubepods = group('kubepods.slice', { requests: { cpu }, limits: { memory } }, used(pods), () => [
    tier('besteffort'),
    tier('burstable'),
    ...sure.map((record) => ofPod(record, 'kubepods', machine)),
  ])
  return group('', NONE, used(pods), () => [kubepods])
}

const running = (record: PodRecord, runtime: Runtime): ContainerState[] =>
  Object.values(record.slots).flatMap(({ current }) => {
    const state = runtime.get(current)
    return state?.state === 'running' ? [state] : []
  })

function ofPod(record: PodRecord, above: string, { runtime }: Machine): Group {
  const states = running(record, runtime)
  return group(
    `${above}-pod${record.uid.replaceAll('-', '_')}.slice`,
    inForce(actuatedPod(record)),
    () => usedBy(states, runtime),
    () =>
      states.flatMap((state) => {
        const container = containersOf(record.pod).find(({ name }) => name === state.name)
        const resources = container ? actuatedOf(record, container) : NONE
        return group(
          `cri-containerd-${state.id}.scope`,
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
