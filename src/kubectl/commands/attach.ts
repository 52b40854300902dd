/** `kubectl attach`: what a container's process prints, and its input. */
import type { Pod } from '#api/kinds.ts'
import { type Context, command, KubectlError, usageError } from '../command.ts'
import { attachablePod, containerOf } from '../pod-choice.ts'
import { runSession } from '../remote.ts'
import { findObjects, resourceOf } from '../targets.ts'
import { terminalFor } from './exec.ts'

export const attach = command({
  name: 'attach',
  completes: 'pods',
  async run(context) {
    const { args, flags } = context
    if (flags.ms('pod-running-timeout') <= 0) throw usageError('attach', '--pod-running-timeout must be higher than zero')
    if (args.length === 0) throw new KubectlError('at least 1 argument is required for attach')
    if (args.length > 2)
      throw new KubectlError(
        `expected POD, TYPE/NAME, or TYPE NAME, (at most 2 arguments) saw ${args.length}: [${args.join(' ')}]`,
      )
    const [word = '', name] = args
    const [found] = await findObjects(context, name !== undefined ? [word, name] : word.includes('/') ? [word] : ['pods', word], {
      known: true,
    })
    if (!found) throw new KubectlError('no objects passed to attach')
    const pod = await attachablePod(context, found.object, flags.ms('pod-running-timeout'))
    const phase = pod.status?.phase ?? ''
    if (phase === 'Succeeded' || phase === 'Failed')
      throw new KubectlError(`cannot attach a container in a completed pod; current phase is ${phase}`)
    await attachTo(context, pod, { container: flags.text('container'), stdin: flags.is('stdin'), tty: flags.is('tty') })
    return 0
  },
})

export interface Attachment {
  container: string
  stdin: boolean
  tty: boolean
}

/** Attaches to a running Pod's container until it, or the user, ends. */
export async function attachTo(context: Context, pod: Pod, { container, stdin, tty }: Attachment): Promise<void> {
  const { client, flags, io } = context
  const to = containerOf(context, pod, container, flags.is('quiet'), 'cannot attach to the container: ')
  if (tty && !to.tty && !flags.is('quiet')) io.err(`error: Unable to use a TTY - container ${to.name} did not allocate one\n`)
  const terminal = terminalFor(context, stdin && to.tty === true)
  if (!flags.is('quiet')) {
    io.err(
      "All commands and output from this session will be recorded in container logs, including credentials and sensitive information passed through the command prompt.\nIf you don't see a command prompt, try pressing enter.\n",
    )
  }
  const { name, namespace = '' } = pod.metadata
  await runSession(context, {
    path: client.path(await resourceOf(context, 'pods'), namespace, name, 'attach'),
    query: [['container', to.name]],
    stdin,
    tty: terminal,
  })
  if (!flags.is('quiet') && terminal) {
    const ephemeral = pod.spec.ephemeralContainers?.some((c) => c.name === to.name)
    const again = `'kubectl attach ${name} -c ${to.name} -n ${namespace} -i -t'`
    io.out(
      ephemeral
        ? `Session ended, the ephemeral container will not be restarted but may be reattached using ${again} if it is still running\n`
        : `Session ended, resume using ${again} command\n`,
    )
  }
}
