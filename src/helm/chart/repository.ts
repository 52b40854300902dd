/** Chart repositories: the one that is built in, and the list of those that the user has added. */
import { parseYaml } from '#api/go-yaml/read.ts'
import { toYaml } from '#api/yaml.ts'
import { HelmError, type HelmIo } from '../io.ts'
import { timestamp } from '../release/time.ts'
import type { Chart } from './chart.ts'
import { chartOf } from './load.ts'
import { compareVersions, parseRange, parseVersion } from './semver.ts'
import { shelf } from './shelf/index.ts'

/** Where the charts that come with the sandbox live; no server stands behind it. */
export const BUILT_IN = 'https://charts.tabernetes.invalid'

const CONFIG = '.config/helm/repositories.yaml'

export interface Repository {
  name: string
  url: string
}

export async function repositories(io: HelmIo): Promise<Repository[]> {
  try {
    const { value } = parseYaml(await io.read(CONFIG))
    return ((value as { repositories?: Repository[] } | null)?.repositories ?? []).map(({ name, url }) => ({ name, url }))
  } catch {
    return []
  }
}

export async function saveRepositories(list: readonly Repository[], io: HelmIo): Promise<void> {
  await io.write(CONFIG, toYaml({ apiVersion: '', generated: timestamp(io.now()), repositories: list }))
}

/** Every chart of a repository, newest version first. */
export function chartsOf(url: string): Chart[] {
  if (url.replace(/\/$/, '') !== BUILT_IN)
    throw new HelmError(
      `looks like ${JSON.stringify(url)} is not a valid chart repository or cannot be reached: this helm reaches no other servers; ${BUILT_IN} is built in`,
    )
  return shelf.map((files) => chartOf(files))
}

export async function chartFromRepository(repository: string, name: string, range: string, io: HelmIo): Promise<Chart> {
  const url = repository.includes('://') ? repository : (await repositories(io)).find((one) => one.name === repository)?.url
  if (url === undefined) throw new HelmError(`repo ${repository} not found`)
  const suits = range ? rangeOf(range) : () => true
  const found = chartsOf(url)
    .filter(({ metadata }) => metadata.name === name)
    .filter(({ metadata }) => suits(metadata.version))
    .sort((a, b) => compare(b.metadata.version, a.metadata.version))
  const [chart] = found
  if (!chart)
    throw new HelmError(
      `chart ${JSON.stringify(name)}${range ? ` matching ${range}` : ''} not found in ${repository} index. (try 'helm repo update'): no chart${range ? ' version found for' : ' name found'}${range ? ` ${name}-${range}` : ''}`,
    )
  return chart
}

function compare(a: string, b: string): number {
  const [x, y] = [parseVersion(a), parseVersion(b)]
  return x && y ? compareVersions(x, y) : 0
}

function rangeOf(text: string): (version: string) => boolean {
  const suits = parseRange(text)
  return (version) => {
    const parsed = parseVersion(version)
    return parsed !== null && suits(parsed)
  }
}
