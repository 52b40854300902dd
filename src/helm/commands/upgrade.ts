/** helm upgrade. */
import { session } from '../actions/session.ts'
import { upgrade } from '../actions/upgrade.ts'
import { checkInstallable, locate } from '../chart/locate.ts'
import { command } from '../command.ts'
import { bool, INSTALLING, OUTPUT } from '../flags.ts'
import { HelmError } from '../io.ts'
import { formatOf, releaseData, statusText, write } from '../output.ts'
import { givenValues } from '../values/options.ts'
import { refusePostRenderer, runInstall } from './install.ts'

export const upgradeCommand = command({
  name: 'upgrade',
  usage: '[RELEASE] [CHART]',
  short: 'upgrade a release',
  flags: [
    ...INSTALLING,
    OUTPUT,
    bool('install', "if a release by this name doesn't already exist, run an install", 'i'),
    bool('reset-values', 'when upgrading, reset the values to the ones built into the chart'),
    bool('reuse-values', "when upgrading, reuse the last release's values and merge in any overrides"),
    bool('reset-then-reuse-values', 'reset the values to the chart, apply the last release’s values and merge in any overrides'),
    bool('cleanup-on-fail', 'allow deletion of new resources created in this upgrade when upgrade fails'),
    {
      name: 'history-max',
      type: 'int',
      default: '10',
      help: 'limit the maximum number of revisions saved per release. Use 0 for no limit',
    },
  ],
  args: { exactly: 2 },
  async run(context) {
    const { io, flags, args } = context
    const [name = '', word = ''] = args
    const format = formatOf(flags.text('output'))
    const hideNotes = flags.is('hide-notes')
    const work = session(context)
    if (flags.is('install')) {
      const history = await work.releases.history(name).catch(() => [])
      const last = history.at(-1)
      if (!last || last.info.status === 'uninstalled') {
        if (format === 'table') io.out(`Release ${JSON.stringify(name)} does not exist. Installing it now.\n`)
        if (last) flags.add('replace', 'true')
        const release = await runInstall(context, name, word)
        return write(io, format, releaseData(release, true), () => statusText(release, { hideNotes }))
      }
    }
    refusePostRenderer(context)
    const chart = await locate(word, flags, io)
    const values = await givenValues(flags, io)
    checkInstallable(chart, context.warn)
    try {
      const release = await upgrade(work, name, chart, values)
      if (format === 'table') io.out(`Release ${JSON.stringify(name)} has been upgraded. Happy Helming!\n`)
      write(io, format, releaseData(release, true), () => statusText(release, { hideNotes }))
    } catch (error) {
      throw new HelmError(`UPGRADE FAILED: ${(error as Error).message}`)
    }
  },
})
