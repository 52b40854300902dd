/** The Node authorizer: a kubelet may read only what the Pods on its node use (plugin/pkg/auth/authorizer/node). */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Store } from '../../etcd/store.ts'
import { Follower } from '../follower.ts'
import type { Attributes } from './attributes.ts'
import type { Decision, Rbac } from './rbac.ts'
import { ruleAllows } from './rules.ts'

const PREFIX = 'system:node:'
const LEASES = 'kube-node-lease'
const WRITE = ['get', 'create', 'update', 'patch', 'delete']

const allow: Decision = { allowed: true, reason: '' }
const deny = (reason: string): Decision => ({ allowed: false, reason })

type Asked = NonNullable<Attributes['resource']>

/** Pods by the node they are bound to: kept only once somebody asks. */
class PodsByNode {
  readonly #nodes = new Map<string, Map<string, Pod>>()
  readonly #follower: Follower
  constructor(store: Store<AnyObject>) {
    this.#follower = new Follower(store, ['/registry/pods/'], {
      reset: () => this.#nodes.clear(),
      apply: ({ key, value, previous }) => {
        const [next, old] = [value as Pod | null, previous as Pod | null]
        if (old?.spec.nodeName) this.#nodes.get(old.spec.nodeName)?.delete(key)
        if (next?.spec.nodeName) this.#on(next.spec.nodeName).set(key, next)
      },
    })
  }
  #on(node: string): Map<string, Pod> {
    let pods = this.#nodes.get(node)
    if (!pods) this.#nodes.set(node, (pods = new Map()))
    return pods
  }
  some(node: string, test: (pod: Pod) => boolean): boolean {
    this.#follower.sync()
    for (const pod of this.#nodes.get(node)?.values() ?? []) if (test(pod)) return true
    return false
  }
}

const indexes = new WeakMap<Store<AnyObject>, PodsByNode>()

function podsOf(store: Store<AnyObject>): PodsByNode {
  let index = indexes.get(store)
  if (!index) indexes.set(store, (index = new PodsByNode(store)))
  return index
}

/** The decision on a node's request; `null` when the user is no node. */
export function decideForNode(attributes: Attributes, store: Store<AnyObject>, rbac: Rbac): Decision | null {
  const { user, resource } = attributes
  if (!user.name.startsWith(PREFIX) || !user.groups.includes('system:nodes')) return null
  const node = user.name.slice(PREFIX.length)
  const special = resource ? decideResource(node, attributes, resource, store) : null
  if (special) return special
  const rules = rbac.rulesOf('ClusterRole', '', 'system:node') ?? []
  return rules.some((rule) => ruleAllows(rule, attributes)) ? allow : deny('')
}

function decideResource(node: string, attributes: Attributes, asked: Asked, store: Store<AnyObject>): Decision | null {
  const { verb } = attributes
  switch (asked.group ? `${asked.plural}.${asked.group}` : asked.plural) {
    case 'secrets':
    case 'configmaps':
      return readable(node, verb, asked, store)
    case 'persistentvolumeclaims':
      if (asked.subresource !== 'status') return gettable(node, verb, asked, store)
      if (verb !== 'update' && verb !== 'patch') return deny('can only get/update/patch this type')
      return related(node, asked, store)
    case 'persistentvolumes':
    case 'volumeattachments.storage.k8s.io':
    case 'resourceclaims.resource.k8s.io':
      return gettable(node, verb, asked, store)
    case 'serviceaccounts':
      return decideAccount(node, verb, asked, store)
    case 'leases.coordination.k8s.io':
      return decideLease(node, verb, asked)
    case 'csinodes.storage.k8s.io':
      return decideOwn(node, verb, asked)
    case 'nodes':
      return decideNode(node, verb, asked)
    case 'pods':
      return decidePod(node, attributes, asked, store)
    default:
      return null
  }
}

function readable(node: string, verb: string, asked: Asked, store: Store<AnyObject>): Decision {
  if (!['get', 'list', 'watch'].includes(verb)) return deny('can only read resources of this type')
  if (asked.subresource) return deny('cannot read subresource')
  if (!asked.namespace) return deny('can only read namespaced object of this type')
  return related(node, asked, store)
}

function gettable(node: string, verb: string, asked: Asked, store: Store<AnyObject>): Decision {
  if (verb !== 'get') return deny('can only get individual resources of this type')
  if (asked.subresource) return deny('cannot get subresource')
  return related(node, asked, store)
}

function related(node: string, asked: Asked, store: Store<AnyObject>): Decision {
  if (!asked.name) return deny('No Object name found')
  const uses = podsOf(store).some(node, (pod) => isRelated(pod, node, asked, store))
  return uses ? allow : deny(`no relationship found between node '${node}' and this object`)
}

