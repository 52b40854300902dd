/** VolumeAttributesClasses that are to be deleted stay while a claim or volume names them (pkg/controller/volume/vacprotection). */
import type { KubeObject } from '#api/meta.ts'
import { type Context, controller } from '../machinery/controller.ts'
import { CLAIMS, type Claim, VOLUMES, type Volume } from './objects.ts'

const ATTRIBUTES = 'volumeattributesclasses.storage.k8s.io'
const FINALIZER = 'kubernetes.io/vac-protection'
const BY_CLASS = 'attributes class'

const named = (...names: (string | undefined)[]): string[] =>
  [...new Set(names.filter((name) => name !== undefined && name !== ''))] as string[]

const ofClaim = (object: KubeObject): string[] => {
  const { spec, status } = object as Claim & { status?: { modifyVolumeStatus?: { targetVolumeAttributesClassName?: string } } }
  const target = status?.modifyVolumeStatus?.targetVolumeAttributesClassName
  return named(spec.volumeAttributesClassName, status?.currentVolumeAttributesClassName, target)
}
const ofVolume = (object: KubeObject): string[] => named((object as Volume).spec.volumeAttributesClassName)

export const attributesProtection = controller({
  name: 'volumeattributesclass-protection-controller',
  indexes: [
    { resource: CLAIMS, name: BY_CLASS, of: ofClaim },
    { resource: VOLUMES, name: BY_CLASS, of: ofVolume },
  ],
  watches: [
    { resource: ATTRIBUTES, keys: (change, { metadata }) => (change === 'deleted' ? [] : [metadata.name]) },
    { resource: CLAIMS, keys: (_change, claim, old) => (old ? ofClaim(old) : ofClaim(claim)) },
    { resource: VOLUMES, keys: (_change, volume, old) => (old ? ofVolume(old) : ofVolume(volume)) },
  ],
  reconcile(name, context) {
    const present = context.cache(ATTRIBUTES).get('', name)
    if (!present) return
    const { finalizers = [], deletionTimestamp } = present.metadata
    const has = finalizers.includes(FINALIZER)
    if (!deletionTimestamp && !has) set(present, [...finalizers, FINALIZER], 'it is to stay while it is used', context)
    if (!deletionTimestamp || !has || isUsed(name, context)) return
    const others = finalizers.filter((each) => each !== FINALIZER)
    set(present, others, 'nothing uses it', context)
  },
})

const isUsed = (name: string, { cache }: Context): boolean =>
  cache(CLAIMS).by(BY_CLASS, name).length > 0 || cache(VOLUMES).by(BY_CLASS, name).length > 0

function set(object: KubeObject, finalizers: string[], because: string, { api }: Context): void {
  const { finalizers: _, ...rest } = object.metadata
  const metadata = finalizers.length > 0 ? { ...rest, finalizers } : rest
  api.update(ATTRIBUTES, { ...object, metadata }, { because })
}
