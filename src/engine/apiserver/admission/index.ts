/** Admission: the plugins in the API server's own order, and the two rounds they are asked in. */
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import type { Call } from '../call.ts'
import { Reinvocation } from '../policy/reinvocation.ts'
import type { Hooks, Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { certificateApproval, certificateSigning, certificateSubjectRestriction } from './certificates.ts'
import { defaultIngressClass } from './default-ingress-class.ts'
import { defaultStorageClass } from './default-storage-class.ts'
import { defaultTolerationSeconds } from './default-toleration-seconds.ts'
import {
  limitRanger,
  mutatingAdmissionPolicy,
  mutatingAdmissionWebhook,
  resourceQuota,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
} from './deferred.ts'
import { namespaceLifecycle } from './namespace-lifecycle.ts'
import { nodeRestriction } from './node-restriction.ts'
import { persistentVolumeClaimResize } from './persistent-volume-claim-resize.ts'
import type { AdmissionPlugin, Ask, Operation } from './plugin.ts'
import { podResizeValidator } from './pod-resize.ts'
import { podSecurity } from './pod-security.ts'
import { podTopologyLabels } from './pod-topology-labels.ts'
import { priority } from './priority.ts'
import { runtimeClass } from './runtime-class.ts'
import { serviceAccount } from './service-account.ts'
import { storageObjectInUseProtection } from './storage-object-in-use-protection.ts'
import { taintNodesByCondition } from './taint-nodes-by-condition.ts'

/** pkg/kubeapiserver/options/plugins.go AllOrderedPlugins, as far as they are on by default. */
export const plugins: readonly AdmissionPlugin[] = [
  namespaceLifecycle,
  limitRanger,
  serviceAccount,
  nodeRestriction,
  taintNodesByCondition,
  podSecurity,
  priority,
  defaultTolerationSeconds,
  defaultStorageClass,
  storageObjectInUseProtection,
  persistentVolumeClaimResize,
  runtimeClass,
  certificateApproval,
  certificateSigning,
  certificateSubjectRestriction,
  defaultIngressClass,
  podTopologyLabels,
  podResizeValidator,
  mutatingAdmissionPolicy,
  mutatingAdmissionWebhook,
  validatingAdmissionPolicy,
  validatingAdmissionWebhook,
  resourceQuota,
]

type Round = 'mutate' | 'validate'

type Chosen = Partial<Record<Operation, readonly AdmissionPlugin[]>>

/** For the cluster's own server, and for guests. */
const chosen: Record<Round, [Map<string, Chosen>, Map<string, Chosen>]> = {
  mutate: [new Map(), new Map()],
  validate: [new Map(), new Map()],
}

/** The plugins that have something to say in this round: worked out once per resource and operation. */
function concerned(round: Round, operation: Operation, resource: string, { host }: ApiServer): readonly AdmissionPlugin[] {
  const known = chosen[round][host ? 1 : 0]
  let ofResource = known.get(resource)
  if (!ofResource) known.set(resource, (ofResource = {}))
  ofResource[operation] ??= plugins.filter(
    (p) =>
      p[round] && (!host || p.generic) && p.operations.includes(operation) && (!p.resources || p.resources.includes(resource)),
  )
  return ofResource[operation]
}

const operationOf = (call: Call): Operation =>
  call.verb === 'create' ? 'CREATE' : call.verb === 'connect' ? 'CONNECT' : call.old ? 'UPDATE' : 'CREATE'

/** The name that messages use before names are generated (admission's extractResourceName). */
function nameBefore(call: Call, object: AnyObject): string {
  const sent = (call.body as AnyObject | null)?.metadata
  if (call.old || sent?.name) return object.metadata.name
  return object.metadata.generateName || object.metadata.name || 'Unknown'
}

/** First round: every plugin may change the object. Also for the bodies of subresources (bindings). */
export function admit(call: Call, object: AnyObject, server: ApiServer): AnyObject {
  const { resource } = call
  if (!resource) return object
  const operation = operationOf(call)
  const list = concerned('mutate', operation, resource.id, server)
  if (list.length === 0) return object
  const ask = new Asked(call, resource, operation, nameBefore(call, object), server)
  let next = object
  for (const one of list) next = one.mutate?.(next, ask) ?? next
  if (!ask.reinvocation.needed) return next
  // What a policy or webhook changed, the others are shown once more.
  ask.reinvocation.round = 1
  for (const one of list) next = one.mutate?.(next, ask) ?? next
  return next
}

/** Second round, after validation: every plugin may refuse. */
export function review(call: Call, object: AnyObject, server: ApiServer): void {
  const { resource } = call
  if (!resource) return
  const operation = operationOf(call)
  const list = concerned('validate', operation, resource.id, server)
  if (list.length === 0) return
  const ask = new Asked(call, resource, operation, object.metadata.name || call.name, server)
  for (const one of list) one.validate?.(object, ask)
}

/** Whether somebody may go in (exec, attach…); `options` is what they ask for. Plugins may change it. */
export function reviewConnect(call: Call, resource: Resource, options: AnyObject, server: ApiServer): AnyObject {
  const [first, second] = [
    concerned('mutate', 'CONNECT', resource.id, server),
    concerned('validate', 'CONNECT', resource.id, server),
  ]
  const ask = new Asked(call, resource, 'CONNECT', call.name, server)
  let next = options
  for (const one of first) next = one.mutate?.(next, ask) ?? next
  for (const one of second) one.validate?.(next, ask)
  return next
}

/** Whether an object may be deleted. */
export function reviewDelete(call: Call, resource: Resource, object: AnyObject, server: ApiServer): void {
  const list = concerned('validate', 'DELETE', resource.id, server)
  const ask = new Asked(call, resource, 'DELETE', object.metadata.name, server, object)
  for (const one of concerned('mutate', 'DELETE', resource.id, server)) one.mutate?.(object, ask)
  for (const one of list) one.validate?.(object, ask)
}

/** What is asked, made twice per write: only what is looked at is worked out. */
class Asked implements Ask {
  readonly call: Call
  readonly resource: Resource
  readonly operation: Operation
  readonly name: string
  readonly server: ApiServer
  readonly old: AnyObject | null
  readonly reinvocation = new Reinvocation()

  constructor(call: Call, resource: Resource, operation: Operation, name: string, server: ApiServer, old = call.old) {
    this.call = call
    this.resource = resource
    this.operation = operation
    this.name = name
    this.server = server
    this.old = old
  }

  get subresource(): string {
    return this.call.subresource?.name ?? ''
  }
  get namespace(): string {
    return this.call.namespace
  }
  get user(): UserInfo {
    return this.call.user
  }
  get audit(): Record<string, string> | null {
    return this.call.audit
  }
  get hooks(): Hooks {
    return this.server.hooks(this.call.dryRun, (text) => this.call.warnings.push(text))
  }

  change(id: string, name: string, subresource: string, change: (object: AnyObject) => AnyObject): void {
    const { call, operation, resource, server } = this
    if (call.dryRun) return
    const because = `${operation.toLowerCase()} ${resource.id}`
    const author = { manager: 'kube-apiserver', by: 'system:apiserver', verb: 'update', because }
    server.change(
      { resource: server.resource(id), namespace: call.namespace, name, dryRun: false, subresource, ...author },
      change,
    )
  }
}
