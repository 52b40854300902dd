/** PersistentVolumeClaimResize: only bound claims of classes that allow it may grow. */
import type { AnyObject } from '#api/meta.ts'
import { compareQuantities } from '#api/quantity.ts'
import { type Ask, plugin, refuse } from './plugin.ts'

const ANNOTATION = 'volume.beta.kubernetes.io/storage-class'

const wanted = (claim: AnyObject): string => claim['spec']?.resources?.requests?.storage ?? '0'

const className = (claim: AnyObject): string => claim.metadata.annotations?.[ANNOTATION] ?? claim['spec']?.storageClassName ?? ''

function growable(next: AnyObject, old: AnyObject, { hooks }: Ask): boolean {
  const name = className(next)
  if (!name || name !== className(old)) return false
  return hooks.read('storageclasses.storage.k8s.io', '', name)?.['allowVolumeExpansion'] === true
}

function validate(next: AnyObject, ask: Ask): void {
  const { old, subresource } = ask
  if (!old || subresource || compareQuantities(wanted(next), wanted(old)) <= 0) return
  if (old['status']?.phase !== 'Bound') throw refuse(ask, 'Only bound persistent volume claims can be expanded')
  if (growable(next, old, ask)) return
  const why = 'only dynamically provisioned pvc can be resized and the storageclass that provisions the pvc must support resize'
  throw refuse(ask, why)
}

export const persistentVolumeClaimResize = plugin({
  name: 'PersistentVolumeClaimResize',
  operations: ['UPDATE'],
  resources: ['persistentvolumeclaims'],
  validate,
})
