/** `kubectl scale`: writes the scale subresource. */
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, writeQuery } from '../dry-run.ts'
import { recordCause } from '../record.ts'
import { each } from '../report.ts'
import { type Found, findObjects, NOTHING_GIVEN } from '../targets.ts'

export const scale = command({
  name: 'scale',
  completes: 'resources',
  async run(context) {
    const { client, flags } = context
    const replicas = flags.int('replicas')
    if (!flags.has('replicas') || replicas < 0)
      throw new KubectlError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
    if (context.args.length === 0 && !flags.has('filename') && !flags.has('kustomize')) throw new KubectlError(NOTHING_GIVEN)
    const found = await findObjects(context)
    if (found.length === 0) throw new KubectlError('no objects passed to scale')
    await each(context, found, async (one) => {
      const { info, namespace, name, object } = one
      const version = flags.text('resource-version')
      if (version && version !== object.metadata.resourceVersion)
        throw new KubectlError(`Expected resource version to be ${version}, was ${object.metadata.resourceVersion}`)
      const expected = flags.int('current-replicas')
      const current = (object['spec']?.replicas ?? 1) as number
      if (expected >= 0 && expected !== current) throw new KubectlError(`Expected replicas to be ${expected}, was ${current}`)
      if (dryRunOf(context) !== 'client')
        await client.patch(info, namespace, name, 'merge', { spec: { replicas } }, writeQuery(context), 'scale')
      if (flags.ms('timeout') > 0 && dryRunOf(context) === 'none') await untilScaled(context, one, replicas)
      await recordCause(context, info, namespace, name)
      printDone(context, info, { ...object, spec: { ...object['spec'], replicas } }, 'scaled')
    })
    return 0
  },
})

const POLL_MS = 1000

/** `--timeout`: until there are as many as were asked for, or somebody else asks for another number. */
async function untilScaled({ client, flags, io }: Context, { info, namespace, name }: Found, replicas: number): Promise<void> {
  const until = io.now() + flags.ms('timeout')
  for (;;) {
    const scale = await client.get(info, namespace, name, 'scale')
    if (scale['spec']?.replicas !== replicas || scale['status']?.replicas === replicas) return
    if (io.now() >= until || io.signal.aborted) throw new KubectlError(`timed out waiting for "${name}" to be synced`)
    await io.sleep(POLL_MS)
  }
}