function isRelated(pod: Pod, node: string, asked: Asked, store: Store<AnyObject>): boolean {
  const { plural, namespace, name } = asked
  if (plural === 'volumeattachments') return attached(store, name)?.spec?.nodeName === node
  if (plural === 'persistentvolumes') return claimsOf(pod).some((claim) => volumeOf(store, pod, claim) === name)
  if (pod.metadata.namespace !== namespace) return false
  switch (plural) {
    case 'pods':
      return pod.metadata.name === name
    case 'serviceaccounts':
      return pod.spec.serviceAccountName === name
    case 'persistentvolumeclaims':
      return claimsOf(pod).includes(name)
    case 'resourceclaims':
      return (
        (pod.status as AnyObject | undefined)?.['resourceClaimStatuses']?.some(
          (s: AnyObject) => s['resourceClaimName'] === name,
        ) ?? false
      )
    default:
      return names(pod.spec, plural === 'secrets' ? SECRET_FIELDS : CONFIG_FIELDS, name)
  }
}

const attached = (store: Store<AnyObject>, name: string) =>
  store.get(`/registry/volumeattachments/${name}`)?.value as { spec?: { nodeName?: string } } | undefined

const claimsOf = (pod: Pod): string[] =>
  (pod.spec.volumes ?? []).flatMap((volume) => {
    const claim = volume['persistentVolumeClaim']?.claimName
    return claim ? [claim as string] : volume['ephemeral'] ? [`${pod.metadata.name}-${volume.name}`] : []
  })

const volumeOf = (store: Store<AnyObject>, pod: Pod, claim: string): string | undefined =>
  store.get(`/registry/persistentvolumeclaims/${pod.metadata.namespace}/${claim}`)?.value['spec']?.volumeName

/** Fields of a Pod's spec that refer to a Secret or ConfigMap by name, or by `name` inside. */
const SECRET_FIELDS = new Set(['secretName', 'secretRef', 'secretKeyRef', 'secret', 'imagePullSecrets', 'nodePublishSecretRef'])
const CONFIG_FIELDS = new Set(['configMapRef', 'configMapKeyRef', 'configMap'])

function names(value: unknown, fields: Set<string>, name: string): boolean {
  if (typeof value !== 'object' || value === null) return false
  for (const key in value) {
    const inner = (value as Record<string, unknown>)[key]
    if (fields.has(key) && refers(inner, name)) return true
    if (names(inner, fields, name)) return true
  }
  return false
}

function refers(value: unknown, name: string): boolean {
  if (Array.isArray(value)) return value.some((item) => refers(item, name))
  if (typeof value !== 'object' || value === null) return value === name
  return (value as { name?: unknown }).name === name
}

function decideAccount(node: string, verb: string, asked: Asked, store: Store<AnyObject>): Decision {
  if (verb === 'get' && !asked.subresource) return readable(node, verb, asked, store)
  if (verb !== 'create' || !asked.name) return deny('can only create tokens for individual service accounts')
  if (asked.subresource !== 'token') return deny('can only create token subresource of serviceaccount')
  return related(node, asked, store)
}

function decideLease(node: string, verb: string, asked: Asked): Decision {
  if (!WRITE.includes(verb)) return deny('can only get, create, update, patch, or delete a node lease')
  if (asked.namespace !== LEASES) return deny(`can only access leases in the "${LEASES}" system namespace`)
  const foreign = verb !== 'create' && asked.name !== node
  return foreign ? deny('can only access node lease with the same name as the requesting node') : allow
}

function decideOwn(node: string, verb: string, asked: Asked): Decision {
  if (!WRITE.includes(verb)) return deny('can only get, create, update, patch, or delete a CSINode')
  if (asked.subresource) return deny('cannot authorize CSINode subresources')
  const foreign = verb !== 'create' && asked.name !== node
  return foreign ? deny('can only access CSINode with the same name as the requesting node') : allow
}

function decideNode(node: string, verb: string, asked: Asked): Decision {
  const write = verb === 'update' || verb === 'patch'
  if (asked.subresource === 'status') return write ? allow : deny('')
  if (asked.subresource) return deny('')
  if (write || verb === 'create') return allow
  if (!['get', 'list', 'watch'].includes(verb)) return deny('')
  if (asked.name === node) return allow
  return deny(
    asked.name
      ? `node '${node}' cannot read '${asked.name}', only its own Node object`
      : `node '${node}' cannot read all nodes, only its own Node object`,
  )
}

function decidePod(node: string, { verb, fields = [] }: Attributes, asked: Asked, store: Store<AnyObject>): Decision {
  if (asked.subresource === 'status') return verb === 'update' || verb === 'patch' ? allow : deny('')
  if (asked.subresource === 'eviction') return verb === 'create' ? allow : deny('')
  if (asked.subresource) return deny('')
  if (verb === 'get') return gettable(node, verb, asked, store)
  if (verb === 'create' || verb === 'delete') return allow
  if (verb !== 'list' && verb !== 'watch') return deny('')
  const scoped = fields.some(({ field, value, equal }) => field === 'spec.nodeName' && equal && value === node)
  if (scoped) return allow
  return asked.name ? related(node, asked, store) : deny('can only list/watch pods with spec.nodeName field selector')
}
