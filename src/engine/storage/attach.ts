/** The attach/detach controller: a volume of a driver that attaches is attached to the node of the Pod that uses it, and only there (pkg/controller/volume/attachdetach). */
import { isTrue } from '#api/conditions.ts'
import type { Node, Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { hex, sha256 } from '#api/sha256.ts'
import { ApiError, isAlreadyExists, isNotFound } from '#api/status.ts'
import { type Context, controller } from '../machinery/controller.ts'
import { ATTACHMENTS, CLAIMS, type Claim, DRIVERS, VOLUMES, type Volume } from './objects.ts'
import { claimKeysOf } from './pod-claims.ts'
import { BY_CLAIM } from './sync-claim.ts'

const BY_VOLUME = 'volume'
/** How long a node that is not well may still be writing (ReconcilerMaxWaitForUnmountDuration). */
const UNSAFE_MS = 360_000
const OUT_OF_SERVICE = 'node.kubernetes.io/out-of-service'
/** Nobody else's turn comes sooner while two nodes want the same. */
const RETRY_MS = 1000

export interface Attachment extends AnyObject {
  spec: { attacher: string; nodeName: string; source: { persistentVolumeName?: string } }
  status?: { attached: boolean }
}

/** `csi-` and the hash of handle, driver and node, all ASCII. */
export const attachmentName = (handle: string, driver: string, node: string): string =>
  `csi-${hex(sha256([...`${handle}${driver}${node}`].map((char) => char.charCodeAt(0)))).toLowerCase()}`

const volumeOf = ({ spec }: Attachment): string => spec.source.persistentVolumeName ?? ''

export const attachDetach = controller({
  name: 'attachdetach-controller',
  indexes: [
    { resource: 'pods', name: BY_CLAIM, of: (pod) => claimKeysOf(pod as unknown as Pod) },
    { resource: ATTACHMENTS, name: BY_VOLUME, of: (object) => [volumeOf(object as Attachment)] },
  ],
  watches: [
    {
      resource: 'pods',
      keys(_change, object, _old, context) {
        const pod = object as unknown as Pod
        if (!pod.spec.nodeName || !pod.spec.volumes) return []
        const names = claimKeysOf(pod).map((key) => context.cache<Claim>(CLAIMS).byKey(key)?.spec.volumeName)
        return names.filter((name) => name !== undefined && name !== '') as string[]
      },
    },
    {
      resource: CLAIMS,
      keys: (_change, claim) =>
        (claim as unknown as Claim).spec.volumeName ? [(claim as unknown as Claim).spec.volumeName as string] : [],
    },
    { resource: ATTACHMENTS, keys: (_change, object) => [volumeOf(object as Attachment)] },
    { resource: VOLUMES, keys: () => [] },
    { resource: DRIVERS, keys: () => [] },
    { resource: 'nodes', keys: (_change, { metadata }, _old, context) => lostHere(metadata.name, context) },
  ],
  reconcile(name, context) {
    const volume = context.cache<Volume>(VOLUMES).get('', name)
    const driver = volume?.spec.csi?.driver
    const attachments = context.cache<Attachment>(ATTACHMENTS).by(BY_VOLUME, name)
    if (!volume || !driver || !isAttachable(driver, context)) return
    const users = usersOf(volume, context)
    const nodes = new Set(users.map((pod) => pod.spec.nodeName as string))
    for (const attachment of attachments) if (!nodes.has(attachment.spec.nodeName)) detach(name, attachment, context)
    const free = attachments.filter(({ spec }) => nodes.has(spec.nodeName))
    for (const node of nodes)
      if (!free.some(({ spec }) => spec.nodeName === node)) attach(volume, node, users, attachments, context)
    for (const attachment of free) if (attachment.status?.attached) tell(volume, attachment, users, context)
  },
})

/** A node's state matters where something is to be detached from it: only attached volumes are looked at. */
const lostHere = (node: string, { cache }: Context): string[] => {
  if (cache(ATTACHMENTS).size === 0) return []
  const names: string[] = []
  for (const each of cache<Attachment>(ATTACHMENTS).all()) if (each.spec.nodeName === node) names.push(volumeOf(each))
  return names
}

const isAttachable = (driver: string, { cache }: Context): boolean => {
  const known = cache(DRIVERS).get('', driver)
  return known === undefined || known['spec']?.attachRequired !== false
}

/** Pods on nodes that use it and have not ended. */
function usersOf({ spec }: Volume, { cache }: Context): Pod[] {
  const { namespace = '', name = '', uid } = spec.claimRef ?? {}
  const claim = cache<Claim>(CLAIMS).get(namespace, name)
  if (!claim || claim.metadata.uid !== uid) return []
  return cache<Pod>('pods')
    .by(BY_CLAIM, `${namespace}/${name}`)
    .filter(({ spec: { nodeName }, status }) => nodeName && status?.phase !== 'Succeeded' && status?.phase !== 'Failed')
}

const canShare = ({ spec }: Volume): boolean =>
  (spec.accessModes ?? []).some((mode) => mode === 'ReadWriteMany' || mode === 'ReadOnlyMany')

function attach(volume: Volume, node: string, users: readonly Pod[], attachments: readonly Attachment[], context: Context): void {
  const { events, api, later } = context
  const { name } = volume.metadata
  const elsewhere = attachments.filter(({ spec }) => spec.nodeName !== node)
  if (elsewhere.length > 0 && !canShare(volume)) {
    const waiting = users.filter((pod) => pod.spec.nodeName === node)
    for (const pod of waiting) events.record(pod, 'Warning', 'FailedAttachVolume', multiAttach(name, pod, users, elsewhere))
    later(name, RETRY_MS * 30)
    return
  }
  const { driver = '', volumeHandle = '' } = volume.spec.csi ?? {}
  const attachment = {
    metadata: { name: attachmentName(volumeHandle, driver, node) },
    spec: { attacher: driver, nodeName: node, source: { persistentVolumeName: name } },
  }
  try {
    api.create(ATTACHMENTS, attachment as never, { because: `a Pod on ${node} uses ${name}` })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

function multiAttach(volume: string, pod: Pod, users: readonly Pod[], elsewhere: readonly Attachment[]): string {
  const there = users.filter((other) => elsewhere.some(({ spec }) => spec.nodeName === other.spec.nodeName))
  const mine = there.filter((other) => other.metadata.namespace === pod.metadata.namespace).map(({ metadata }) => metadata.name)
  const why =
    mine.length > 0
      ? `Volume is already used by pod(s) ${mine.join(', ')}`
      : "Volume is already exclusively attached to one node and can't be attached to another"
  return `Multi-Attach error for volume "${volume}" ${why}`
}

const isWell = (node: Node | undefined): boolean => node !== undefined && isTrue(node, 'Ready')

/** What a lost machine may still be writing to stays attached for six minutes; unless somebody says that it is out of service. */
function detach(volume: string, attachment: Attachment, { cache, api, memory, now, later }: Context): void {
  const { name, deletionTimestamp } = attachment.metadata
  if (deletionTimestamp) return
  const node = cache<Node>('nodes').get('', attachment.spec.nodeName)
  const abandoned = !node || node.spec.taints?.some(({ key }) => key === OUT_OF_SERVICE)
  if (!abandoned && !isWell(node)) {
    const since: number = memory.get(name) ?? now
    memory.set(name, since)
    if (now - since < UNSAFE_MS) return later(volume, UNSAFE_MS - (now - since))
  }
  memory.delete(name)
  try {
    api.delete(ATTACHMENTS, '', name, { because: `no Pod on ${attachment.spec.nodeName} uses ${volume} any more` })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** Once: the Pods hear of it, and the node's status lists it. */
function tell(volume: Volume, attachment: Attachment, users: readonly Pod[], context: Context): void {
  const { api, events, cache } = context
  const { nodeName } = attachment.spec
  const { driver = '', volumeHandle = '' } = volume.spec.csi ?? {}
  const unique = `kubernetes.io/csi/${driver}^${volumeHandle}`
  const node = cache<Node>('nodes').get('', nodeName) as
    | (Node & { status?: { volumesAttached?: { name: string }[] } })
    | undefined
  const attached = node?.status?.volumesAttached ?? []
  if (!node || attached.some(({ name }) => name === unique)) return
  const here = attachedTo(nodeName, context)
  try {
    api.patch(
      'nodes',
      '',
      nodeName,
      'merge',
      { status: { volumesAttached: here } },
      { subresource: 'status', because: `${volume.metadata.name} is attached` },
    )
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return
  }
  for (const pod of users) {
    if (pod.spec.nodeName !== nodeName) continue
    events.record(pod, 'Normal', 'SuccessfulAttachVolume', `AttachVolume.Attach succeeded for volume "${volume.metadata.name}" `)
  }
}

function attachedTo(node: string, { cache }: Context): { name: string; devicePath: string }[] {
  const all: { name: string; devicePath: string }[] = []
  for (const { spec, status, metadata } of cache<Attachment>(ATTACHMENTS).all()) {
    const csi = cache<Volume>(VOLUMES).get('', spec.source.persistentVolumeName ?? '')?.spec.csi
    if (spec.nodeName === node && status?.attached && !metadata.deletionTimestamp && csi) {
      all.push({ name: `kubernetes.io/csi/${csi.driver}^${csi.volumeHandle}`, devicePath: '' })
    }
  }
  return all
}
