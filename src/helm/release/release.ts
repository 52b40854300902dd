/** A release: a chart with its values as it was put into the cluster, in the form helm stores it. */

import { type Chart, type ChartFile, type Metadata, setDependencies, type Values } from '../chart/chart.ts'
import { base64, unbase64 } from '../render/functions/hashes.ts'
import { plain } from '../values/plain.ts'

export type ReleaseStatus =
  | 'unknown'
  | 'deployed'
  | 'uninstalled'
  | 'superseded'
  | 'failed'
  | 'uninstalling'
  | 'pending-install'
  | 'pending-upgrade'
  | 'pending-rollback'

export interface Hook {
  name: string
  kind: string
  path: string
  manifest: string
  events: string[]
  /** Times as RFC 3339; absent: never. */
  last_run: { started_at?: string; completed_at?: string; phase: string }
  weight: number
  delete_policies: string[]
  output_log_policies: string[]
}

export interface ReleaseInfo {
  first_deployed: string
  last_deployed: string
  deleted: string
  description: string
  status: ReleaseStatus
  notes: string
}

export interface Release {
  name: string
  info: ReleaseInfo
  chart: Chart
  /** What the user gave. */
  config: Values
  manifest: string
  hooks: Hook[]
  version: number
  namespace: string
  labels: Record<string, string>
}

export const isPending = (status: ReleaseStatus): boolean => status.startsWith('pending-')

const fileJson = ({ name, data }: ChartFile) => ({ name, data: base64(data) })
const fileOf = ({ name, data }: { name: string; data: string | null }): ChartFile => ({ name, data: unbase64(data ?? '') })

/** A chart in a release's JSON; subcharts are lost, as with the real helm, but their templates have done their work. */
function chartJson(chart: Chart): unknown {
  return {
    metadata: chart.metadata,
    lock: chart.lock,
    templates: chart.templates.map(fileJson),
    values: plain(chart.values),
    schema: chart.schema === null ? null : base64(chart.schema),
    files: chart.files.map(fileJson),
  }
}

export function releaseJson(release: Release): Record<string, unknown> {
  const { labels: _, chart, hooks, config, info, ...rest } = release
  const { notes, ...facts } = info
  return {
    ...rest,
    info: { ...facts, ...(notes ? { notes } : {}) },
    chart: chartJson(chart),
    ...(Object.keys(config).length > 0 ? { config: plain(config) } : {}),
    ...(hooks.length > 0 ? { hooks: hooks.map(hookJson) } : {}),
  }
}

function hookJson({ weight, delete_policies, output_log_policies, last_run, ...hook }: Hook) {
  const { started_at = '', completed_at = '', phase } = last_run
  return {
    ...hook,
    last_run: { started_at, completed_at, phase },
    ...(weight ? { weight } : {}),
    ...(delete_policies.length > 0 ? { delete_policies } : {}),
    ...(output_log_policies.length > 0 ? { output_log_policies } : {}),
  }
}

export function releaseOf(json: any, labels: Record<string, string>): Release {
  const { chart, info = {}, config, hooks, ...rest } = json
  return {
    ...rest,
    manifest: json.manifest ?? '',
    namespace: json.namespace ?? '',
    labels,
    info: { first_deployed: '', last_deployed: '', deleted: '', description: '', notes: '', status: 'unknown', ...info },
    chart: storedChart(chart ?? {}),
    config: config ?? {},
    hooks: (hooks ?? []).map((hook: any) => ({
      weight: 0,
      delete_policies: [],
      output_log_policies: [],
      ...hook,
      last_run: { phase: '', ...hook.last_run },
    })),
  }
}

function storedChart(json: any): Chart {
  const chart: Chart = {
    metadata: (json.metadata ?? { name: '', version: '', apiVersion: 'v1' }) as Metadata,
    lock: json.lock ?? null,
    templates: (json.templates ?? []).map(fileOf),
    values: json.values ?? {},
    schema: json.schema ? unbase64(json.schema) : null,
    files: (json.files ?? []).map(fileOf),
    raw: [],
    dependencies: [],
    parent: null,
  }
  setDependencies(chart, [])
  return chart
}
