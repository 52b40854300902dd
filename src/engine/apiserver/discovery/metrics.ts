/** The API server's `/metrics`: what it can count of itself. */
import { exposition, type Family, type Sample } from '../../machinery/prometheus.ts'
import type { Call } from '../call.ts'
import { prefixFor } from '../keys.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { flowFamilies } from './flow-metrics.ts'

const VERBS: Readonly<Record<string, string>> = {
  create: 'POST',
  update: 'PUT',
  connect: 'CONNECT',
}

const REQUESTS =
  '[STABLE] Counter of apiserver requests broken out for each verb, dry run value, group, version, resource, scope, component, and HTTP response code.'
const LONG_RUNNING =
  '[STABLE] Gauge of all active long-running apiserver requests broken out by verb, group, version, resource, scope and component. Not all requests are tracked this way.'
const OBJECTS =
  'Number of stored objects at the time of last check split by kind. In case of a fetching error, the value will be -1.'
const STORAGE_OBJECTS = `[STABLE] (Deprecated since 1.34.0) [DEPRECATED, consider using apiserver_resource_objects instead] ${OBJECTS}`

function groupAndVersion(groupVersion: string): { group: string; version: string } {
  const [group = '', version] = groupVersion.split('/')
  return version === undefined ? { group: '', version: group } : { group, version }
}

/** A path as its metric names it: checks with their slash, documents by their first words. */
function pathLabels(path: string): Record<string, string> {
  const parts = path.split('/').filter((part) => part !== '')
  const [first = ''] = parts
  if (/^(healthz|livez|readyz)$/.test(first)) return { component: '', subresource: path }
  const isDiscovery = first === 'api' || first === 'apis'
  return { component: isDiscovery ? 'apiserver' : '', subresource: first === 'openapi' ? parts.slice(0, 2).join('/') : first }
}

const NOWHERE = { dry_run: '', group: '', resource: '', scope: '', version: '' }

function requestSample([key, value]: [string, number]): Sample {
  const [code = '', verb = '', about = '', resource, subresource = '', scope = '', dry_run = ''] = key.split(' ')
  if (resource === undefined) return { value, labels: { code, verb, ...NOWHERE, ...pathLabels(about) } }
  const labels = { code, component: 'apiserver', dry_run, ...groupAndVersion(about), resource, scope, subresource }
  return { value, labels: { ...labels, verb: VERBS[verb] ?? verb.toUpperCase() } }
}

/** Paths that are named alike are counted together. */
function summed(samples: readonly Sample[]): Sample[] {
  const known = new Map<string, Sample>()
  for (const sample of samples) {
    const key = JSON.stringify(sample.labels)
    known.set(key, { ...sample, value: sample.value + (known.get(key)?.value ?? 0) })
  }
  return [...known.values()]
}

function watchSamples(server: ApiServer): Sample[] {
  return summed(
    server.watches().flatMap(({ resource, namespace, name }) => {
      if (!resource) return []
      const scope = name ? 'resource' : namespace ? 'namespace' : 'cluster'
      const { group, version, plural } = resource
      return [
        { value: 1, labels: { component: 'apiserver', group, resource: plural, scope, subresource: '', verb: 'WATCH', version } },
      ]
    }),
  )
}

const isStored = (resource: Resource): boolean => !resource.stored && !resource.live

function objectFamilies(server: ApiServer): Family[] {
  const stored = new Map(server.resources.filter(isStored).map((resource) => [resource.id, resource]))
  const counted = [...stored.values()].map((each) => ({ ...each, value: server.store.count(prefixFor(each, '')) }))
  return [
    {
      name: 'apiserver_resource_objects',
      type: 'gauge',
      help: `[ALPHA] ${OBJECTS}`,
      samples: inOrder(counted.map(({ group, plural, value }) => ({ value, labels: { group, resource: plural } }))),
    },
    {
      name: 'apiserver_storage_objects',
      type: 'gauge',
      help: STORAGE_OBJECTS,
      samples: inOrder(counted.map(({ id, value }) => ({ value, labels: { resource: id } }))),
    },
  ]
}

const BUILD =
  "[BETA] A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running."

export type Build = Record<
  'buildDate' | 'compiler' | 'gitCommit' | 'gitTreeState' | 'gitVersion' | 'goVersion' | 'major' | 'minor' | 'platform',
  string
>

function buildInfo(build: Build): Family {
  const { buildDate: build_date, compiler, gitCommit: git_commit, gitTreeState: git_tree_state, major, minor, platform } = build
  const labels = { build_date, compiler, git_commit, git_tree_state, git_version: build.gitVersion, go_version: build.goVersion }
  const samples = [{ value: 1, labels: { ...labels, major, minor, platform } }]
  return { name: 'kubernetes_build_info', type: 'gauge', help: BUILD, samples }
}

/** By their labels' values, labels by their names. */
function inOrder(samples: readonly Sample[]): Sample[] {
  const sorted = samples.map(({ labels = {}, value }) => {
    const entries = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1))
    return { key: entries.join('\n'), sample: { labels: Object.fromEntries(entries), value } }
  })
  return sorted.sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ sample }) => sample)
}

export function serverMetrics(server: ApiServer, build: Build, call: Call): string {
  const requests = summed((server.requests?.entries() ?? []).map(requestSample))
  const families: Family[] = [
    { name: 'apiserver_request_total', type: 'counter', help: REQUESTS, samples: inOrder(requests) },
    { name: 'apiserver_longrunning_requests', type: 'gauge', help: LONG_RUNNING, samples: inOrder(watchSamples(server)) },
    ...objectFamilies(server),
    buildInfo(build),
    ...flowFamilies(server, call),
  ]
  return exposition(families)
}
