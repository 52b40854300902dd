/** What every action works with: the cluster, the release store, and where words go. */
import type { Client } from '#client/client.ts'
import { type Chart, crdsOf, fullPath, type Values } from '../chart/chart.ts'
import { processDependencies } from '../chart/dependencies.ts'
import { checkKubeVersion } from '../chart/locate.ts'
import type { Context, Flags } from '../command.ts'
import { HelmError, type HelmIo } from '../io.ts'
import { Releases } from '../release/store.ts'
import { type Capabilities, capabilitiesOf } from '../render/capabilities.ts'
import { render } from '../render/engine.ts'
import { type Sorted, sortManifests } from '../render/manifests.ts'
import { checkSchemas } from '../values/schema.ts'
import { coalesceValues, copied } from '../values/tables.ts'

export interface Session {
  readonly client: Client
  readonly io: HelmIo
  readonly flags: Flags
  readonly namespace: string
  readonly releases: Releases
  readonly timeoutMs: number
  warn(text: string): void
}

export function session(context: Context): Session {
  const { client, io, flags, namespace } = context
  return {
    client,
    io,
    flags,
    namespace,
    releases: new Releases(client, namespace, io.now),
    timeoutMs: flags.ms('timeout'),
    warn: context.warn,
  }
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/
const MAX_NAME = 53

/** chartutil.ValidateReleaseName. */
export function checkName(name: string): void {
  if (name === '') throw new HelmError('no name provided')
  if (!NAME.test(name) || name.length > MAX_NAME)
    throw new HelmError(
      `invalid release name, must match regex ^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$ and the length must not be longer than ${MAX_NAME}`,
    )
}

export interface Facts {
  name: string
  namespace: string
  revision: number
  isUpgrade: boolean
}

export interface Rendered extends Sorted {
  manifest: string
  notes: string
}

/** A rendering that failed: helm keeps what came of it, and hints at `--debug`. */
export class RenderError extends HelmError {}

export interface RenderOptions {
  io: HelmIo
  flags: Flags
  capabilities: Capabilities
  /** Whether templates may look things up. */
  client?: Client
  includeCrds?: boolean
  warn(text: string): void
}

/** Values checked and laid over each other, templates run, manifests sorted. Changes the chart's dependencies. */
export async function renderChart(chart: Chart, given: Values, facts: Facts, options: RenderOptions): Promise<Rendered> {
  const { flags, capabilities, client, io, warn } = options
  const values = coalesceValues(chart, given, warn)
  if (!flags.is('skip-schema-validation')) checkSchemas(chart, values)
  try {
    checkKubeVersion(chart, capabilities.kubeVersion.version)
    const files = await render({
      chart,
      values,
      capabilities,
      release: { ...facts, isInstall: !facts.isUpgrade },
      now: io.now,
      random: io.random,
      ...(client ? { lookup: (...question) => lookup(client, ...question) } : {}),
    })
    const notes = takeNotes(chart, files, flags.is('render-subchart-notes'))
    const sorted = sortManifests(files, warn)
    const secrets = flags.is('hide-secret')
    const parts = sorted.manifests.map(({ path, content, kind, apiVersion }) =>
      secrets && kind === 'Secret' && apiVersion === 'v1'
        ? `---\n# Source: ${path}\n# HIDDEN: The Secret output has been suppressed\n`
        : `---\n# Source: ${path}\n${content}\n`,
    )
    const crds = options.includeCrds ? crdsOf(chart).map(({ filename, data }) => `---\n# Source: ${filename}\n${data}\n`) : []
    return { ...sorted, notes, manifest: [...crds, ...parts].join('') }
  } catch (error) {
    if (error instanceof HelmError) throw new RenderError(error.message)
    throw error
  }
}

function takeNotes(chart: Chart, files: Map<string, string>, subcharts: boolean): string {
  const own = `${fullPath(chart)}/templates/NOTES.txt`
  const notes: string[] = []
  for (const [name, text] of files) {
    if (!name.endsWith('NOTES.txt')) continue
    if (subcharts || name === own) notes.push(text)
    files.delete(name)
  }
  return notes.join('\n')
}

async function lookup(client: Client, apiVersion: string, kind: string, namespace: string, name: string): Promise<unknown> {
  const info = await client.discovery.byKind(apiVersion, kind)
  if (!info) throw new HelmError(`unable to get apiresource from unstructured: ${apiVersion}, Kind=${kind}`)
  if (name) return (await client.find(info, info.namespaced ? namespace : '', name)) ?? {}
  return client.list(info, info.namespaced ? namespace : '')
}

/** A chart that has its values and subcharts as these values want them; the given one is left alone. */
export function prepared(chart: Chart, given: Values, warn: (text: string) => void): Chart {
  const own = copyOf(chart, null)
  processDependencies(own, given, warn)
  return own
}

function copyOf(chart: Chart, parent: Chart | null): Chart {
  const copy = { ...chart, parent, values: copied(chart.values) }
  copy.dependencies = chart.dependencies.map((child) => copyOf(child, copy))
  return copy
}

export const capabilities = (client: Client): Promise<Capabilities> => capabilitiesOf(client)
