/** A chart as helm knows it: what its files come to. */
import { HelmError } from '../io.ts'

/** A file of a chart, its bytes as text. */
export interface ChartFile {
  name: string
  data: string
}

export interface Dependency {
  name: string
  version?: string
  repository?: string
  condition?: string
  tags?: string[]
  enabled?: boolean
  'import-values'?: unknown[]
  alias?: string
}

export interface Metadata {
  name: string
  home?: string
  sources?: string[]
  version: string
  description?: string
  keywords?: string[]
  maintainers?: { name?: string; email?: string; url?: string }[]
  icon?: string
  apiVersion: string
  condition?: string
  tags?: string
  appVersion?: string
  deprecated?: boolean
  annotations?: Record<string, string>
  kubeVersion?: string
  dependencies?: Dependency[]
  type?: string
}

export type Values = Record<string, unknown>

export interface Chart {
  metadata: Metadata
  lock: unknown
  templates: ChartFile[]
  values: Values
  /** The text of values.schema.json. */
  schema: string | null
  /** All that is neither template nor chart. */
  files: ChartFile[]
  /** Every file as it was, for packing and showing. */
  raw: ChartFile[]
  dependencies: Chart[]
  parent: Chart | null
}

/** `shop/charts/cache` below its parents. */
export const fullPath = (chart: Chart): string =>
  chart.parent ? `${fullPath(chart.parent)}/charts/${chart.metadata.name}` : chart.metadata.name

export function setDependencies(chart: Chart, charts: Chart[]): void {
  chart.dependencies = charts
  for (const one of charts) one.parent = chart
}

/** The definitions below `crds/`, those of subcharts behind. */
export function crdsOf(chart: Chart): { filename: string; name: string; data: string }[] {
  const own = chart.files
    .filter(({ name }) => name.startsWith('crds/') && /\.(ya?ml|json)$/.test(name))
    .map(({ name, data }) => ({ filename: `${fullPath(chart)}/${name}`, name, data }))
  return [...own, ...chart.dependencies.flatMap(crdsOf)]
}

const fail = (text: string): never => {
  throw new HelmError(text)
}

/** chart.Metadata.Validate: what a Chart.yaml must say. */
export function checkMetadata(metadata: Metadata | null): void {
  const invalid = (text: string): never => fail(`validation: ${text}`)
  if (!metadata) return invalid('chart.metadata is required')
  if (!metadata.apiVersion) invalid('chart.metadata.apiVersion is required')
  if (!metadata.name) invalid('chart.metadata.name is required')
  if (metadata.name !== metadata.name.split('/').at(-1))
    invalid(`chart.metadata.name ${JSON.stringify(metadata.name)} is invalid`)
  if (!metadata.version) invalid('chart.metadata.version is required')
  if (!/^v?\d+(\.\d+)?(\.\d+)?(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/.test(metadata.version))
    invalid(`chart.metadata.version ${JSON.stringify(metadata.version)} is invalid`)
  if (metadata.type && metadata.type !== 'application' && metadata.type !== 'library')
    invalid('chart.metadata.type must be application or library')
  for (const dependency of metadata.dependencies ?? []) {
    if (!dependency) invalid('dependencies must not contain empty or null nodes')
    if (dependency.alias && !/^[a-zA-Z0-9_-]+$/.test(dependency.alias))
      invalid(`dependency ${JSON.stringify(dependency.name)} has disallowed characters in the alias`)
  }
}
