/** `kubectl exec`: a command in a container. */
import { type Context, command, KubectlError, usageError } from '../command.ts'
import { readInOrder } from '../manifests.ts'
import { attachablePod, containerOf } from '../pod-choice.ts'
import { runSession } from '../remote.ts'
import { type Found, findObjects, resourceOf } from '../targets.ts'

export const exec = command({
  name: 'exec',
  dashed: true,
  completes: 'pods',
  async run(context) {
    const { args, client, flags, rest } = context
    const files = flags.has('filename')
    if (rest.length === 0 && (args.length > 1 || (args.length > 0 && files)))
      throw usageError('exec', 'exec [POD] [COMMAND] is not supported anymore. Use exec [POD] -- [COMMAND] instead')
    if (flags.ms('pod-running-timeout') <= 0) throw usageError('exec', '--pod-running-timeout must be higher than zero')
    if (args.length === 0 && !files) throw new KubectlError('pod, type/name or --filename must be specified')
    if (rest.length === 0) throw new KubectlError('you must specify at least one command for the container')
    const found = await onePodHolder(context)
    const pod = await attachablePod(context, found.object, flags.ms('pod-running-timeout'))
    const phase = pod.status?.phase ?? ''
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new KubectlError(`cannot exec into a container in a completed pod; current phase is ${phase}`)
    const container = containerOf(context, pod, flags.text('container'), flags.is('quiet'))
    const { name, namespace = '' } = pod.metadata
    await runSession(context, {
      path: client.path(await resourceOf(context, 'pods'), namespace, name, 'exec'),
      query: [...rest.map((word) => ['command', word] as const), ['container', container.name]],
      stdin: flags.is('stdin'),
      tty: terminalFor(context, flags.is('stdin') && flags.is('tty')),
    })
    return 0
  },
})

/** A terminal is only had where there is one. */
export function terminalFor({ flags, io }: Context, wanted: boolean): boolean {
  if (!wanted || io.tty) return wanted
  if (!flags.is('quiet')) io.err('Unable to use a TTY - input is not a terminal or the right kind of file\n')
  return false
}

/** The Pod, or what picks Pods, that the arguments name. */
export async function onePodHolder(context: Context): Promise<Found> {
  const [word = ''] = context.args
  if (context.flags.has('filename') && (await readInOrder(context, true)).length > 1)
    throw new KubectlError('cannot exec into multiple objects at a time')
  const found = await findObjects(context, context.flags.has('filename') || word.includes('/') ? [word] : ['pods', word], {
    known: true,
  })
  if (found.length !== 1) throw new KubectlError('cannot exec into multiple objects at a time')
  return found[0] as Found
}
