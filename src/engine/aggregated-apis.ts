/** The work of aggregation in a whole cluster: its network, the programs that are API servers, and metrics.k8s.io. */

import type { Condition } from '#api/meta.ts'
import { fail } from '#api/status.ts'
import { type AggregationWork, type MakeAggregation, METRICS } from './aggregation.ts'
import { Aggregator } from './apiserver/aggregation/aggregator.ts'
import type { ApiServiceSpec } from './apiserver/aggregation/remote.ts'
import type { Server } from './apiserver/api-server.ts'
import type { Resource } from './apiserver/resource.ts'
import { EtcdForwarder, etcdHosts } from './cluster-etcd.ts'
import { metricsResources, type UsageSource } from './resources/metrics/usage.ts'
import { wardle } from './resources/wardle/index.ts'

const API_SERVICES = 'apiservices.apiregistration.k8s.io'
const ORIGIN = { node: '', ip: '10.0.0.1', namespace: 'default', label: 'kube-apiserver' }
/** Reads happen when somebody looks: they must leave the world as it is for those who only write. */
const READER = { ...ORIGIN, node: 'reader' }

export const aggregatedApis: MakeAggregation = (world, server, machines, hosts, part): AggregationWork => {
  const { network } = machines
  const aggregator = new Aggregator({
    world,
    server,
    part,
    programs: { wardle },
    isOwn: (name) => name === METRICS,
    reach: (host, port, request, reads) => network.walkFrom(reads ? READER : ORIGIN, host, port, request).outcome,
  })
  const metrics = followMetrics(server, machines.usageSource())
  const etcd = new EtcdForwarder({ server, members: () => etcdHosts(hosts), acts: () => hosts.ring })
  let [own, remote, all]: readonly (readonly Resource[])[] = [[], [], []]
  return {
    route: (request, at) => (at.told.forward === 'etcd' ? etcd : aggregator).route(request, at),
    // The same list as long as nothing changes: others remember what they make of it.
    served() {
      if (aggregator.resources.length === 0) return server.resources
      if (own === server.resources && remote === aggregator.resources) return all as readonly Resource[]
      own = server.resources
      remote = aggregator.resources
      all = [...own, ...remote]
      return all
    },
    undiscovered: () => aggregator.versions.filter(({ fresh }) => !fresh).map(({ group, version }) => `${group}/${version}`),
    probe: (service) => aggregator.probe(service['spec'] as ApiServiceSpec),
    due: (what, data) => aggregator.due(what, data),
    save: () => aggregator.save(),
    load(state) {
      aggregator.load(state)
      metrics()
    },
  }
}

/** Serves metrics.k8s.io while it is registered. */
function followMetrics(server: Server, source: UsageSource): () => void {
  const refuse = (plural: string): void => {
    const conditions: Condition[] = server.read(API_SERVICES, '', METRICS)?.['status']?.conditions ?? []
    if (conditions.some(({ type, status }) => type === 'Available' && status === 'True')) return
    const message = `the server is currently unable to handle the request (get ${plural}.metrics.k8s.io)`
    throw fail(503, 'ServiceUnavailable', message)
  }
  const follow = (): void => {
    const there = server.read(API_SERVICES, '', METRICS) !== undefined
    if (there === (server.known('pods.metrics.k8s.io') !== undefined)) return
    const resources = metricsResources(source, refuse)
    if (there) server.extend(resources)
    else server.withdraw(resources.map(({ groupVersion, plural }) => `${groupVersion}/${plural}`))
  }
  server.listen(server.resource(API_SERVICES), follow)
  follow()
  return follow
}
