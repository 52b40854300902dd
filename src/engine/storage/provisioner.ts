/** A provisioner outside of Kubernetes: makes volumes for claims that ask for it by name, and deletes them again (sig-storage-lib-external-provisioner). */
import { keyOf } from '#api/meta.ts'
import { isAlreadyExists, isNotFound } from '#api/status.ts'
import type { Identity } from '../machinery/client.ts'
import { type Context, type ControllerDeclaration, controller } from '../machinery/controller.ts'
import { isWorking, stopWorking, worked } from '../machinery/work-time.ts'
import {
  annotation,
  BOUND_BY_CONTROLLER,
  CLAIMS,
  CLASSES,
  type Claim,
  classNameOf,
  PROVISIONED_BY,
  PROVISIONER,
  referenceTo,
  SELECTED_NODE,
  type StorageClass,
  unannotated,
  VOLUMES,
  type Volume,
} from './objects.ts'

/** Where a volume can be: the node it is meant for, with its labels; null when no node was chosen. */
export interface Place {
  node: string
  labels: Record<string, string>
}

export interface Provisioner {
  /** As StorageClasses name it. */
  name: string
  identity: Identity
  /** How long making one takes. */
  makeMs: number
  spreadMs: number
  deleteMs: number
  finalizer?: string
  /** Why it cannot be made; null when it can. */
  refuses(claim: Claim, place: Place | null): string | null
  /** What is its own in the volume: source and affinity, annotations. */
  source(
    claim: Claim,
    name: string,
    place: Place | null,
    storageClass: StorageClass,
  ): Pick<Volume, 'spec'> & { annotations?: Record<string, string> }
}

const VOLUME = 'volume '
const MAKE = 'make'
const RETRY_MS = 15_000

const volumeName = ({ metadata }: Claim): string => `pvc-${metadata.uid}`

export const provisioner = (own: Provisioner): ControllerDeclaration =>
  controller({
    name: own.name,
    identity: own.identity,
    watches: [
      {
        resource: CLAIMS,
        keys: (change, object) =>
          change !== 'deleted' && wants(object as unknown as Claim, own) ? [keyOf(object.metadata)] : [],
      },
      {
        resource: VOLUMES,
        keys: (change, object) =>
          change !== 'deleted' && isOver(object as unknown as Volume, own) ? [VOLUME + object.metadata.name] : [],
      },
      { resource: CLASSES, keys: () => [] },
      { resource: 'nodes', keys: () => [] },
    ],
    reconcile(key, context) {
      if (key.startsWith(VOLUME)) return remove(key, own, context)
      const claim = context.cache<Claim>(CLAIMS).byKey(key)
      if (claim && wants(claim, own)) make(key, claim, own, context)
      else stopWorking(context, key, MAKE)
    },
  })

const wants = (claim: Claim, { name }: Provisioner): boolean =>
  !claim.spec.volumeName && !claim.metadata.deletionTimestamp && annotation(claim, PROVISIONER) === name

const isOver = (volume: Volume, { name }: Provisioner): boolean =>
  volume.status?.phase === 'Released' &&
  volume.spec.persistentVolumeReclaimPolicy === 'Delete' &&
  annotation(volume, PROVISIONED_BY) === name

function make(key: string, claim: Claim, own: Provisioner, context: Context): void {
  const { events, world, cache } = context
  const storageClass = cache<StorageClass>(CLASSES).get('', classNameOf(claim))
  const waits = storageClass?.volumeBindingMode === 'WaitForFirstConsumer'
  const node = annotation(claim, SELECTED_NODE)
  if (!storageClass || (waits && node === undefined)) return
  if (!isWorking(context, key, MAKE)) {
    events.record(claim, 'Normal', 'Provisioning', `External provisioner is provisioning volume for claim "${key}"`)
  }
  if (!worked(context, key, MAKE, () => own.makeMs + world.random('storage').below(own.spreadMs))) return
  const labels = node === undefined ? undefined : cache('nodes').get('', node)?.metadata.labels
  const place = node === undefined ? null : { node, labels: labels ?? {} }
  const wrong = own.refuses(claim, place)
  if (wrong === null) create(claim, place, storageClass, own, context)
  else {
    const message = `failed to provision volume with StorageClass "${storageClass.metadata.name}": ${wrong}`
    events.record(claim, 'Warning', 'ProvisioningFailed', message)
    giveUpNode(claim, context)
    context.later(key, RETRY_MS)
  }
}

/** The scheduler is to choose again. */
function giveUpNode(claim: Claim, { api }: Context): void {
  if (annotation(claim, SELECTED_NODE) === undefined) return
  api.update<Claim>(CLAIMS, unannotated(claim, SELECTED_NODE), { because: 'no volume could be made on that node' })
}

function create(claim: Claim, place: Place | null, storageClass: StorageClass, own: Provisioner, context: Context): void {
  const name = volumeName(claim)
  const { spec, annotations } = own.source(claim, name, place, storageClass)
  const { accessModes = [], resources, volumeMode = 'Filesystem', volumeAttributesClassName } = claim.spec
  const volume = {
    metadata: {
      name,
      annotations: { ...annotations, [PROVISIONED_BY]: own.name, ...(own.finalizer ? {} : { [BOUND_BY_CONTROLLER]: 'yes' }) },
      ...(own.finalizer ? { finalizers: [own.finalizer] } : {}),
    },
    spec: {
      accessModes,
      capacity: { storage: resources?.requests?.['storage'] ?? '0' },
      claimRef: referenceTo(claim),
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? 'Delete',
      storageClassName: storageClass.metadata.name,
      volumeMode,
      ...(storageClass.mountOptions ? { mountOptions: storageClass.mountOptions } : {}),
      ...(volumeAttributesClassName ? { volumeAttributesClassName } : {}),
      ...spec,
    },
  }
  try {
    context.api.create(VOLUMES, volume as never, { because: `${claim.metadata.name} asks for it` })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
  context.events.record(claim, 'Normal', 'ProvisioningSucceeded', `Successfully provisioned volume ${name}`)
}

function remove(key: string, own: Provisioner, context: Context): void {
  const { cache, api } = context
  const volume = cache<Volume>(VOLUMES).get('', key.slice(VOLUME.length))
  if (!volume || !isOver(volume, own)) return
  if (!worked(context, key, 'delete', () => own.deleteMs)) return
  const { name, deletionTimestamp, finalizers = [] } = volume.metadata
  const because = 'its claim is gone, and with it what was on it'
  try {
    if (!deletionTimestamp) api.delete(VOLUMES, '', name, { because })
    if (!own.finalizer || !finalizers.includes(own.finalizer)) return
    const live = api.get<Volume>(VOLUMES, '', name)
    const left = (live.metadata.finalizers ?? []).filter((each) => each !== own.finalizer)
    api.update<Volume>(VOLUMES, { ...live, metadata: { ...live.metadata, finalizers: left } }, { because })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
