/** PodTopologyLabels: Pods take over the zone and region of their node, when they are bound or made with a node. */
import { extend } from '#api/extend.ts'
import type { KubeObject } from '#api/meta.ts'
import { type Ask, plugin } from './plugin.ts'

const TOPOLOGY = ['topology.kubernetes.io/zone', 'topology.kubernetes.io/region']

function withLabelsOf<T extends KubeObject>(node: string, object: T, ask: Ask): T {
  const labels = ask.hooks.read('nodes', '', node)?.metadata.labels
  const taken = TOPOLOGY.filter((key) => labels?.[key] !== undefined).map((key) => [key, labels?.[key]])
  if (taken.length === 0) return object
  return {
    ...object,
    metadata: extend(object.metadata, { labels: extend(object.metadata.labels ?? {}, Object.fromEntries(taken)) }),
  }
}

export const podTopologyLabels = plugin({
  name: 'PodTopologyLabels',
  operations: ['CREATE', 'UPDATE'],
  resources: ['pods'],
  mutate(object, ask) {
    if (ask.subresource === 'binding')
      return object.target?.kind === 'Node' ? withLabelsOf(object.target.name, object, ask) : object
    return ask.subresource === '' && object.spec.nodeName ? withLabelsOf(object.spec.nodeName, object, ask) : object
  },
})
