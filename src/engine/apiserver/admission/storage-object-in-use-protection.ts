/** StorageObjectInUseProtection: finalizers that keep volumes and claims while something uses them. */
import type { AnyObject } from '#api/meta.ts'
import { plugin } from './plugin.ts'

const FINALIZERS: Record<string, string> = {
  persistentvolumes: 'kubernetes.io/pv-protection',
  persistentvolumeclaims: 'kubernetes.io/pvc-protection',
  'volumeattributesclasses.storage.k8s.io': 'kubernetes.io/vac-protection',
}

export const storageObjectInUseProtection = plugin({
  name: 'StorageObjectInUseProtection',
  operations: ['CREATE'],
  resources: Object.keys(FINALIZERS),
  mutate(object: AnyObject, ask) {
    const wanted = FINALIZERS[ask.resource.id]
    const own = object.metadata.finalizers ?? []
    if (ask.subresource !== '' || wanted === undefined || own.includes(wanted)) return object
    return { ...object, metadata: { ...object.metadata, finalizers: [...own, wanted] } }
  },
})
