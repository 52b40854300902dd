/** `kubectl autoscale`: a HorizontalPodAutoscaler for a workload. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, writeQuery } from '../dry-run.ts'
import { printAfresh } from '../print/output.ts'
import { recorded } from '../record.ts'
import { eachFound, type Found, resourceOf } from '../targets.ts'
import { typed, withOwnConfig } from '../typed.ts'

export const autoscale = command({
  name: 'autoscale',
  completes: 'resources',
  async run(context) {
    const { flags, namespace } = context
    const [min, max] = [flags.int('min'), flags.int('max')]
    if (max < 1) throw new KubectlError(`--max=MAXPODS is required and must be at least 1, max: ${max}`)
    if (max < min) throw new KubectlError(`--max=MAXPODS must be larger or equal to --min=MINPODS, max: ${max}, min: ${min}`)
    if (flags.int('cpu-percent') > 0) {
      if (flags.text('cpu')) throw new KubectlError('--cpu-percent and --cpu are mutually exclusive')
      flags.set('cpu', `${flags.int('cpu-percent')}%`)
    }
    const info = await resourceOf(context, 'horizontalpodautoscalers.v2.autoscaling')
    let count = 0
    await eachFound(context, { asInFiles: true }, async (found) => {
      count += 1
      const made = autoscalerFor(context, found)
      const placed = context.explicitNamespace ? { ...made, metadata: { ...made.metadata, namespace } } : made
      const kept = recorded(context, context.flags.is('save-config') ? withOwnConfig(placed) : placed)
      const object = dryRunOf(context) === 'client' ? typed(kept) : await createdOrOlder(context, info, kept)
      printAfresh(flags)
      printDone(context, info, object, dryRunOf(context) === 'client' ? 'created' : 'autoscaled')
    })
    if (count === 0 && context.late.length === 0) throw new KubectlError('no objects passed to autoscale')
    return 0
  },
})

/** Refused as autoscaling/v2 it is tried as v1, which knows only a share of CPU. */
async function createdOrOlder(context: Context, info: ResourceInfo, object: AnyObject): Promise<AnyObject> {
  const { client, flags, namespace } = context
  const query = writeQuery(context, 'kubectl-autoscale')
  try {
    return await client.create(info, namespace, object, query)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    const cpu = flags.text('cpu')
    // What is incompatible without an error of its own prints as Go does with no error at all.
    const why = cpu === '' ? 'empty input' : flags.text('memory') || !cpu.endsWith('%') ? '%!w(<nil>)' : null
    if (why)
      throw new KubectlError(
        `failed to create autoscaling/v2 HPA and the configuration is incompatible with autoscaling/v1: ${why}`,
      )
    const { metrics: _, ...spec } = object['spec']
    const target = Number.parseInt(cpu, 10)
    const v1 = {
      ...object,
      apiVersion: 'autoscaling/v1',
      spec: { ...spec, targetCPUUtilizationPercentage: target },
      status: { currentReplicas: 0, desiredReplicas: 0 },
    }
    const older = await resourceOf(context, 'horizontalpodautoscalers.v1.autoscaling')
    return client.create(older, namespace, v1, query)
  }
}

function autoscalerFor({ flags }: Context, { info, name, object }: Found): AnyObject {
  if (!info.subresources.includes('scale'))
    throw new KubectlError(
      `cannot autoscale a ${info.kind}: could not find scale subresource for ${info.group}/${info.version}, Resource=${info.plural} in discovery information`,
    )
  const metrics = ['cpu', 'memory']
    .filter((resource) => flags.text(resource))
    .map((resource) => metricFor(resource, flags.text(resource)))
  return {
    kind: 'HorizontalPodAutoscaler',
    apiVersion: 'autoscaling/v2',
    metadata: { name: flags.text('name') || name },
    spec: {
      scaleTargetRef: { kind: object.kind, name, apiVersion: object.apiVersion },
      ...(flags.int('min') > 0 ? { minReplicas: flags.int('min') } : {}),
      maxReplicas: flags.int('max'),
      ...(metrics.length > 0 ? { metrics } : {}),
    },
    status: { desiredReplicas: 0, currentMetrics: null },
  }
}

function metricFor(name: string, text: string): object {
  const share = /^(\d+)%$/.exec(text)
  if (!share && !/^[+-]?(\d+\.?\d*|\.\d+)([numkMGTPE]|[KMGTPE]i|[eE][+-]?\d+)?$/.test(text.trim()))
    throw new KubectlError(`invalid resource ${name} value: ${text}`)
  const target = share
    ? { type: 'Utilization', averageUtilization: Number(share[1]) }
    : { type: 'AverageValue', averageValue: text }
  return { type: 'Resource', resource: { name, target } }
}
