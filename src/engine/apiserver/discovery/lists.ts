/** Discovery's documents, projected from the resources: which groups, versions, kinds and verbs there are. */

import { encodeBytes, utf8 } from '#api/base64.ts'
import { sha256 } from '#api/sha256.ts'
import { groupsWith, groupWith, wholeGroupsWith } from '../aggregation/merged.ts'
import type { RemoteVersion } from '../aggregation/port.ts'
import type { Resource, Subresource } from '../resource.ts'

interface VersionName {
  groupVersion: string
  version: string
}

/** Groups with their versions, each in the order of the resources: the preferred version first. */
function groupsOf(resources: readonly Resource[]): Map<string, VersionName[]> {
  const groups = new Map<string, VersionName[]>()
  for (const { group, version, groupVersion } of resources) {
    const versions = groups.get(group) ?? []
    if (!versions.some((v) => v.version === version)) versions.push({ groupVersion, version })
    groups.set(group, versions)
  }
  return groups
}

/** `/api`. */
export const coreVersions = (resources: readonly Resource[], address: string): object => ({
  kind: 'APIVersions',
  versions: (groupsOf(resources).get('') ?? []).map((v) => v.version),
  serverAddressByClientCIDRs: [{ clientCIDR: '0.0.0.0/0', serverAddress: address }],
})

const groupDocument = (name: string, versions: VersionName[]) => ({ name, versions, preferredVersion: versions[0] })

/** `/apis`; `remote` is what others serve. */
export const groupList = (resources: readonly Resource[], remote: readonly RemoteVersion[] = []): object => {
  const own = [...groupsOf(resources)].filter(([name]) => name !== '').map(([name, versions]) => groupDocument(name, versions))
  return { kind: 'APIGroupList', apiVersion: 'v1', groups: remote.length > 0 ? groupsWith(own, resources, remote) : own }
}

/** `/apis/GROUP`. */
export function groupOf(resources: readonly Resource[], name: string, all: readonly RemoteVersion[] = []): object | undefined {
  const versions = groupsOf(resources).get(name)
  const remote = all.filter(({ group }) => group === name)
  const own = versions && groupDocument(name, versions)
  const document = remote.length > 0 ? groupWith(own, remote) : own
  return document && { kind: 'APIGroup', apiVersion: 'v1', ...document }
}

/** Resources that are only asked (reviews, bindings) are not stored, and so have no version they are stored in. */
const isStored = ({ verbs, storageVersion }: Resource): boolean =>
  verbs.includes('create') && verbs.includes('list') && storageVersion !== ''

/** Kinds whose stored version is not one that is served. */
const STORED_VERSIONS: Record<string, string> = {
  'customresourcedefinitions.apiextensions.k8s.io': 'v1beta1',
  'mutatingadmissionpolicies.admissionregistration.k8s.io': 'v1beta1',
  'mutatingadmissionpolicybindings.admissionregistration.k8s.io': 'v1beta1',
}

/** discovery.StorageVersionHash: eight bytes of the hash of `group/version/kind` as stored. */
function storageHash(resource: Resource, resources: readonly Resource[]): string {
  const as = resource.stored?.as
  const stored = as === undefined || resource.custom ? resource : (resources.find((r) => r.id === as) ?? resource)
  const version = resource.storageVersion ?? STORED_VERSIONS[stored.id] ?? stored.version
  return encodeBytes(sha256(utf8(`${stored.group}/${version}/${stored.kind}`)).slice(0, 8))
}

/** `/apis/GROUP/VERSION`, or `/api/VERSION`; undefined when nothing is served there. */
export function resourceList(resources: readonly Resource[], groupVersion: string): object | undefined {
  const own = resources.filter((r) => r.groupVersion === groupVersion)
  if (own.length === 0) return undefined
  const entries = own.flatMap((r) => [
    {
      name: r.plural,
      singularName: r.singular,
      namespaced: r.namespaced,
      kind: r.kind,
      verbs: r.shownVerbs ?? r.verbs,
      ...(r.short?.length ? { shortNames: r.short } : {}),
      ...(r.categories?.length ? { categories: r.categories } : {}),
      ...(isStored(r) ? { storageVersionHash: storageHash(r, resources) } : {}),
    },
    ...published(r).map((s) => ({
      name: `${r.plural}/${s.name}`,
      singularName: '',
      namespaced: r.namespaced,
      ...(s.version ? { group: s.group ?? '', version: s.version } : {}),
      kind: s.kind ?? r.kind,
      verbs: s.verbs,
    })),
  ])
  const core = !groupVersion.includes('/')
  return { kind: 'APIResourceList', ...(core ? {} : { apiVersion: 'v1' }), groupVersion, resources: entries }
}

const byName = (a: Subresource, b: Subresource): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
const published = ({ subresources = [], custom }: Resource): readonly Subresource[] =>
  custom ? subresources : [...subresources].sort(byName)

const AGGREGATED = 'apidiscovery.k8s.io'

/** All of it in one document (`APIGroupDiscoveryList`): the core group alone, or all the others. */
export function aggregated(
  resources: readonly Resource[],
  core: boolean,
  remote: readonly RemoteVersion[] = [],
  version = 'v2',
): object {
  const own = [...groupsOf(resources)]
    .filter(([name]) => (name === '') === core)
    .map(([name, versions]) => ({
      metadata: name === '' ? {} : { name },
      versions: versions.map((v) => ({
        version: v.version,
        resources: resources.filter((r) => r.groupVersion === v.groupVersion).map(aggregatedResource),
        freshness: 'Current',
      })),
    }))
  const items = remote.length > 0 ? wholeGroupsWith(own, resources, remote) : own
  return { kind: 'APIGroupDiscoveryList', apiVersion: `${AGGREGATED}/${version}`, metadata: {}, items }
}

/** Built-in kinds leave group and version to their surroundings; custom ones spell them out. */
function aggregatedResource(r: Resource): object {
  const own = r.custom ? { group: r.group, version: r.version, kind: r.kind } : { group: '', version: '', kind: r.kind }
  const subresources = published(r).map((s) => ({
    subresource: s.name,
    responseKind: s.version
      ? { group: s.group ?? '', version: s.version, kind: s.kind ?? r.kind }
      : { ...own, kind: s.kind ?? r.kind },
    verbs: s.verbs,
  }))
  return {
    resource: r.plural,
    responseKind: own,
    scope: r.scope,
    singularResource: r.singular,
    verbs: r.shownVerbs ?? r.verbs,
    ...(r.short?.length ? { shortNames: r.short } : {}),
    ...(r.categories?.length ? { categories: r.categories } : {}),
    ...(subresources.length > 0 ? { subresources } : {}),
  }
}
