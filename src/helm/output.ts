/** How releases are shown: status, tables, JSON and YAML. */
import { toYaml } from '#api/yaml.ts'
import { HelmError, type HelmIo } from './io.ts'
import { type Release, releaseJson } from './release/release.ts'
import { ansi, isTime } from './release/time.ts'
import { goJson, plain } from './values/plain.ts'

export type Format = 'table' | 'json' | 'yaml'

export function formatOf(text: string): Format {
  if (text !== 'table' && text !== 'json' && text !== 'yaml')
    throw new HelmError(`invalid argument ${JSON.stringify(text)} for "-o, --output" flag: invalid format type`)
  return text
}

export const yamlOf = (value: unknown): string => toYaml(plain(value))

/** Writes data in the format asked for; keys of JSON stay as they are given. */
export function write(io: HelmIo, format: Format, data: unknown, table: () => string): void {
  if (format === 'json') io.out(`${JSON.stringify(plain(data))}\n`)
  else if (format === 'yaml') io.out(yamlOf(data))
  else io.out(table())
}
export { goJson }

/** gosuri/uitable: columns as wide as their widest cell, with tabs between. */
export function tableOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => [...(row[i] ?? '')].length)))
  return rows.map((row) => `${row.map((cell, i) => cell.padEnd(widths[i] as number)).join('\t')}\n`).join('')
}

export interface StatusOptions {
  description?: boolean
  hideNotes?: boolean
  metadata?: boolean
  debug?: boolean
  /** `==> v1/Service` and tables below. */
  resources?: string
}

/** What install, upgrade, status and test print. */
export function statusText(release: Release, options: StatusOptions = {}): string {
  const { info, name, namespace, version, chart, hooks } = release
  let out = `NAME: ${name}\n`
  if (isTime(info.last_deployed)) out += `LAST DEPLOYED: ${ansi(info.last_deployed)}\n`
  out += `NAMESPACE: ${namespace}\nSTATUS: ${info.status}\nREVISION: ${version}\n`
  if (options.metadata) {
    const { metadata } = chart
    out += `CHART: ${metadata.name}\nVERSION: ${metadata.version}\nAPP_VERSION: ${metadata.appVersion ?? ''}\n`
  }
  if (options.description) out += `DESCRIPTION: ${info.description}\n`
  if (options.resources) out += `RESOURCES:\n${options.resources}\n`
  out += testText(release)
  if (options.debug) out += `USER-SUPPLIED VALUES:\n${yamlOf(release.config)}\n`
  if (info.description.toLowerCase() === 'dry run complete' || options.debug) {
    out += 'HOOKS:\n'
    for (const hook of hooks) out += `---\n# Source: ${hook.path}\n${hook.manifest}\n`
    out += `MANIFEST:\n${release.manifest}\n`
  }
  if (!options.hideNotes && info.notes) out += `NOTES:\n${info.notes.trim()}\n`
  return out
}

function testText({ hooks }: Release): string {
  const tests = hooks.filter((hook) => hook.events.includes('test'))
  if (tests.length === 0) return 'TEST SUITE: None\n'
  return tests
    .filter((hook) => isTime(hook.last_run.started_at))
    .map(({ name, last_run: { started_at = '', completed_at = '', phase } }) => {
      const completed = isTime(completed_at) ? ansi(completed_at) : 'Mon Jan  1 00:00:00 0001'
      return `TEST SUITE:     ${name}\nLast Started:   ${ansi(started_at)}\nLast Completed: ${completed}\nPhase:          ${phase}\n`
    })
    .join('')
}

/** A release without its chart, for `-o json`. */
export function releaseData(release: Release, withChart: boolean): unknown {
  const { chart, ...rest } = releaseJson(release)
  return withChart ? { ...rest, chart } : rest
}
