/** Priority: turns the name of a PriorityClass into a number, and keeps a single class the default. */
import { extend } from '#api/extend.ts'
import type { Pod, PodSpec, PriorityClass } from '#api/kinds.ts'
import type { KubeObject } from '#api/meta.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const CLASSES = 'priorityclasses.scheduling.k8s.io'

interface Decided {
  name: string
  value: number
  policy: string | undefined
}

/** The default class with the lowest value, should there ever be several. */
function defaultClass(ask: Ask): PriorityClass | undefined {
  let found: PriorityClass | undefined
  for (const object of ask.hooks.readAll(CLASSES)) {
    const one = object as unknown as PriorityClass
    if (one.globalDefault && (!found || found.value > one.value)) found = one
  }
  return found
}

function decide(name: string | undefined, ask: Ask): Decided {
  if (name) {
    const named = ask.hooks.read(CLASSES, '', name) as PriorityClass | undefined
    if (!named) throw refuse(ask, `no PriorityClass with name ${name} was found`)
    return { name, value: named.value ?? 0, policy: named.preemptionPolicy }
  }
  const usual = defaultClass(ask)
  if (usual) return { name: usual.metadata.name, value: usual.value ?? 0, policy: usual.preemptionPolicy }
  return { name: '', value: 0, policy: 'PreemptLowerPriority' }
}

function create(pod: Pod, ask: Ask): Pod {
  const { name, value, policy } = decide(pod.spec.priorityClassName, ask)
  const { priority, preemptionPolicy } = pod.spec
  if (priority !== undefined && priority !== value) {
    throw refuse(
      ask,
      `the integer value of priority (${priority}) must not be provided in pod spec; priority admission controller computed ${value} from the given PriorityClass name`,
    )
  }
  if (policy && preemptionPolicy !== undefined && preemptionPolicy !== policy) {
    throw refuse(
      ask,
      `the string value of PreemptionPolicy (${preemptionPolicy}) must not be provided in pod spec; priority admission controller computed ${policy} from the given PriorityClass name`,
    )
  }
  const spec: PodSpec = extend(pod.spec, { priority: value })
  if (name) spec.priorityClassName = name
  if (policy) spec.preemptionPolicy = policy
  return { ...pod, spec }
}

/** Clients that leave the fields out keep them. */
function update(pod: Pod, old: Pod): Pod {
  const priority = pod.spec.priority ?? old.spec.priority
  const preemptionPolicy = pod.spec.preemptionPolicy ?? old.spec.preemptionPolicy
  if (priority === pod.spec.priority && preemptionPolicy === pod.spec.preemptionPolicy) return pod
  const spec = { ...pod.spec }
  if (priority !== undefined) spec.priority = priority
  if (preemptionPolicy !== undefined) spec.preemptionPolicy = preemptionPolicy
  return { ...pod, spec }
}

export const priority = plugin({
  name: 'Priority',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', CLASSES],
  mutate(object: KubeObject, ask) {
    if (ask.subresource !== '' || ask.resource.id !== 'pods') return object
    return ask.operation === 'CREATE' ? create(object as Pod, ask) : update(object as Pod, ask.old as unknown as Pod)
  },
  validate(object: PriorityClass, ask) {
    if (ask.subresource !== '' || ask.resource.id !== CLASSES || !object.globalDefault) return
    const other = defaultClass(ask)
    if (other && (ask.operation === 'CREATE' || other.metadata.name !== object.metadata.name)) {
      throw refuse(ask, `PriorityClass ${other.metadata.name} is already marked as default. Only one default can exist`)
    }
  },
})
