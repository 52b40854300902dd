/** The simulated cloud's node groups: machines of one kind in one zone, which take their time to come and to go. */

import type { Context } from '../../machinery/controller.ts'
import type { NodeGroupSpec } from '../../node/images/cluster-autoscaler/flags.ts'
import type { Ground } from '../addon.ts'
import { cloudOf, type Group } from './state.ts'

/** The label of the machines of a group. */
export const GROUP_LABEL = 'cloud.tabernetes.dev/node-group'

/** From the request until the machine's kubelet runs, and from its deletion until it is gone. */
const BOOT_MS = 40_000
const BOOT_SPREAD_MS = 20_000
const TERMINATE_MS = 5000

const ZONES = ['zone-a', 'zone-b', 'zone-c']

export const BOOT = 'boot '
export const END = 'end '

export class NodeGroups {
  readonly #context: Context
  readonly #ground: Ground

  constructor(context: Context, ground: Ground) {
    this.#context = context
    this.#ground = ground
  }

  /** Groups are made when they are first asked for: of machines like the cluster's first, each in a zone of its own. */
  ensure({ name }: NodeGroupSpec): Group {
    const { groups } = cloudOf(this.#context)
    let group = groups[name]
    if (!group) {
      const { cpu = '4', memory = '8Gi' } = this.#ground.roster()[0] ?? {}
      const zone = ZONES[Object.keys(groups).length % ZONES.length] as string
      groups[name] = group = { zone, cpu, memory, made: 0 }
    }
    return group
  }

  /** Its machines, and those that are being made. */
  machines(group: string): string[] {
    return Object.entries(cloudOf(this.#context).instances)
      .filter(([, instance]) => instance.group === group && instance.state !== 'deleting')
      .map(([name]) => name)
  }

  /** How many machines the group is to have. */
  targetSize = (group: string): number => this.machines(group).length

  groupOf = (node: string): string | undefined => cloudOf(this.#context).instances[node]?.group
  /** Whether the cloud has been told to take it away. */
  isLeaving = (node: string): boolean => cloudOf(this.#context).instances[node]?.state === 'deleting'

  increase(name: string, by: number): void {
    const { world, later } = this.#context
    const { groups, instances } = cloudOf(this.#context)
    const group = groups[name] as Group
    for (let i = 0; i < by; i++) {
      group.made += 1
      const machine = `${name}-${group.made}`
      instances[machine] = { group: name, state: 'creating' }
      later(BOOT + machine, BOOT_MS + world.random('cloud').below(BOOT_SPREAD_MS))
    }
  }

  delete(node: string): void {
    const instance = cloudOf(this.#context).instances[node]
    if (!instance || instance.state === 'deleting') return
    instance.state = 'deleting'
    this.#context.later(END + node, TERMINATE_MS)
  }

  /** The machine has booted: its kubelet begins. */
  booted(name: string): void {
    const { groups, instances } = cloudOf(this.#context)
    const instance = instances[name]
    if (instance?.state !== 'creating') return
    instance.state = 'running'
    const { zone, cpu, memory } = groups[instance.group] as Group
    this.#ground.add({ name, zone, cpu, memory, labels: { [GROUP_LABEL]: instance.group } })
  }

  /** The machine is gone; its Node stays until somebody finds out. */
  ended(name: string): void {
    delete cloudOf(this.#context).instances[name]
    this.#ground.remove(name)
  }
}
