/** helm template: renders a chart without any cluster. */
import { InstallFailed, install } from '../actions/install.ts'
import { session } from '../actions/session.ts'
import { globRegExp } from '../chart/ignore.ts'
import { checkInstallable, locate } from '../chart/locate.ts'
import { command } from '../command.ts'
import { bool, text } from '../flags.ts'
import { HelmError, type HelmIo } from '../io.ts'
import type { Release } from '../release/release.ts'
import { splitManifests } from '../render/manifests.ts'
import { givenValues } from '../values/options.ts'
import { INSTALL_FLAGS, nameAndChart, refusePostRenderer } from './install.ts'

export const templateCommand = command({
  name: 'template',
  usage: '[NAME] [CHART]',
  short: 'locally render templates',
  flags: [
    ...INSTALL_FLAGS.filter(({ name }) => name !== 'output'),
    { name: 'show-only', short: 's', type: 'array', help: 'only show manifests rendered from the given templates' },
    text('output-dir', 'writes the executed templates to files in output-dir instead of stdout'),
    bool('validate', 'validate your manifests against the Kubernetes cluster you are currently pointing at'),
    bool('include-crds', 'include CRDs in the templated output'),
    bool('skip-tests', 'skip tests from templated output'),
    bool('is-upgrade', 'set .Release.IsUpgrade instead of .Release.IsInstall'),
    text('kube-version', 'Kubernetes version used for Capabilities.KubeVersion'),
    { name: 'api-versions', short: 'a', type: 'strings', help: 'Kubernetes api versions used for Capabilities.APIVersions' },
    bool('release-name', 'use release name in the output-dir path'),
  ],
  args: { atLeast: 1 },
  async run(context) {
    const { io, flags, args } = context
    refusePostRenderer(context)
    if (flags.is('validate')) throw new HelmError('--validate is not supported here: use helm install --dry-run=server')
    const [name, word] =
      args.length === 1 && !flags.is('generate-name') ? ['release-name', args[0] as string] : nameAndChart(context)
    const chart = await locate(word, flags, io)
    const values = await givenValues(flags, io)
    checkInstallable(chart, context.warn)
    let release: Release
    try {
      const isUpgrade = flags.is('is-upgrade')
      release = await install(session(context), name, chart, values, {
        clientOnly: true,
        includeCrds: flags.is('include-crds'),
        isUpgrade,
      })
    } catch (error) {
      if (!(error instanceof InstallFailed) || !error.release) throw error
      if (flags.is('debug')) io.out(error.release.manifest)
      throw new HelmError(flags.is('debug') ? error.message : `${error.message}\n\nUse --debug flag to render out invalid YAML`)
    }
    const all = withHooks(release, !flags.is('no-hooks'), flags.is('skip-tests'))
    if (flags.text('output-dir')) return writeFiles(all, flags.text('output-dir'), flags.is('release-name') ? name : '', io)
    io.out(flags.has('show-only') ? chosen(all, flags.all('show-only')) : all)
  },
})

function withHooks({ manifest, hooks }: Release, wanted: boolean, skipTests: boolean): string {
  let out = `${manifest.trim()}\n`
  for (const hook of wanted ? hooks : []) {
    if (skipTests && hook.events.includes('test')) continue
    out += `---\n# Source: ${hook.path}\n${hook.manifest}\n`
  }
  return out
}

const SOURCE = /# Source: [^/]+\/(.+)/

function chosen(all: string, patterns: readonly string[]): string {
  const documents = splitManifests(all)
  let out = ''
  for (const pattern of patterns) {
    const glob = globRegExp(pattern)
    const found = documents.filter((document) => glob.test(SOURCE.exec(document)?.[1] ?? ''))
    if (found.length === 0) throw new HelmError(`could not find template ${pattern} in chart`)
    out += found.map((document) => `---\n${document}\n`).join('')
  }
  return out
}

async function writeFiles(all: string, folder: string, below: string, io: HelmIo): Promise<void> {
  const files = new Map<string, string>()
  for (const document of splitManifests(all)) {
    const path = /# Source: (.+)/.exec(document)?.[1] ?? ''
    files.set(path, `${files.get(path) ?? ''}---\n${document}\n`)
  }
  for (const [path, text] of files) {
    const file = [folder, below, path].filter(Boolean).join('/')
    await io.write(file, text)
    io.out(`wrote ${file}\n`)
  }
}
