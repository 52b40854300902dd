/** `namespaces/finalize`: where the namespace controller takes its finalizer off, so that the Namespace can go. */
import { type FieldError, invalid } from '#api/field-error.ts'
import type { Namespace } from '#api/kinds.ts'
import { isQualifiedName } from '#api/names.ts'
import type { Subresource } from '../../apiserver/resource.ts'

const STANDARD = ['kubernetes', 'orphan', 'foregroundDeletion']

/** Names in `spec.finalizers`: standard ones, or qualified ones. */
export const finalizerErrors = (finalizers: string[], fieldOf: (index: number) => string): FieldError[] =>
  finalizers.flatMap((name, i) => [
    ...isQualifiedName(name).map((problem) => invalid(fieldOf(i), name, problem)),
    ...(name.includes('/') || STANDARD.includes(name)
      ? []
      : [invalid(fieldOf(i), name, 'name is neither a standard finalizer name nor is it fully qualified')]),
  ])

/** Nothing is left of an empty list. */
function lasting({ finalizers, ...spec }: { finalizers?: string[] } = {}) {
  return finalizers?.length ? { ...spec, finalizers } : spec
}

export const namespaceFinalize: Subresource = {
  name: 'finalize',
  verbs: ['update'],
  prepare: (next, old) => ({ ...next, spec: lasting(next['spec']), status: old['status'] }),
  validate: (next) => finalizerErrors((next as Namespace).spec?.finalizers ?? [], (i) => `spec.finalizers[${i}]`),
}
