/** Finds the chart that a word on the command line means: a path, or a name in a repository (helm's LocateChart). */
import type { Flags } from '../command.ts'
import { exists, HelmError, type HelmIo } from '../io.ts'
import type { Chart } from './chart.ts'
import { loadChart } from './load.ts'
import { chartFromRepository } from './repository.ts'
import { isInRange } from './semver.ts'

export async function locate(word: string, flags: Flags, io: HelmIo): Promise<Chart> {
  if (flags.is('verify')) throw new HelmError('provenance is not checked here: charts have no signatures in this helm')
  const name = word.trim()
  if (!flags.has('repo') && (await exists(io, name))) return loadChart(io, name)
  if (/^oci:/.test(name) || /^https?:/.test(name))
    throw new HelmError(`failed to download ${JSON.stringify(name)}: this helm reaches no other servers`)
  if (/^[./]/.test(name)) throw new HelmError(`path ${JSON.stringify(name)} not found`)
  if (flags.has('repo')) return chartFromRepository(flags.text('repo'), name, flags.text('version'), io)
  const [repository = '', chart] = name.split('/')
  if (chart === undefined) throw new HelmError(`non-absolute URLs should be in form of repo_name/path_to_chart, got: ${name}`)
  return chartFromRepository(repository, chart, flags.text('version'), io)
}

/** Only applications can be installed, and those that suit this Kubernetes. */
export function checkInstallable({ metadata, dependencies }: Chart, warn: (text: string) => void): void {
  if (metadata.type === 'library') throw new HelmError('library charts are not installable')
  if (metadata.deprecated) warn('WARNING: This chart is deprecated')
  const missing = (metadata.dependencies ?? []).filter(
    (wanted) => !dependencies.some((chart) => chart.metadata.name === wanted.name),
  )
  if (missing.length > 0)
    throw new HelmError(
      `An error occurred while checking for chart dependencies. You may need to run \`helm dependency build\` to fetch missing dependencies: found in Chart.yaml, but missing in charts/ directory: ${missing.map((one) => one.name).join(', ')}`,
    )
}

export function checkKubeVersion({ metadata }: Chart, version: string): void {
  const { kubeVersion } = metadata
  if (kubeVersion && !isInRange(kubeVersion, version))
    throw new HelmError(`chart requires kubeVersion: ${kubeVersion} which is incompatible with Kubernetes ${version}`)
}
