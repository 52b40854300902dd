/** helm install. */
import { InstallFailed, install } from '../actions/install.ts'
import { session } from '../actions/session.ts'
import { checkInstallable, locate } from '../chart/locate.ts'
import { type Context, command } from '../command.ts'
import { bool, INSTALLING, OUTPUT, text } from '../flags.ts'
import { HelmError } from '../io.ts'
import { formatOf, releaseData, statusText, write } from '../output.ts'
import type { Release } from '../release/release.ts'
import { givenValues } from '../values/options.ts'

export const INSTALL_FLAGS = [
  ...INSTALLING,
  OUTPUT,
  bool('generate-name', 'generate the name (and omit the NAME parameter)', 'g'),
  text('name-template', 'specify template used to name the release'),
  bool('replace', 'reuse the given name, only if that name is a deleted release which remains in the history'),
]

/** The release's name and the chart's, as the arguments have them. */
export function nameAndChart({ args, flags, io }: Context): [string, string] {
  const generate = flags.is('generate-name')
  if (args.length > 2) throw new HelmError(`expected at most two arguments, unexpected arguments: ${args.slice(2).join(', ')}`)
  if (args.length === 2) {
    if (generate) throw new HelmError('cannot set --generate-name and also specify a name')
    if (flags.has('name-template')) throw new HelmError('cannot set --name-template and also specify a name')
    return [args[0] as string, args[1] as string]
  }
  const chart = args[0] ?? ''
  if (flags.has('name-template')) return [flags.text('name-template'), chart]
  if (!generate) throw new HelmError('must either provide a name or specify --generate-name')
  const base =
    chart
      .split('/')
      .at(-1)
      ?.replace(/\.tgz$/, '')
      .replace(/-\d.*$/, '') || 'chart'
  return [`${base}-${Math.floor(io.now() / 1000)}`, chart]
}

export function refusePostRenderer({ flags }: Context): void {
  if (flags.has('post-renderer')) throw new HelmError('--post-renderer is not supported here: there is no program to run')
}

export async function runInstall(context: Context, name: string, chartWord: string): Promise<Release> {
  refusePostRenderer(context)
  const chart = await locate(chartWord, context.flags, context.io)
  const values = await givenValues(context.flags, context.io)
  checkInstallable(chart, context.warn)
  return install(session(context), name, chart, values)
}

export const installCommand = command({
  name: 'install',
  usage: '[NAME] [CHART]',
  short: 'install a chart',
  flags: INSTALL_FLAGS,
  args: { atLeast: 1 },
  async run(context) {
    const { io, flags } = context
    const format = formatOf(flags.text('output'))
    try {
      const [name, chart] = nameAndChart(context)
      const release = await runInstall(context, name, chart)
      write(io, format, releaseData(release, true), () => statusText(release, { hideNotes: flags.is('hide-notes') }))
    } catch (error) {
      if (error instanceof InstallFailed && error.release && flags.is('debug')) io.out(error.release.manifest)
      throw new HelmError(`INSTALLATION FAILED: ${(error as Error).message}`)
    }
  },
})
