/** PodSecurity: the pod security standards, as the labels of a namespace ask for them. */

import { equal } from '#api/equal.ts'
import { invalidObject } from '#api/field-error.ts'
import type { PodSpec } from '#api/kinds.ts'
import type { AnyObject, ObjectMeta } from '#api/meta.ts'
import { type Ask, plugin, refuse } from './plugin.ts'
import type { Violation } from './pod-security-checks.ts'
import { named, type Policy, policies, same, standards, strictness } from './pod-security-policy.ts'

/** Where the pods of each kind are written. */
const TEMPLATES: Record<string, string> = {
  podtemplates: 'template',
  replicationcontrollers: 'spec.template',
  'replicasets.apps': 'spec.template',
  'deployments.apps': 'spec.template',
  'statefulsets.apps': 'spec.template',
  'daemonsets.apps': 'spec.template',
  'jobs.batch': 'spec.template',
  'cronjobs.batch': 'spec.jobTemplate.spec.template',
}

const IGNORED = new Set('exec attach binding eviction log portforward proxy status'.split(' '))

const MOST_PODS = 3000

interface PodLike {
  metadata?: Partial<ObjectMeta>
  spec: PodSpec
}

/** The privileged level lets everything pass. */
const judge = (policy: Policy, { spec, metadata = {} }: PodLike): Violation[] =>
  policy.level === 'privileged' ? [] : standards.get()(policy, spec, metadata)

const detailed = (found: readonly Violation[]): string =>
  found.map(([reason, detail]) => (detail ? `${reason} (${detail})` : reason)).join(', ')

function review(pod: PodLike, ask: Ask, enforced: boolean): void {
  const labels = ask.hooks.read('namespaces', '', ask.namespace)?.metadata.labels
  const { enforce, warn } = policies(labels)
  if (enforced && ask.audit) ask.audit['pod-security.kubernetes.io/enforce-policy'] = named(enforce)
  const found = enforced ? judge(enforce, pod) : []
  if (found.length > 0) throw refuse(ask, `violates PodSecurity "${named(enforce)}": ${detailed(found)}`)
  const odd = enforced && same(warn, enforce) ? [] : judge(warn, pod)
  if (odd.length > 0) ask.hooks.warn(`would violate PodSecurity "${named(warn)}": ${detailed(odd)}`)
}

/** Whether an update brings in other containers or images. */
function significant(next: PodSpec, old: PodSpec): boolean {
  const images = (list: readonly { name: string; image?: string | undefined }[] = []): string[] =>
    list.map(({ image }) => image ?? '')
  if (!equal(images(next.containers), images(old.containers))) return true
  if (!equal(images(next.initContainers), images(old.initContainers))) return true
  const before = new Map((old.ephemeralContainers ?? []).map((c) => [c.name, c.image]))
  return (next.ephemeralContainers ?? []).some((c) => !before.has(c.name) || before.get(c.name) !== c.image)
}

/** Each controller's first pod comes before the others, in case there are too many. */
function prioritized(pods: readonly AnyObject[]): AnyObject[] {
  const seen = new Set<string>()
  const again: AnyObject[] = []
  const first = pods.filter((pod) => {
    const owner = pod.metadata.ownerReferences?.find(({ controller }) => controller)?.uid
    if (!owner || !seen.has(owner)) return seen.add(owner ?? '')
    again.push(pod)
    return false
  })
  return [...first, ...again]
}

/** Tells of the pods a namespace's new policy would not let in. */
function warnOfPods({ metadata: { name } }: AnyObject, policy: Policy, { hooks }: Ask): void {
  const pods = prioritized(hooks.readAll('pods', name))
  const byReason = new Map<string, string[]>()
  for (const pod of pods.slice(0, MOST_PODS)) {
    const reasons = judge(policy, pod as unknown as PodLike).map(([reason]) => reason)
    if (reasons.length === 0) continue
    const text = reasons.join(', ')
    byReason.set(text, [...(byReason.get(text) ?? []), pod.metadata.name])
  }
  if (pods.length > MOST_PODS) {
    hooks.warn(`new PodSecurity enforce level only checked against the first ${MOST_PODS} of ${pods.length} existing pods`)
  }
  if (byReason.size === 0) return
  hooks.warn(`existing pods in namespace "${name}" violate the new PodSecurity enforce level "${named(policy)}"`)
  const lines = [...byReason].map(([reasons, names]) => {
    const others = names.length - 1
    const more = others === 0 ? '' : ` (and ${others} other ${others === 1 ? 'pod' : 'pods'})`
    return `${names.sort()[0]}${more}: ${reasons}`
  })
  for (const line of lines.sort()) hooks.warn(line)
}

function reviewNamespace(next: AnyObject, ask: Ask): void {
  const { enforce, errors } = policies(next.metadata.labels)
  const before = ask.old ? policies(ask.old.metadata.labels) : null
  if (errors.length > 0 && !(before && equal(errors, before.errors))) {
    throw invalidObject('', 'Namespace', ask.name, [...errors])
  }
  if (!before || same(enforce, before.enforce)) return
  const relaxed = enforce.minor === before.enforce.minor && strictness(enforce.level) <= strictness(before.enforce.level)
  if (enforce.level !== 'privileged' && !relaxed) warnOfPods(next, enforce, ask)
}

function validate(object: AnyObject, ask: Ask): void {
  const { resource, subresource, old } = ask
  if (resource.id === 'pods') {
    if (IGNORED.has(subresource)) return
    if (old && !significant(object['spec'], old['spec'])) return
    review(object as unknown as PodLike, ask, true)
    return
  }
  if (subresource) return
  if (resource.id === 'namespaces') {
    reviewNamespace(object, ask)
    return
  }
  const path = TEMPLATES[resource.id]?.split('.') ?? []
  const template = path.reduce<any>((at, field) => at?.[field], object)
  if (template?.spec) review(template, ask, false)
}

export const podSecurity = plugin({
  name: 'PodSecurity',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods', 'namespaces', ...Object.keys(TEMPLATES)],
  validate,
})
