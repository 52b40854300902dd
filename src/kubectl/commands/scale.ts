/** `kubectl scale`: writes the scale subresource. */
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, writeQuery } from '../dry-run.ts'
import { recordCause } from '../record.ts'
import { type Found, findObjects, NOTHING_GIVEN } from '../targets.ts'

export const scale = command({
  name: 'scale',
  completes: 'resources',
  async run(context) {
    const { flags } = context
    const replicas = flags.int('replicas')
    if (!flags.has('replicas') || replicas < 0)
      throw new KubectlError('The --replicas=COUNT flag is required, and COUNT must be greater than or equal to 0')
    if (context.args.length === 0 && !flags.has('filename') && !flags.has('kustomize')) throw new KubectlError(NOTHING_GIVEN)
    // What files say is not looked up: the server's answer to the scaling tells whether it is there.
    const found = await findObjects(context, context.args, { asInFiles: true })
    if (found.length === 0) throw new KubectlError('no objects passed to scale')
    try {
      for (const one of found) await scaled(context, one, replicas)
    } catch (error) {
      // The first that cannot be scaled ends it all, and alone is told.
      context.late.length = 0
      throw error
    }
    return 0
  },
})

async function scaled(context: Context, one: Found, replicas: number): Promise<void> {
  const { client, flags } = context
  const { info, namespace, name, object } = one
  if (dryRunOf(context) !== 'client') {
    if (flags.text('resource-version') || flags.int('current-replicas') >= 0) await checkScale(context, one)
    await client.patch(info, namespace, name, 'merge', { spec: { replicas } }, writeQuery(context), 'scale')
  }
  if (flags.ms('timeout') > 0 && dryRunOf(context) === 'none') await untilScaled(context, one, replicas)
  await recordCause(context, info, namespace, name)
  printDone(context, info, { ...object, spec: { ...object['spec'], replicas } }, 'scaled')
}

/** Scales only from what it is expected to be. */
async function checkScale({ client, flags }: Context, { info, namespace, name }: Found): Promise<void> {
  const { metadata, spec } = await client.get(info, namespace, name, 'scale')
  const expected = flags.int('current-replicas')
  const current = Number(spec?.replicas ?? 0)
  if (expected >= 0 && expected !== current) throw new KubectlError(`Expected replicas to be ${expected}, was ${current}`)
  const version = flags.text('resource-version')
  if (version && version !== metadata.resourceVersion)
    throw new KubectlError(`Expected resource version to be ${version}, was ${metadata.resourceVersion}`)
}

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
