/** Which kind a body says it is, and whether that may stand where it was sent. */
import { badRequest } from '#api/status.ts'
import { goNameOf } from './go-types.ts'
import { splitGroupVersion } from './packed.ts'
import type { Schemas } from './schema.ts'
import { jsonKind } from './typed.ts'

export interface Identity {
  apiVersion: string
  kind: string
}

const FIND_KIND = 'struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }'

/** What the body says of itself; `error` when it can't be told (SimpleMetaFactory's Interpret). */
export function interpret(value: unknown): Identity | { error: string } {
  const start = "couldn't get version/kind; json parse error: json: cannot unmarshal"
  if (value === null || value === undefined) return { apiVersion: '', kind: '' }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return { error: `${start} ${jsonKind(value)} into Go value of type ${FIND_KIND}` }
  }
  for (const [key, each] of Object.entries(value)) {
    if ((key === 'apiVersion' || key === 'kind') && typeof each !== 'string' && each !== null) {
      return { error: `${start} ${jsonKind(each)} into Go struct field .${key} of type string` }
    }
  }
  const { apiVersion, kind } = value as Partial<Identity>
  if ((apiVersion ?? '').split('/').length > 2) return { error: `unexpected GroupVersion string: ${apiVersion}` }
  return { apiVersion: apiVersion ?? '', kind: kind ?? '' }
}

/** Internal packages whose names are not the first word of the group. */
const INTERNAL: Record<string, string> = {
  '': 'core',
  'events.k8s.io': 'core',
  'rbac.authorization.k8s.io': 'rbac',
}
/** Groups that share their internal types: a kind of one converts to the same kind of the other. */
const FAMILIES = [
  ['', 'events.k8s.io'],
  ['extensions', 'apps', 'networking.k8s.io'],
  ['extensions', 'policy'],
]

const internalName = (want: Identity): string => {
  const { group } = splitGroupVersion(want.apiVersion)
  return `${INTERNAL[group] ?? group.split('.')[0]}.${want.kind}`
}

const related = (a: string, b: string): boolean => a === b || FAMILIES.some((family) => family.includes(a) && family.includes(b))

/** Refuses a body of another kind or version than `want`, in the words of the codec. The body's own errors come first. */
export function refuseOther(
  said: Identity,
  want: Identity,
  schemas: Schemas,
  ownError: (definition: string) => string | null,
): void {
  if (said.kind === want.kind && said.apiVersion === want.apiVersion) return
  // Evictions of the old version are still understood.
  if (want.kind === 'Eviction' && said.kind === 'Eviction' && said.apiVersion === 'policy/v1beta1') return
  const there = splitGroupVersion(said.apiVersion)
  const prefix = `${said.kind} in version "${there.version}" cannot be handled as a ${want.kind}: `
  const registered =
    (said.apiVersion === 'v1' && said.kind === 'List') ||
    schemas.isRegistered?.(said.apiVersion, said.kind) ||
    (!schemas.isRegistered && said.apiVersion === want.apiVersion)
  if (!registered) {
    const missing = `no kind "${said.kind}" is registered for version "${said.apiVersion}" in scheme "pkg/runtime/scheme.go:111"`
    throw badRequest(prefix + missing)
  }
  const definition = schemas.nameOf?.(said.apiVersion, said.kind)
  const error = definition === undefined ? null : ownError(definition)
  if (error !== null) throw badRequest(prefix + error)
  // All Scales are converted into each other.
  const same =
    said.kind === want.kind && (said.kind === 'Scale' || related(there.group, splitGroupVersion(want.apiVersion).group))
  if (same) {
    throw badRequest(
      `the API version in the data (${said.apiVersion}) does not match the expected API version (${want.apiVersion})`,
    )
  }
  const name = definition === undefined ? `${there.version}.${said.kind}` : goNameOf(definition)
  throw badRequest(`${prefix}converting (${name}) to (${internalName(want)}): unknown conversion`)
}
