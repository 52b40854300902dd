/** The revisions of a workload: ReplicaSets of a Deployment, ControllerRevisions of a DaemonSet or StatefulSet. */
import type { ControllerRevision, Deployment, PodTemplateSpec, ReplicaSet } from '#api/kinds.ts'
import { type AnyObject, controllerOf } from '#api/meta.ts'
import type { Dict } from '#api/patch/parts.ts'
import { applyStrategicMerge } from '#api/patch/strategic.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { type Context, KubectlError } from '../../command.ts'
import { selectorText } from '../../describe/page.ts'
import type { Found } from '../../targets.ts'

const REVISION = 'deployment.kubernetes.io/revision'
const CAUSE = 'kubernetes.io/change-cause'

export interface Revision {
  number: number
  cause: string | undefined
  template: PodTemplateSpec | undefined
  /** What it is kept in. */
  source: AnyObject
  /** What it is as an object: a ReplicaSet, or the workload as it was. */
  shown: AnyObject
}

/** Oldest first. Throws kubectl's words for kinds that keep no revisions. */
export async function revisionsOf(context: Context, found: Found, what: 'history viewer' | 'rollbacker'): Promise<Revision[]> {
  const { kind } = found.object
  if (kind === 'Deployment') return ofDeployment(context, found)
  if (kind === 'DaemonSet' || kind === 'StatefulSet') return ofRevisions(context, found)
  throw new KubectlError(noneFor(found, what))
}

/** Only workloads are visited at all; of those, some keep no revisions. */
function noneFor({ info }: Found, what: string): string {
  const kind = `${info.kind}${info.group ? `.${info.group}` : ''}`
  if (WORKLOADS.includes(kind)) return `no ${what} has been implemented for ${JSON.stringify(kind)}`
  return `error retrieving ${what === 'rollbacker' ? what : 'history'} for ${JSON.stringify(kind)}, no visitor method exists for {${info.group} ${info.kind}}`
}

const WORKLOADS = ['Job.batch', 'Pod', 'ReplicaSet.apps', 'ReplicationController', 'CronJob.batch']

async function owned<T extends AnyObject>({ client }: Context, { namespace, object }: Found, resource: string): Promise<T[]> {
  const info = await client.discovery.find(resource)
  if (!info) throw new KubectlError(`the server doesn't have a resource type ${JSON.stringify(resource.split('.')[0])}`)
  const { items } = await client.list<T>(info, namespace, { labelSelector: selectorText(object['spec'].selector) })
  return items.filter((item) => controllerOf(item.metadata)?.uid === object.metadata.uid)
}

async function ofDeployment(context: Context, found: Found): Promise<Revision[]> {
  const sets = await owned<ReplicaSet & AnyObject>(context, found, 'replicasets.apps')
  return sets
    .map((rs) => ({
      number: Number(rs.metadata.annotations?.[REVISION] ?? 0),
      cause: rs.metadata.annotations?.[CAUSE],
      template: rs.spec.template,
      source: rs,
      shown: rs,
    }))
    .sort((a, b) => a.number - b.number)
}

async function ofRevisions(context: Context, found: Found): Promise<Revision[]> {
  const list = await owned<ControllerRevision & AnyObject>(context, found, 'controllerrevisions.apps')
  const schema = await patchSchemaOf(context.client, found.info)
  return list
    .map((source) => {
      const data = source.data as Dict
      const applied = schema
        ? (applyStrategicMerge(found.object as unknown as Dict, data, schema) as unknown as Deployment)
        : undefined
      const shown = (applied as AnyObject | undefined) ?? source
      return {
        number: source.revision,
        cause: source.metadata.annotations?.[CAUSE],
        template: applied?.spec.template,
        source,
        shown,
      }
    })
    .sort((a, b) => a.number - b.number)
}
