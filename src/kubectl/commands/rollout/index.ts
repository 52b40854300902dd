/** `kubectl rollout`: status, history, undo, restart, pause and resume of workloads. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { formatTime } from '#api/time.ts'
import { type Command, type Context, command, KubectlError } from '../../command.ts'
import { templateText } from '../../describe/template.ts'
import { dryRunOf, printDone, writeQuery } from '../../dry-run.ts'
import { printerFor } from '../../print/output.ts'
import { DESCRIBE_TABS, tabbed } from '../../print/tab-writer.ts'
import { each } from '../../report.ts'
import { eachFound, type Found, findObjects, shownName, shownObject } from '../../targets.ts'
import { revisionsOf } from './revisions.ts'
import { statusCommand } from './status.ts'
import { undo } from './undo.ts'

const history = command({
  name: 'history',
  completes: 'resources',
  async run(context) {
    const { args, io } = context
    const asked = context.flags.int('revision')
    if (asked < 0) throw new KubectlError(`revision must be a positive integer: ${asked}`)
    if (args.length === 0 && !context.flags.has('filename')) throw new KubectlError('required resource not specified')
    await eachFound(context, { everything: true, known: true }, async (found) => {
      const known = await revisionsOf(context, found, 'history viewer')
      const revision = known.find(({ number }) => number === asked)
      if (asked > 0 && !revision) throw new KubectlError('unable to find the specified revision')
      const title = shownName(found.info, found.name)
      const printer = printerFor(context.flags)
      // A template without `-o` is filled in from the workload itself.
      if (printer && context.flags.text('output') === 'go-template') io.out(printer(found.object, title))
      else if (printer)
        for (const { shown } of revision ? [revision] : known) io.out(printer(shown, shownObject(found.info, shown)))
      else if (revision)
        io.out(
          `${title} with revision #${asked}\nPod Template:\n${templateText(revision.template, found.object.kind === 'Deployment' ? revision.cause : undefined)}\n`,
        )
      else if (known.length === 0) io.out(`${title} \nNo rollout history found.\n`)
      else {
        const rows = known.map(({ number, cause }) => `${number}\t${cause || '<none>'}\n`)
        io.out(`${title} \n${tabbed(`REVISION\tCHANGE-CAUSE\n${rows.join('')}`, DESCRIBE_TABS)}\n`)
      }
    })
    return 0
  },
})

/** `whole`: it is all that is said. */
type Change = (object: AnyObject, context: Context) => { patch: unknown } | { refuse: string; whole?: true }

/** restart, pause and resume are one strategic patch each. */
function patching(name: string, done: string, change: Change): Command {
  return command({
    name,
    completes: 'resources',
    async run(context) {
      const { args, io, late } = context
      if (args.length === 0 && !context.flags.has('filename')) throw new KubectlError('required resource not specified')
      const found = await findObjects(context, args, { everything: true, known: true, listed: true })
      if (found.length === 0 && late.length === 0) io.err(`No resources found in ${context.namespace} namespace.\n`)
      // All are judged before the first is patched.
      const answers = found.map((one) => ({ one, answer: change(one.object, context) }))
      await each(context, answers, async ({ one, answer }) => {
        if (!('refuse' in answer)) return patched(context, one, answer.patch, done)
        const { plural, group } = one.info
        const what = `${plural}${group ? `.${group}` : ''}`
        throw new KubectlError(answer.whole ? answer.refuse : `error: ${what} ${JSON.stringify(one.name)} ${answer.refuse}`)
      })
      return 0
    },
  })
}

async function patched(context: Context, { info, namespace, name, object }: Found, patch: unknown, done: string): Promise<void> {
  let shown = object
  try {
    if (dryRunOf(context) !== 'client')
      shown = await context.client.patch(info, namespace, name, 'strategic', patch, writeQuery(context, 'kubectl-rollout'))
  } catch (error) {
    if (error instanceof ApiError) throw new KubectlError(`failed to patch: ${error.message}`)
    throw error
  }
  printDone(context, info, shown, done)
}

const RESTARTED = 'kubectl.kubernetes.io/restartedAt'
const RESTARTABLE = ['Deployment', 'DaemonSet', 'StatefulSet']

const restart = patching('restart', 'restarted', ({ kind, metadata, spec }, { io }) => {
  if (!RESTARTABLE.includes(kind)) return { refuse: 'restarting is not supported' }
  if (spec?.paused) return { refuse: "can't restart paused deployment (run rollout resume first)" }
  const at = formatTime(io.now())
  if (spec?.template?.metadata?.annotations?.[RESTARTED] === at) {
    return {
      refuse: `failed to create patch for ${metadata.name}: if restart has already been triggered within the past second, please wait before attempting to trigger another`,
      whole: true,
    }
  }
  return { patch: { spec: { template: { metadata: { annotations: { [RESTARTED]: at } } } } } }
})
const pause = patching('pause', 'paused', ({ kind, spec }) => {
  if (kind !== 'Deployment') return { refuse: 'pausing is not supported' }
  return spec?.paused ? { refuse: 'is already paused' } : { patch: { spec: { paused: true } } }
})
const resume = patching('resume', 'resumed', ({ kind, spec }) => {
  if (kind !== 'Deployment') return { refuse: 'resuming is not supported' }
  return spec?.paused ? { patch: { spec: { paused: null } } } : { refuse: 'is not paused' }
})

export const rollout = command({
  name: 'rollout',
  subcommands: [history, pause, restart, resume, statusCommand, undo],
})
