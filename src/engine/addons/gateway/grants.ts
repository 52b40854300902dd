/** What may be referred to from another namespace: ReferenceGrants, which stand where the thing is. */
import type { AnyObject } from '#api/meta.ts'
import { type Caches, GRANTS, GROUP } from './kinds.ts'

interface Grant {
  spec: {
    from: { group: string; kind: string; namespace: string }[]
    to: { group: string; kind: string; name?: string }[]
  }
}

/** `from`: the kind of the Gateway API that refers, and its namespace. */
export function isGranted(
  { cache }: Caches,
  from: { kind: string; namespace: string },
  to: { kind: string; namespace: string; name: string },
): boolean {
  for (const each of cache<AnyObject>(GRANTS).inNamespace(to.namespace)) {
    const { spec } = each as unknown as Grant
    const lets = spec.from.some(
      ({ group, kind, namespace }) => group === GROUP && kind === from.kind && namespace === from.namespace,
    )
    const these = spec.to.some(
      ({ group, kind, name }) =>
        (group === '' || group === 'core') && kind === to.kind && (name === undefined || name === '' || name === to.name),
    )
    if (lets && these) return true
  }
  return false
}
