/** `kubectl rollout status`: watches a workload until its rollout is done, as polymorphichelpers judges it. */
import type { Deployment } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, command, KubectlError } from '../../command.ts'
import { eachFound, type Found } from '../../targets.ts'
import { watchUntil } from '../../watching.ts'

interface Progress {
  text: string
  done: boolean
}

const going = (text: string): Progress => ({ text: `${text}\n`, done: false })
const finished = (text: string): Progress => ({ text: `${text}\n`, done: true })

/** What to say of the rollout, and whether it is done. Throws when it has failed. */
export function deploymentProgress(deployment: Deployment): Progress {
  const { name, generation = 0 } = deployment.metadata
  const status = deployment.status ?? {}
  const say = (why: string): Progress => going(`Waiting for deployment "${name}" rollout to finish: ${why}...`)
  if (generation > (status.observedGeneration ?? 0)) return going('Waiting for deployment spec update to be observed...')
  const progressing = status.conditions?.find((c) => c.type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded')
    throw new KubectlError(`deployment "${name}" exceeded its progress deadline`)
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status
  const want = deployment.spec.replicas ?? 1
  if (updatedReplicas < want) return say(`${updatedReplicas} out of ${want} new replicas have been updated`)
  if (replicas > updatedReplicas) return say(`${replicas - updatedReplicas} old replicas are pending termination`)
  if (availableReplicas < updatedReplicas) return say(`${availableReplicas} of ${updatedReplicas} updated replicas are available`)
  return finished(`deployment "${name}" successfully rolled out`)
}

function mustRoll(spec: AnyObject): void {
  if (spec['updateStrategy']?.type !== 'RollingUpdate')
    throw new KubectlError('rollout status is only available for RollingUpdate strategy type')
}

function daemonSetProgress({ metadata, spec, status = {} }: AnyObject): Progress {
  mustRoll(spec)
  const say = (why: string): Progress => going(`Waiting for daemon set "${metadata.name}" rollout to finish: ${why}...`)
  if ((metadata.generation ?? 0) > (status.observedGeneration ?? 0))
    return going('Waiting for daemon set spec update to be observed...')
  const { updatedNumberScheduled: updated = 0, desiredNumberScheduled: want = 0, numberAvailable: available = 0 } = status
  if (updated < want) return say(`${updated} out of ${want} new pods have been updated`)
  if (available < want) return say(`${available} of ${want} updated pods are available`)
  return finished(`daemon set "${metadata.name}" successfully rolled out`)
}

function statefulSetProgress({ metadata, spec, status = {} }: AnyObject): Progress {
  mustRoll(spec)
  const {
    observedGeneration = 0,
    readyReplicas = 0,
    updatedReplicas = 0,
    currentReplicas = 0,
    updateRevision,
    currentRevision,
  } = status
  if (observedGeneration === 0 || (metadata.generation ?? 0) > observedGeneration)
    return going('Waiting for statefulset spec update to be observed...')
  const want = spec.replicas ?? 1
  if (readyReplicas < want) return going(`Waiting for ${want - readyReplicas} pods to be ready...`)
  const rolling = spec.updateStrategy.rollingUpdate
  if (rolling) {
    const goal = want - (rolling.partition ?? 0)
    if (updatedReplicas < goal)
      return going(`Waiting for partitioned roll out to finish: ${updatedReplicas} out of ${goal} new pods have been updated...`)
    return finished(`partitioned roll out complete: ${updatedReplicas} new pods have been updated...`)
  }
  if (updateRevision !== currentRevision)
    return going(`waiting for statefulset rolling update to complete ${updatedReplicas} pods at revision ${updateRevision}...`)
  return finished(`statefulset rolling update complete ${currentReplicas} pods at revision ${currentRevision}...`)
}

const PROGRESS: Record<string, (object: AnyObject) => Progress> = {
  Deployment: (object) => deploymentProgress(object as unknown as Deployment),
  DaemonSet: daemonSetProgress,
  StatefulSet: statefulSetProgress,
}

export const statusCommand = command({
  name: 'status',
  completes: 'resources',
  async run(context) {
    const { args, flags, io, namespace } = context
    if (args.length === 0 && !flags.has('filename')) throw new KubectlError('required resource not specified')
    const revision = flags.int('revision')
    if (revision < 0) throw new KubectlError(`revision must be a positive integer: ${revision}`)
    const found = await eachFound(context, { everything: true, known: true }, (one) => follow(context, one))
    if (found === 0 && context.late.length === 0) io.err(`No resources found in ${namespace} namespace.\n`)
    return 0
  },
})

async function follow(context: Context, found: Found): Promise<void> {
  const { flags, io } = context
  const progress = PROGRESS[found.object.kind]
  if (!progress) {
    const { kind, group } = found.info
    throw new KubectlError(`no status viewer has been implemented for ${group ? `${kind}.${group}` : kind}`)
  }
  checkRevision(found, flags.int('revision'))
  let first = true
  const see = (object: AnyObject | undefined): boolean => {
    if (!object) {
      if (first) return true
      throw new KubectlError('object has been deleted')
    }
    first = false
    const { text, done } = progress(object)
    io.out(text)
    return done || !flags.is('watch')
  }
  const limit = flags.ms('timeout')
  const outcome = await watchUntil(context, found, limit > 0 ? io.now() + limit : Number.POSITIVE_INFINITY, see)
  if (outcome === 'late') throw new KubectlError('timed out waiting for the condition')
}

function checkRevision({ object }: Found, asked: number): void {
  if (asked <= 0 || object.kind !== 'Deployment') return
  const revision = Number(object.metadata.annotations?.['deployment.kubernetes.io/revision'] ?? 0)
  if (revision !== asked)
    throw new KubectlError(`desired revision (${asked}) is different from the running revision (${revision})`)
}
