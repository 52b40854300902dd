/** Attaches and detaches disks as VolumeAttachments ask for it (csi-attacher), and registers the driver on nodes. */
import type { Node } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { isAlreadyExists, isNotFound } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { worked } from '../../machinery/work-time.ts'
import { DRIVER, identity, ZONE } from './driver.ts'

const ATTACHMENTS = 'volumeattachments.storage.k8s.io'
const CSI_NODES = 'csinodes.storage.k8s.io'
const FINALIZER = `external-attacher/${DRIVER.replaceAll('.', '-')}`
const NODE = 'node '
const ATTACH_MS = 1200
const DETACH_MS = 900
/** How many disks a node can have. */
const LIMIT = 16

export const attacher = controller({
  name: 'csi-attacher',
  identity,
  watches: [
    {
      resource: ATTACHMENTS,
      keys: (change, { metadata, spec }) => (change !== 'deleted' && spec?.attacher === DRIVER ? [metadata.name] : []),
    },
    { resource: 'nodes', keys: (change, { metadata }) => (change === 'added' ? [NODE + metadata.name] : []) },
    { resource: CSI_NODES, keys: (change, { metadata }) => (change === 'deleted' ? [] : [NODE + metadata.name]) },
  ],
  reconcile(key, context) {
    if (key.startsWith(NODE)) return register(key.slice(NODE.length), context)
    const attachment = context.cache(ATTACHMENTS).get('', key)
    if (!attachment) return
    if (attachment.metadata.deletionTimestamp) detach(key, attachment, context)
    else if (!attachment['status']?.attached) attach(key, attachment, context)
  },
})

function attach(key: string, attachment: AnyObject, context: Context): void {
  const { finalizers = [] } = attachment.metadata
  if (!finalizers.includes(FINALIZER)) {
    const patch = { metadata: { finalizers: [...finalizers, FINALIZER] } }
    context.api.patch(ATTACHMENTS, '', key, 'merge', patch, { because: 'it is to be detached before it goes' })
  }
  if (!worked(context, key, 'attach', () => ATTACH_MS)) return
  const because = `the disk is attached to ${attachment['spec'].nodeName}`
  context.api.patch(ATTACHMENTS, '', key, 'merge', { status: { attached: true } }, { subresource: 'status', because })
}

function detach(key: string, { metadata }: AnyObject, context: Context): void {
  if (!metadata.finalizers?.includes(FINALIZER)) return
  if (!worked(context, key, 'detach', () => DETACH_MS)) return
  const finalizers = metadata.finalizers.filter((each) => each !== FINALIZER)
  try {
    context.api.patch(ATTACHMENTS, '', key, 'merge', { metadata: { finalizers } }, { because: 'the disk is detached' })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

/** The driver runs on every node, and says so. */
function register(name: string, { cache, api }: Context): void {
  const node = cache<Node>('nodes').get('', name)
  if (!node) return
  const driver = { name: DRIVER, nodeID: name, topologyKeys: [ZONE], allocatable: { count: LIMIT } }
  const known = cache(CSI_NODES).get('', name)
  const because = 'the disk driver runs on the node'
  if (!known) {
    const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name, uid: node.metadata.uid ?? '' }]
    try {
      api.create(CSI_NODES, { metadata: { name, ownerReferences }, spec: { drivers: [driver] } }, { because })
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
    return
  }
  const drivers: { name: string }[] = known['spec']?.drivers ?? []
  if (drivers.some((each) => each.name === DRIVER)) return
  api.update(CSI_NODES, { ...known, spec: { ...known['spec'], drivers: [...drivers, driver] } }, { because })
}
