/** DefaultStorageClass: a claim that names no class takes the default one. */
import type { AnyObject } from '#api/meta.ts'
import { defaultOf } from './default-class.ts'
import { plugin } from './plugin.ts'

const DEFAULT = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']
const OLD_NAME = 'volume.beta.kubernetes.io/storage-class'

export const defaultStorageClass = plugin({
  name: 'DefaultStorageClass',
  operations: ['CREATE'],
  resources: ['persistentvolumeclaims'],
  mutate(claim: AnyObject, ask) {
    const named = claim.metadata.annotations?.[OLD_NAME] !== undefined || claim['spec']?.storageClassName !== undefined
    if (ask.subresource !== '' || named) return claim
    const found = defaultOf(ask.hooks.readAll('storageclasses.storage.k8s.io'), DEFAULT)
    return found ? { ...claim, spec: { ...claim['spec'], storageClassName: found.metadata.name } } : claim
  },
})
