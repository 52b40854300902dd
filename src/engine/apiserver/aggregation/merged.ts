/** Discovery of everything: the server's own groups and those of others, in the order of their APIServices' priorities. */
import type { Resource } from '../resource.ts'
import type { RemoteVersion } from './port.ts'

/** What the APIServices of custom kinds have (crdregistration_controller.go), and metrics-server's. */
const CUSTOM_PRIORITY = 1000
const LIVE_PRIORITY = 100
/** Those of the server's own kinds come before all others. */
const OWN_PRIORITY = 20_001

interface Placed<T> {
  name: string
  priority: number
  document: T
}

function priorityOf(name: string, resources: readonly Resource[]): number {
  const one = resources.find(({ group }) => group === name)
  return one?.custom ? CUSTOM_PRIORITY : one?.live ? LIVE_PRIORITY : OWN_PRIORITY
}

/** `own` are documents of the server's groups in their order; `merge` adds the versions of others to one, or begins one. */
function merged<T>(
  own: readonly { name: string; document: T }[],
  resources: readonly Resource[],
  versions: readonly RemoteVersion[],
  merge: (document: T | undefined, versions: readonly RemoteVersion[]) => T,
): T[] {
  const placed: Placed<T>[] = own.map(({ name, document }) => ({ name, document, priority: priorityOf(name, resources) }))
  for (const group of new Set(versions.map((each) => each.group))) {
    const remote = versions.filter((each) => each.group === group)
    const priority = Math.max(...remote.map(({ groupPriority }) => groupPriority))
    const known = placed.find(({ name }) => name === group)
    if (known) known.document = merge(known.document, remote)
    else placed.push({ name: group, priority, document: merge(undefined, remote) })
  }
  const inOrder = (a: Placed<T>, b: Placed<T>): number =>
    b.priority - a.priority || (a.priority === OWN_PRIORITY || a.name === b.name ? 0 : a.name < b.name ? -1 : 1)
  return placed.sort(inOrder).map(({ document }) => document)
}

interface Group {
  name: string
  versions: { groupVersion: string; version: string }[]
  preferredVersion: object | undefined
}

const named = (versions: readonly RemoteVersion[]) =>
  versions.map(({ group, version }) => ({ groupVersion: `${group}/${version}`, version }))

/** One group of the older form. */
export function groupWith(document: Group | undefined, remote: readonly RemoteVersion[]): Group {
  const known = document?.versions ?? []
  const more = named(remote).filter(({ version }) => !known.some((each) => each.version === version))
  const versions = [...known, ...more]
  return { ...document, name: remote[0]?.group ?? '', versions, preferredVersion: versions[0] }
}

export function groupsWith(groups: Group[], resources: readonly Resource[], remote: readonly RemoteVersion[]): Group[] {
  const own = groups.map((document) => ({ name: document.name, document }))
  return merged(own, resources, remote, groupWith)
}

interface WholeGroup {
  metadata: { name?: string }
  versions: object[]
}

/** Versions of which nothing could be learnt are there, empty and stale. */
const whole = ({ version, fresh, resources }: RemoteVersion): object => ({
  version,
  ...(resources.length > 0 ? { resources } : {}),
  freshness: fresh ? 'Current' : 'Stale',
})

export function wholeGroupsWith(
  items: WholeGroup[],
  resources: readonly Resource[],
  remote: readonly RemoteVersion[],
): WholeGroup[] {
  const own = items.map((document) => ({ name: document.metadata.name ?? '', document }))
  return merged(own, resources, remote, (document, versions) => ({
    metadata: { name: versions[0]?.group ?? '' },
    ...document,
    versions: [...(document?.versions ?? []), ...versions.map(whole)],
  }))
}
