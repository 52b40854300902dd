/** `kubectl rollout status`: watches a Deployment until its rollout is done, as polymorphichelpers judges it. */
import type { Deployment } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { FILE_FLAGS, type Found, findObjects, SELECTOR_FLAGS } from '../targets.ts'

/** What to say of the rollout, and whether it is done. Throws when it has failed. */
export function deploymentProgress(deployment: Deployment): { text: string; done: boolean } {
  const { name, generation = 0 } = deployment.metadata
  const status = deployment.status ?? {}
  const say = (why: string) => ({ text: `Waiting for deployment "${name}" rollout to finish: ${why}...\n`, done: false })
  if (generation > (status.observedGeneration ?? 0)) return { text: 'Waiting for deployment spec update to be observed...\n', done: false }
  const progressing = status.conditions?.find((c) => c.type === 'Progressing')
  if (progressing?.reason === 'ProgressDeadlineExceeded') throw new KubectlError(`deployment "${name}" exceeded its progress deadline`)
  const { replicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status
  const want = deployment.spec.replicas ?? 1
  if (updatedReplicas < want) return say(`${updatedReplicas} out of ${want} new replicas have been updated`)
  if (replicas > updatedReplicas) return say(`${replicas - updatedReplicas} old replicas are pending termination`)
  if (availableReplicas < updatedReplicas) return say(`${availableReplicas} of ${updatedReplicas} updated replicas are available`)
  return { text: `deployment "${name}" successfully rolled out\n`, done: true }
}

export const statusCommand = command({
  name: 'status',
  short: 'Show the status of the rollout',
  usage: 'rollout status (TYPE NAME | TYPE/NAME) [flags]',
  completes: 'resources',
  flags: [
    ...FILE_FLAGS,
    ...SELECTOR_FLAGS,
    { name: 'watch', short: 'w', type: 'bool', default: 'true', help: 'Watch the status of the rollout until it\'s done.' },
    { name: 'timeout', type: 'duration', default: '0s', help: 'The length of time to wait before ending watch, zero means never.' },
    { name: 'revision', type: 'int', default: '0', help: 'Pin to a specific revision for showing its status.' },
  ],
  async run(context) {
    for (const found of await findObjects(context, context.args, { everything: true })) {
      if (found.object.kind !== 'Deployment') throw new KubectlError(`no status viewer has been implemented for ${found.object.kind} here yet; Deployments have one`)
      await follow(context, found)
    }
    return 0
  },
})

async function follow(context: Context, { info, namespace, name, object }: Found): Promise<void> {
  const { client, flags, io } = context
  const list = await client.list(info, namespace, { fieldSelector: `metadata.name=${name}` })
  let last = ''
  const see = (current: AnyObject): boolean => {
    const { text, done } = deploymentProgress(current as unknown as Deployment)
    if (text !== last) io.out(text)
    last = text
    return done
  }
  if (see(list.items[0] ?? object) || !flags.is('watch')) return
  const query = { fieldSelector: `metadata.name=${name}`, resourceVersion: list.metadata.resourceVersion, watch: 'true' }
  const stream = client.watch(client.path(info, namespace, '', '', query))
  io.signal.addEventListener('abort', stream.stop, { once: true })
  let late = false
  const limit = flags.ms('timeout')
  if (limit > 0) {
    void io.sleep(limit).then(() => {
      late = true
      stream.stop()
    })
  }
  try {
    for (let batch = await stream.next(); batch !== null; batch = await stream.next()) {
      for (const event of batch) {
        if (event.type === 'DELETED') throw new KubectlError('object has been deleted')
        if (event.type !== 'BOOKMARK' && see(event.object)) return
      }
    }
  } finally {
    stream.stop()
  }
  if (late) throw new KubectlError('timed out waiting for the condition')
}
