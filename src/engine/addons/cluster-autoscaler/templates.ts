/** The node that a group's next machine would be: like one that is there, or as the cloud makes them, with the daemons it would run. */

import { daemonTolerations } from '#api/daemon-tolerations.ts'
import type { DaemonSet, Node, Pod } from '#api/kinds.ts'
import { RELEASE } from '#api/release.ts'
import { nodeObject } from '../../node/registration.ts'
import { PodInfo, type WhatIf } from '../../scheduler/what-if.ts'
import { GROUP_LABEL } from './cloud.ts'
import { isReady } from './nodes.ts'
import type { Run } from './run.ts'
import { TO_BE_DELETED, withoutOwnTaints } from './taints.ts'

const HOSTNAME = 'kubernetes.io/hostname'
const PODS = 110

export interface Template {
  group: string
  node: Node
  daemons: Pod[]
}

/** A node of the group that shows what the next would be. */
function example(group: string, { context, groups }: Run): Node | undefined {
  for (const node of context.cache<Node>('nodes').all()) {
    if (groups.groupOf(node.metadata.name) !== group || !isReady(node)) continue
    const isGoing = node.spec.unschedulable || node.spec.taints?.some(({ key }) => key === TO_BE_DELETED)
    if (!isGoing) return node
  }
  return undefined
}

function fromCloud(name: string, { groups, context }: Run): Node {
  const { zone, cpu, memory } = groups.ensure({ name, min: 0, max: 0 })
  const labels = { [GROUP_LABEL]: name }
  const spec = {
    name: `template-node-for-${name}`,
    zone,
    cpu,
    memory,
    pods: PODS,
    ip: '',
    labels,
    taints: [],
    kubelet: RELEASE,
  }
  return { apiVersion: 'v1', kind: 'Node', ...nodeObject(spec, context.world.seed, context.now) } as unknown as Node
}

export function templateOf(group: string, run: Run): Template {
  const model = example(group, run) ?? fromCloud(group, run)
  const node = named(model, `template-node-for-${group}`)
  const daemons = [...run.context.cache<DaemonSet>('daemonsets.apps').all()].flatMap((set) => daemonFor(set, node, run.whatIf()))
  return { group, node, daemons }
}

/** The same node under another name, as it would be at its beginning. */
function named(model: Node, name: string): Node {
  const { uid: _uid, resourceVersion: _version, ...metadata } = model.metadata
  const { unschedulable: _cordon, ...spec } = model.spec
  const taints = withoutOwnTaints(spec.taints)
  return {
    ...model,
    metadata: { ...metadata, name, labels: { ...metadata.labels, [HOSTNAME]: name } },
    spec: { ...spec, ...(spec.taints ? { taints } : {}) },
  }
}

/** The Pod that a DaemonSet would run there, if it would. */
function daemonFor(set: DaemonSet, node: Node, whatIf: WhatIf): Pod[] {
  const { metadata, spec } = set.spec.template
  const owner = {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    name: set.metadata.name,
    uid: set.metadata.uid ?? '',
    controller: true,
  }
  const { namespace = '' } = set.metadata
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${set.metadata.name}-pod`, namespace, ownerReferences: [owner] },
    spec: { ...spec, tolerations: daemonTolerations(spec) },
  } as unknown as Pod
  const mark = whatIf.mark()
  const fits = whatIf.trial(new PodInfo(pod))(whatIf.addNode(node)) === null
  whatIf.revert(mark)
  return fits ? [pod] : []
}

/** Imagines a node of this kind, with its daemons. */
export function imagine({ node, daemons }: Template, name: string, whatIf: WhatIf): ReturnType<WhatIf['addNode']> {
  const info = whatIf.addNode(named(node, name))
  for (const daemon of daemons) {
    const metadata = { ...daemon.metadata, name: `${daemon.metadata.name}-${name}` }
    whatIf.place(new PodInfo({ ...daemon, metadata }), name)
  }
  return info
}
