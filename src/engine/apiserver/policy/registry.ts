/** The policies and webhooks of a cluster, read anew only when they change: most requests find that there are none. */
import type { AnyObject } from '#api/meta.ts'
import type { ApiServer } from '../server.ts'

interface Known<T> {
  readonly directories: readonly string[]
  loads: number
  /** The revisions of the latest writes. */
  changed: number[]
  items: readonly T[]
}

/** Something made from the objects of one or two resources, kept until one of these is written. */
export function derived<T>(
  ids: readonly string[],
  make: (server: ApiServer) => readonly T[],
): (server: ApiServer) => readonly T[] {
  const known = new WeakMap<object, Known<T>>()
  return (asked) => {
    // A guest is told of the cluster's.
    const server = asked.host ?? asked
    const { store } = server
    let found = known.get(store)
    if (!found) {
      const directories = ids.map((id) => server.resource(id).directory)
      found = { directories, loads: -1, changed: [], items: [] }
      known.set(store, found)
    }
    const { directories, changed } = found
    let same = found.loads === store.loads
    for (let i = 0; same && i < directories.length; i++) same = store.changedAt(directories[i] as string) === changed[i]
    if (same) return found.items
    found.items = make(server)
    found.loads = store.loads
    found.changed = directories.map((directory) => store.changedAt(directory))
    return found.items
  }
}

const GROUP = 'admissionregistration.k8s.io'

/** A policy with the bindings that name it, in the order of their names. */
export interface Bound<P> {
  readonly policy: P
  readonly bindings: readonly AnyObject[]
}

export function boundPolicies<P>(
  kind: 'validating' | 'mutating',
  make: (policy: AnyObject) => P,
): (server: ApiServer) => readonly Bound<P>[] {
  const [policies, bindings] = [`${kind}admissionpolicies.${GROUP}`, `${kind}admissionpolicybindings.${GROUP}`]
  const compiled = new WeakMap<AnyObject, P>()
  return derived([policies, bindings], (server) => {
    const all = server.readAll(bindings)
    return server.readAll(policies).flatMap((object) => {
      const own = all.filter((binding) => binding['spec']?.policyName === object.metadata.name)
      if (own.length === 0) return []
      const policy = compiled.get(object) ?? make(object)
      compiled.set(object, policy)
      return [{ policy, bindings: own }]
    })
  })
}

/** Resources that no policy or webhook is asked about (rules.IsExemptAdmissionConfigurationResource, plugin/policy/generic). */
const CONFIGURATION = new Set(
  ['validatingwebhookconfigurations', 'mutatingwebhookconfigurations']
    .concat(['validatingadmissionpolicies', 'validatingadmissionpolicybindings'])
    .concat(['mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'])
    .map((plural) => `${plural}.${GROUP}`),
)
const REVIEWS = new Set([
  'tokenreviews.authentication.k8s.io',
  'selfsubjectreviews.authentication.k8s.io',
  'localsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectaccessreviews.authorization.k8s.io',
  'selfsubjectrulesreviews.authorization.k8s.io',
  'subjectaccessreviews.authorization.k8s.io',
])

export const isConfiguration = (id: string): boolean => CONFIGURATION.has(id)
export const isReview = (id: string): boolean => REVIEWS.has(id)
