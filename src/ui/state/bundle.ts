/** What was asked of the cluster, as manifests that another cluster takes unchanged; and as a script of commands. */

import type { AnyObject } from '#api/meta.ts'
import type { Session, Transport } from '#api/request.ts'
import { Client } from '#client/client.ts'
import type { ResourceInfo } from '#client/discovery.ts'

/** Kinds that a cluster makes for itself, or that say how it is rather than what was asked. */
const OWN = new Set([
  'nodes',
  'events',
  'endpoints',
  'endpointslices',
  'leases',
  'leasecandidates',
  'componentstatuses',
  'controllerrevisions',
  'apiservices',
  'csinodes',
  'certificatesigningrequests',
  'flowschemas',
  'prioritylevelconfigurations',
  'ipaddresses',
  'servicecidrs',
  'volumeattachments',
  'csistoragecapacities',
  'bindings',
  'storageversions',
  'podmetrics',
  'nodemetrics',
  'csidrivers',
])
const SYSTEM = /^(?:kube-|system:|system-|cluster-admin$|admin$|edit$|view$|kubernetes$|default$)/
/** Only what others need goes first. */
const FIRST = [
  'namespaces',
  'customresourcedefinitions',
  'storageclasses',
  'serviceaccounts',
  'configmaps',
  'secrets',
  'persistentvolumeclaims',
  'services',
]

export async function manifestsOf(transport: Transport): Promise<AnyObject[]> {
  const client = new Client(transport, { agent: 'tabernetes-share' })
  const wanted = preferred(await client.discovery.all()).sort((a, b) => rank(a) - rank(b))
  const lists = await Promise.all(
    wanted.map((info) =>
      client.list(info, '').then(
        (list) => list.items.filter(isAsked).map((item) => bare(item, info)),
        () => [],
      ),
    ),
  )
  return lists.flat()
}

const rank = ({ plural }: ResourceInfo): number => {
  const at = FIRST.indexOf(plural)
  return at < 0 ? FIRST.length : at
}

/** One version of each resource that can be listed and made. */
function preferred(all: ResourceInfo[]): ResourceInfo[] {
  const seen = new Set<string>()
  return all.filter((info) => {
    const id = `${info.plural}.${info.group}`
    if (seen.has(id) || OWN.has(info.plural) || !info.verbs.includes('list') || !info.verbs.includes('create')) return false
    seen.add(id)
    return true
  })
}

function isAsked({ kind, metadata, type }: AnyObject): boolean {
  const { name, namespace, ownerReferences, deletionTimestamp, labels } = metadata
  if ((ownerReferences?.length ?? 0) > 0 || deletionTimestamp || labels?.['kubernetes.io/bootstrapping']) return false
  if (namespace ? /^kube-/.test(namespace) : SYSTEM.test(name)) return false
  if (name === 'kube-root-ca.crt' || (kind === 'ServiceAccount' && name === 'default')) return false
  if (kind === 'Service' && name === 'kubernetes') return false
  return type !== 'kubernetes.io/service-account-token'
}

const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration'

/** Without what the server or a controller has put there. */
function bare(object: AnyObject, info: ResourceInfo): AnyObject {
  const { status: _status, metadata, apiVersion, kind, ...rest } = object
  const { name, namespace, labels, annotations = {}, finalizers } = metadata
  const kept = Object.entries(annotations).filter(
    ([key]) => key !== LAST_APPLIED && !/^(?:deployment|pv|volume)\.(?:beta\.)?kubernetes\.io\//.test(key),
  )
  const spec = rest['spec'] as Record<string, unknown> | undefined
  const own = finalizers?.filter((f) => !/kubernetes\.io\/|^kubernetes$/.test(f)) ?? []
  const keptLabels = Object.entries(labels ?? {}).filter(
    ([key]) => !(info.plural === 'namespaces' && key === 'kubernetes.io/metadata.name'),
  )
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(keptLabels.length > 0 ? { labels: Object.fromEntries(keptLabels) } : {}),
      ...(kept.length > 0 ? { annotations: Object.fromEntries(kept) } : {}),
      ...(own.length > 0 ? { finalizers: own } : {}),
    },
    ...rest,
    ...(spec ? { spec: asked(spec, kind) } : {}),
  } as AnyObject
}

/** Addresses, machines and volumes are another cluster's to give. */
function asked(spec: Record<string, unknown>, kind: string): Record<string, unknown> {
  const given: Record<string, readonly string[]> = {
    Service: ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy'],
    PersistentVolumeClaim: ['volumeName'],
    Pod: ['nodeName', 'tolerations', 'priority', 'preemptionPolicy', 'volumes', 'serviceAccount', 'enableServiceLinks'],
    Namespace: ['finalizers'],
    Job: ['selector'],
  }
  const drop = (kind === 'Service' && spec['clusterIP'] === 'None' ? ['ipFamilies'] : given[kind]) ?? []
  const kept = Object.fromEntries(Object.entries(spec).filter(([key]) => !drop.includes(key)))
  if (kind === 'Pod') return ownVolumes(spec, kept)
  return kind === 'Job' ? withoutUid(kept) : kept
}

/** Labels by which a Job's controller tells its pods are given anew. */
function withoutUid(spec: Record<string, unknown>): Record<string, unknown> {
  const template = spec['template'] as { metadata?: { labels?: Record<string, string> } } | undefined
  const labels = Object.entries(template?.metadata?.labels ?? {}).filter(([key]) => !/controller-uid|job-name/.test(key))
  return { ...spec, template: { ...template, metadata: { ...template?.metadata, labels: Object.fromEntries(labels) } } }
}

/** The token's volume is put into each pod by its server. */
function ownVolumes(spec: Record<string, unknown>, kept: Record<string, unknown>): Record<string, unknown> {
  const isToken = ({ name }: { name: string }): boolean => name.startsWith('kube-api-access-')
  const own = ((spec['volumes'] ?? []) as { name: string }[]).filter((volume) => !isToken(volume))
  const containers = ((spec['containers'] ?? []) as { volumeMounts?: { name: string }[] }[]).map(
    ({ volumeMounts, ...container }) => {
      const mounts = volumeMounts?.filter((mount) => !isToken(mount)) ?? []
      return mounts.length > 0 ? { ...container, volumeMounts: mounts } : container
    },
  )
  return { ...kept, containers, ...(own.length > 0 ? { volumes: own } : {}) }
}

export async function bundleOf(transport: Transport): Promise<string> {
  const [objects, { stringify }] = await Promise.all([manifestsOf(transport), import('yaml')])
  return objects.map((object) => stringify(object, { version: '1.1', lineWidth: 0 })).join('---\n')
}

/** What was typed and clicked, as a script for a shell; files of the editor come with it. */
export function scriptOf(session: Session, files: Record<string, string>): string {
  const deeds = session.inputs.flatMap((input) => ('mark' in input ? [input.mark] : []))
  const used = Object.entries(files).filter(([name]) => deeds.some((deed) => deed.includes(name)))
  const texts = used.map(([name, text]) => `cat > ${name} <<'END_OF_FILE'\n${text.replace(/\n*$/, '\n')}END_OF_FILE\n`)
  return `${['#!/bin/sh', '# What was done in Tabernetes, for any cluster. Files are as they are now.', ...texts, ...deeds].join('\n')}\n`
}
