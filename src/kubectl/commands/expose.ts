/** `kubectl expose`: a Service in front of what has Pods. */
import type { Container } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, writeQuery } from '../dry-run.ts'
import { overridden } from '../merge.ts'
import { recorded } from '../record.ts'
import { eachFound, type Found, NOTHING_GIVEN, resourceOf } from '../targets.ts'
import { labelsOf, typed, withOwnConfig } from '../typed.ts'

export const expose = command({
  name: 'expose',
  completes: 'resources',
  async run(context) {
    const { client, namespace } = context
    const info = await resourceOf(context, 'services')
    if (context.args.length === 0 && !context.flags.has('filename') && !context.flags.has('kustomize'))
      throw new KubectlError(NOTHING_GIVEN)
    await eachFound(context, { selectorIsOwn: true, asInFiles: true, known: true }, async (found) => {
      const made = await overridden(serviceFor(context, found), context)
      const own = context.explicitNamespace ? { ...made, metadata: { ...made.metadata, namespace } } : made
      const kept = context.flags.is('save-config') ? withOwnConfig(own) : own
      const placed = recorded(context, kept)
      const object =
        dryRunOf(context) === 'client'
          ? typed(placed)
          : await client.create(info, namespace, placed, writeQuery(context, 'kubectl-expose'))
      printDone(context, info, object, 'exposed')
    })
    return 0
  },
})

const EXPOSABLE = ['ReplicationController', 'Service', 'Pod', 'Deployment.apps', 'ReplicaSet.apps']

interface Port {
  number: number
  protocol: string
}

function serviceFor({ flags }: Context, { info, name, object }: Found): AnyObject {
  const kind = info.group ? `${info.kind}.${info.group}` : info.kind
  if (!EXPOSABLE.includes(kind)) throw new KubectlError(`cannot expose a ${kind}`)
  const selector = flags.text('selector') ? labelsOf(flags.text('selector')) : selectorOf(object)
  const own = portsOf(object)
  const headless = flags.text('cluster-ip') === 'None'
  const given = flags.text('port') ? flags.text('port').split(',') : [...new Set(own.map((p) => String(p.number)))]
  if (given.length === 0 && !headless) throw new KubectlError("couldn't find port via --port flag or introspection")
  const labels = flags.text('labels') ? labelsOf(flags.text('labels')) : object.metadata.labels
  const affinity = flags.text('session-affinity')
  if (affinity && affinity !== 'None' && affinity !== 'ClientIP') throw new KubectlError(`unknown session affinity: ${affinity}`)
  const ports = given.flatMap((text, i) =>
    servicePorts(flags.text('protocol'), flags.text('target-port'), text, given.length > 1 ? `port-${i + 1}` : '', own),
  )
  const type = flags.text('type')
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name: flags.text('name') || name.slice(0, 63), ...(labels && Object.keys(labels).length > 0 ? { labels } : {}) },
    spec: {
      ...(ports.length > 0 ? { ports } : {}),
      selector,
      ...(flags.text('cluster-ip') ? { clusterIP: flags.text('cluster-ip') } : {}),
      ...(type ? { type } : {}),
      ...(flags.text('external-ip') ? { externalIPs: [flags.text('external-ip')] } : {}),
      ...(affinity ? { sessionAffinity: affinity } : {}),
      ...(type === 'LoadBalancer' && flags.text('load-balancer-ip') ? { loadBalancerIP: flags.text('load-balancer-ip') } : {}),
    },
    status: { loadBalancer: {} },
  }
}

/** A port of several protocols becomes several ports. */
function servicePorts(protocol: string, target: string, text: string, name: string, own: readonly Port[]): object[] {
  if (!/^[+-]?\d+$/.test(text)) throw new KubectlError(`strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
  const port = Number(text)
  const targetPort = target === '' ? port : /^\d+$/.test(target) ? Number(target) : target
  const protocols = protocol ? [protocol] : [...new Set(own.filter((p) => p.number === port).map((p) => p.protocol))]
  if (protocols.length <= 1) return [{ ...(name ? { name } : {}), protocol: protocols[0] ?? 'TCP', port, targetPort }]
  return protocols.map((one) => ({ name: `${name || 'port-1'}-${one.toLowerCase()}`, protocol: one, port, targetPort }))
}

const noSelector = (why: string): KubectlError =>
  new KubectlError(`couldn't retrieve selectors via --selector flag or introspection: ${why}`)

function selectorOf({ kind, metadata, spec }: AnyObject): Record<string, string> {
  if (kind === 'Pod') {
    if (Object.keys(metadata.labels ?? {}).length === 0) throw noSelector('the pod has no labels and cannot be exposed')
    return metadata.labels as Record<string, string>
  }
  if (kind === 'Service' || kind === 'ReplicationController') {
    if (!spec?.selector) throw noSelector('the service has no pod selector set')
    return spec.selector
  }
  if (Object.keys(spec?.selector?.matchLabels ?? {}).length === 0) {
    throw noSelector(`invalid ${kind.toLowerCase()}: no selectors, therefore cannot be exposed`)
  }
  if (spec.selector.matchExpressions?.length > 0) {
    const shown = (spec.selector.matchExpressions as { key: string; operator: string; values?: string[] }[]).map(
      (e) => `{Key:${e.key} Operator:${e.operator} Values:[${(e.values ?? []).join(' ')}]}`,
    )
    throw noSelector(`couldn't convert expressions - "[${shown.join(' ')}]" to map-based selector format`)
  }
  return spec.selector.matchLabels
}

function portsOf({ kind, spec }: AnyObject): Port[] {
  if (kind === 'Service')
    return ((spec?.ports ?? []) as { port: number; protocol?: string }[]).map((p) => ({
      number: p.port,
      protocol: p.protocol ?? 'TCP',
    }))
  const containers = ((kind === 'Pod' ? spec : spec?.template?.spec)?.containers ?? []) as Container[]
  return containers.flatMap((c) => c.ports ?? []).map((p) => ({ number: p.containerPort, protocol: p.protocol ?? 'TCP' }))
}
