/** Makes disks larger when claims ask for it (csi-resizer), and their file systems once a Pod has them mounted (the kubelet's part). */
import type { Pod } from '#api/kinds.ts'
import { type Condition, keyOf } from '#api/meta.ts'
import { compareQuantities } from '#api/quantity.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { worked } from '../../machinery/work-time.ts'
import { CLAIMS, type Claim, VOLUMES, type Volume } from '../../storage/objects.ts'
import { claimKeysOf } from '../../storage/pod-claims.ts'
import { BY_CLAIM } from '../../storage/sync-claim.ts'
import { DRIVER, identity } from './driver.ts'

const GROW_MS = 2000
const FILE_SYSTEM_MS = 1500
const PENDING = 'Waiting for user to (re-)start a pod to finish file system resize of volume on node.'

const requestOf = ({ spec }: Claim): string => spec.resources?.requests?.['storage'] ?? '0'
const has = ({ status }: Claim, type: string): boolean => status?.conditions?.some((each) => each.type === type) ?? false
const isLarger = (a: string, b: string): boolean => compareQuantities(a, b) > 0

export const resizer = controller({
  name: 'csi-resizer',
  component: `external-resizer ${DRIVER}`,
  identity,
  indexes: [{ resource: 'pods', name: BY_CLAIM, of: (pod) => claimKeysOf(pod as unknown as Pod) }],
  watches: [
    {
      resource: CLAIMS,
      keys(change, object) {
        const claim = object as unknown as Claim
        const wants = claim.status?.phase === 'Bound' && isLarger(requestOf(claim), claim.status.capacity?.['storage'] ?? '0')
        return change !== 'deleted' && wants ? [keyOf(claim.metadata)] : []
      },
    },
    { resource: VOLUMES, keys: () => [] },
    {
      resource: 'pods',
      keys: (change, object) =>
        change !== 'deleted' && (object as any).spec.volumes && (object as any).status?.phase === 'Running'
          ? claimKeysOf(object as unknown as Pod)
          : [],
    },
  ],
  reconcile(key, context) {
    const claim = context.cache<Claim>(CLAIMS).byKey(key)
    const volume = claim?.spec.volumeName ? context.cache<Volume>(VOLUMES).get('', claim.spec.volumeName) : undefined
    if (!claim || !volume || volume.spec.csi?.driver !== DRIVER) return
    const wanted = requestOf(claim)
    if (!isLarger(wanted, claim.status?.capacity?.['storage'] ?? '0')) return
    if (isLarger(wanted, volume.spec.capacity?.['storage'] ?? '0')) grow(key, claim, volume, context)
    else if (has(claim, 'FileSystemResizePending')) growFileSystem(key, claim, volume, context)
  },
})

function setStatus(claim: Claim, conditions: Condition[], more: object, because: string, { api }: Context): Claim {
  const { conditions: _, ...status } = claim.status ?? {}
  const next = { ...claim, status: { ...status, ...more, ...(conditions.length > 0 ? { conditions } : {}) } }
  return api.update<Claim>(CLAIMS, next, { subresource: 'status', because })
}

function grow(key: string, claim: Claim, volume: Volume, context: Context): void {
  const { events, api, world } = context
  const wanted = requestOf(claim)
  if (!has(claim, 'Resizing')) {
    events.record(claim, 'Normal', 'Resizing', `External resizer is resizing volume ${volume.metadata.name}`)
    const condition = { type: 'Resizing', status: 'True', lastTransitionTime: world.timestamp() }
    const more = { allocatedResources: { storage: wanted }, allocatedResourceStatuses: { storage: 'ControllerResizeInProgress' } }
    setStatus(claim, [condition], more, 'its disk is being made larger', context)
  }
  if (!worked(context, key, 'grow', () => GROW_MS)) return
  const spec = { ...volume.spec, capacity: { ...volume.spec.capacity, storage: wanted } }
  api.update<Volume>(VOLUMES, { ...volume, spec }, { because: `${claim.metadata.name} asks for ${wanted}` })
  const live = api.get<Claim>(CLAIMS, claim.metadata.namespace ?? '', claim.metadata.name)
  const pending = { type: 'FileSystemResizePending', status: 'True', lastTransitionTime: world.timestamp(), message: PENDING }
  const more = { allocatedResourceStatuses: { storage: 'NodeResizePending' } }
  const told = setStatus(live, [pending], more, 'its file system is to follow', context)
  events.record(told, 'Normal', 'FileSystemResizeRequired', 'Require file system resize of volume on node')
}

function growFileSystem(key: string, claim: Claim, volume: Volume, context: Context): void {
  const { cache, events } = context
  const user = cache<Pod>('pods')
    .by(BY_CLAIM, key)
    .find(({ spec, status }) => spec.nodeName && status?.phase === 'Running')
  if (!user || !worked(context, key, 'file system', () => FILE_SYSTEM_MS)) return
  const { allocatedResources: _resources, allocatedResourceStatuses: _statuses, ...status } = claim.status ?? {}
  const capacity = { ...status.capacity, storage: volume.spec.capacity?.['storage'] ?? requestOf(claim) }
  const bare = { ...claim, status }
  setStatus(bare, [], { capacity }, 'its file system has grown', context)
  const message = `MountVolume.NodeExpandVolume succeeded for volume "${volume.metadata.name}" ${user.spec.nodeName}`
  for (const each of [user, claim]) events.record(each, 'Normal', 'FileSystemResizeSuccessful', message)
}
