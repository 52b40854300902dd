/** Which subcharts take part, under which names, and what they give to their parent (chartutil.ProcessDependencies). */
import { coalesceValues, isTable, mergeTables, mergeValues, tableAt, valueAt, type Warn } from '../values/tables.ts'
import { type Chart, type Dependency, setDependencies, type Values } from './chart.ts'
import { isInRange } from './semver.ts'

/** Drops what conditions and tags switch off, renames by alias, and imports values. Changes the chart. */
export function processDependencies(chart: Chart, values: Values, warn: Warn): void {
  enable(chart, values, '', warn)
  importValues(chart, warn)
}

function enable(chart: Chart, values: Values, path: string, warn: Warn): void {
  const wanted = chart.metadata.dependencies
  if (!wanted) return
  chart.metadata = { ...chart.metadata, dependencies: wanted.map((one) => ({ ...one })) }
  const dependencies = chart.metadata.dependencies as Dependency[]
  const suits = (child: Chart, one: Dependency): boolean =>
    child.metadata.name === one.name && isInRange(one.version ?? '', child.metadata.version)
  const charts = chart.dependencies.filter((child) => !dependencies.some((one) => suits(child, one)))
  for (const one of dependencies) {
    const child = chart.dependencies.find((each) => suits(each, one))
    if (child) charts.push(aliased(child, one.alias))
    if (one.alias) one.name = one.alias
    one.enabled = true
  }
  setDependencies(chart, charts)
  const all = coalesceValues(chart, values, warn)
  byTags(dependencies, all, warn)
  byConditions(dependencies, all, path, warn)
  const off = new Set(dependencies.filter((one) => !one.enabled).map((one) => one.name))
  const kept = charts.filter((child) => !off.has(child.metadata.name))
  for (const child of kept) enable(child, all, `${path}${child.metadata.name}.`, warn)
  chart.metadata.dependencies = dependencies.filter((one) => !off.has(one.name))
  setDependencies(chart, kept)
}

function aliased(chart: Chart, alias: string | undefined): Chart {
  const copy = { ...chart, metadata: { ...chart.metadata, ...(alias ? { name: alias } : {}) } }
  copy.dependencies = chart.dependencies.map((child) => ({ ...child, parent: copy }))
  return copy
}

function byTags(dependencies: Dependency[], values: Values, warn: Warn): void {
  const tags = tableAt(values, 'tags')
  if (!tags) return
  for (const one of dependencies) {
    const said = (one.tags ?? []).filter((tag) => Object.hasOwn(tags, tag))
    for (const tag of said)
      if (typeof tags[tag] !== 'boolean') warn(`Warning: Tag '${tag}' for chart ${one.name} returned non-bool value`)
    one.enabled = said.some((tag) => tags[tag] === true) || !said.some((tag) => tags[tag] === false)
  }
}

function byConditions(dependencies: Dependency[], values: Values, path: string, warn: Warn): void {
  for (const one of dependencies) {
    for (const condition of (one.condition ?? '').trim().split(',').filter(Boolean)) {
      const value = valueAt(values, path + condition)
      if (typeof value === 'boolean') {
        one.enabled = value
        break
      }
      if (value !== undefined) warn(`Warning: Condition path '${condition}' for chart ${one.name} returned non-bool value`)
    }
  }
}

function importValues(chart: Chart, warn: Warn): void {
  for (const child of chart.dependencies) importValues(child, warn)
  const { dependencies } = chart.metadata
  if (!dependencies) return
  const all = mergeValues(chart, {}, warn)
  let imported: Values = {}
  for (const one of dependencies) {
    for (const wish of one['import-values'] ?? []) {
      const [from, to] = isTable(wish) ? [String(wish['child']), String(wish['parent'])] : [`exports.${wish}`, '.']
      const table = tableAt(all, `${one.name}.${from}`)
      if (!table) {
        warn(
          isTable(wish)
            ? `Warning: ImportValues missing table from chart ${one.name}: "${from}" is not a table`
            : `Warning: ImportValues missing table: "${from}" is not a table`,
        )
        continue
      }
      imported = mergeTables(imported, below(to, table), warn)
    }
  }
  chart.values = mergeTables(all, imported, warn)
}

const below = (path: string, table: Values): Values =>
  path === '.' ? table : path.split('.').reduceRight<Values>((inner, name) => ({ [name]: inner }), table)
