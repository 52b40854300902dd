/** Raw block volumes: a device is the one node of its disk. */
import type { Pod } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import { type DiskState, newDisk, ROOT } from '#posix/disk.ts'
import type { Mounted } from './contents.ts'
import type { RawUse } from './raw-slot.ts'

const DEVICE = 2

export function rawVolume({ pod, name, volume: { metadata, spec }, node, files, now }: RawUse): Mounted | null {
  const mode = spec.volumeMode ?? 'Filesystem'
  const wrong = usedOtherwise(pod, name, mode)
  if (wrong !== '') return { waits: `volume ${name} has volumeMode ${mode}, but is specified in ${wrong}` }
  if (mode !== 'Block') return null
  const path = spec.hostPath ?? spec.local
  const key = path ? `device ${node} ${path.path}` : `volume ${metadata.uid}`
  let device = files.get(key)
  if (!device) files.set(key, (device = newDevice(now, wholeOf(spec.capacity?.['storage'] ?? '0'))))
  return { files: device, root: DEVICE }
}

/** How a container of the Pod uses a volume that is of the other mode (createVolumeSpec); empty: none does. */
function usedOtherwise({ spec }: Pod, volume: string, mode: string): string {
  const field = mode === 'Block' ? 'volumeMounts' : 'volumeDevices'
  const all = [...(spec.initContainers ?? []), ...spec.containers] as Record<string, any>[]
  return all.some((container) => (container[field] ?? []).some(({ name }: { name: string }) => name === volume)) ? field : ''
}

function newDevice(mtime: number, block: number): DiskState {
  const state = newDisk()
  state.nodes[ROOT] = { k: 'd', mode: 0o755, uid: 0, gid: 0, mtime, entries: { device: DEVICE } }
  state.nodes[DEVICE] = { k: 'f', data: '', block, mode: 0o660, uid: 0, gid: 6, mtime }
  state.next = DEVICE + 1
  return state
}
