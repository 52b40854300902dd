/** Loads a chart from a folder or an archive (helm's pkg/chart/loader). */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import { HelmError, type HelmIo } from '../io.ts'
import { unpack } from './archive.ts'
import { type Chart, type ChartFile, checkMetadata, type Metadata, setDependencies, type Values } from './chart.ts'
import { ignoring } from './ignore.ts'

/** The chart at this path. */
export async function loadChart(io: HelmIo, path: string): Promise<Chart> {
  const folder = path.replace(/\/+$/, '')
  if ((await io.list(folder)) !== null) {
    const chart = chartOf(await filesOf(io, folder))
    return chart
  }
  return chartOf(unpack(await io.read(path)))
}

async function filesOf(io: HelmIo, folder: string): Promise<ChartFile[]> {
  let rules = ''
  try {
    rules = await io.read(`${folder}/.helmignore`)
  } catch {
    // A chart need not have one.
  }
  const ignored = ignoring(rules)
  const files: ChartFile[] = []
  const visit = async (below: string): Promise<void> => {
    for (const name of [...((await io.list(`${folder}${below && `/${below}`}`)) ?? [])].sort()) {
      const inner = below ? `${below}/${name}` : name
      const isFolder = (await io.list(`${folder}/${inner}`)) !== null
      if (ignored(inner, isFolder)) continue
      if (isFolder) await visit(inner)
      else files.push({ name: inner, data: (await io.read(`${folder}/${inner}`)).replace(/^\ufeff/, '') })
    }
  }
  await visit('')
  return files
}

/** The values of a text; an empty one has none. */
export function valuesOf(text: string, name: string): Values {
  const value = yaml(text, name)
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) {
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value
    throw new HelmError(
      `cannot load ${name}: error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`,
    )
  }
  return value as Values
}

function yaml(text: string, name: string): unknown {
  try {
    return parseYaml(text).value
  } catch (error) {
    if (error instanceof YamlError) throw new HelmError(`cannot load ${name}: error converting YAML to JSON: ${error.message}`)
    throw error
  }
}

/** A chart of its files, with the charts below `charts/`. */
export function chartOf(files: readonly ChartFile[]): Chart {
  const own = files.find(({ name }) => name === 'Chart.yaml')
  if (!own) throw new HelmError('Chart.yaml file is missing')
  const metadata = (yaml(own.data, 'Chart.yaml') ?? {}) as Metadata
  const chart: Chart = {
    metadata: { ...metadata, apiVersion: metadata.apiVersion || 'v1' },
    lock: null,
    templates: [],
    values: {},
    schema: null,
    files: [],
    raw: [...files],
    dependencies: [],
    parent: null,
  }
  const below = new Map<string, ChartFile[]>()
  for (const file of files) sort(chart, file, below)
  checkMetadata(chart.metadata)
  setDependencies(
    chart,
    [...below].flatMap(([name, list]) => subchart(chart, name, list)),
  )
  return chart
}

function sort(chart: Chart, { name, data }: ChartFile, below: Map<string, ChartFile[]>): void {
  if (name === 'Chart.yaml') return
  if (name === 'Chart.lock') chart.lock = yaml(data, name)
  else if (name === 'values.yaml') chart.values = valuesOf(data, name)
  else if (name === 'values.schema.json') chart.schema = data
  else if (name === 'requirements.yaml') {
    if (chart.metadata.apiVersion === 'v1') Object.assign(chart.metadata, yaml(data, name))
    chart.files.push({ name, data })
  } else if (name.startsWith('templates/')) chart.templates.push({ name, data })
  else if (name.startsWith('charts/')) {
    if (name.endsWith('.prov')) return void chart.files.push({ name, data })
    const inner = name.slice('charts/'.length)
    const folder = inner.split('/')[0] as string
    below.set(folder, [...(below.get(folder) ?? []), { name: inner, data }])
  } else chart.files.push({ name, data })
}

function subchart(chart: Chart, name: string, files: ChartFile[]): Chart[] {
  if (/^[_.]/.test(name)) return []
  const inner = (): Chart => {
    if (name.endsWith('.tgz')) return chartOf(unpack((files[0] as ChartFile).data))
    return chartOf(files.map((file) => ({ ...file, name: file.name.split('/').slice(1).join('/') })))
  }
  if (!name.endsWith('.tgz') && files.every((file) => !file.name.includes('/'))) return []
  try {
    return [inner()]
  } catch (error) {
    const what = name.endsWith('.tgz') ? 'archive' : 'chart'
    throw new HelmError(
      `error unpacking ${what === 'archive' ? name : `subchart ${name}`} in ${chart.metadata.name}: ${(error as Error).message}`,
    )
  }
}
