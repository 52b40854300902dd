/** helm get: what a release was made of. */
import { type Command, type Context, command } from '../command.ts'
import { bool, OUTPUT, REVISION, text } from '../flags.ts'
import { formatOf, statusText, write, yamlOf } from '../output.ts'
import type { Release } from '../release/release.ts'
import { coalesceValues } from '../values/tables.ts'
import { revisionOf } from './look.ts'

const sub = (
  name: string,
  short: string,
  flags: Command['flags'],
  run: (context: Context, release: Release) => void,
): Command => ({
  name,
  usage: 'RELEASE_NAME',
  short,
  flags: [REVISION, ...(flags ?? [])],
  args: { exactly: 1 },
  run: async (context) => run(context, await revisionOf(context)),
})

function values({ io, flags }: Context, release: Release): void {
  const all = flags.is('all')
  const data = all ? coalesceValues(release.chart, release.config) : release.config
  const head = all ? 'COMPUTED VALUES:' : 'USER-SUPPLIED VALUES:'
  const none = Object.keys(data).length === 0 && !all
  write(io, formatOf(flags.text('output')), none ? null : data, () => `${head}\n${none ? 'null\n' : yamlOf(data)}`)
}

function metadata({ io, flags }: Context, { name, namespace, version, info, chart: { metadata: of } }: Release): void {
  const dependencies = (of.dependencies ?? []).map((one) => one.name)
  const data = {
    name,
    chart: of.name,
    version: of.version,
    appVersion: of.appVersion ?? '',
    ...(of.annotations ? { annotations: of.annotations } : {}),
    ...(dependencies.length > 0 ? { dependencies: of.dependencies } : {}),
    namespace,
    revision: version,
    status: info.status,
    deployedAt: info.last_deployed.replace(/\.\d+/, ''),
  }
  const annotations = Object.entries(of.annotations ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  write(
    io,
    formatOf(flags.text('output')),
    data,
    () =>
      `NAME: ${name}\nCHART: ${of.name}\nVERSION: ${of.version}\nAPP_VERSION: ${data.appVersion}\nANNOTATIONS: ${annotations}\nDEPENDENCIES: ${dependencies.sort().join(',')}\nNAMESPACE: ${namespace}\nREVISION: ${version}\nSTATUS: ${info.status}\nDEPLOYED_AT: ${data.deployedAt}\n`,
  )
}

function everything({ io }: Context, release: Release): void {
  const computed = yamlOf(coalesceValues(release.chart, release.config))
  const text = statusText(release, { metadata: true, debug: true })
  io.out(text.replace('HOOKS:\n', () => `COMPUTED VALUES:\n${computed}\nHOOKS:\n`))
}

export const getCommand = command({
  name: 'get',
  short: 'download extended information of a named release',
  args: 'none',
  subcommands: [
    sub(
      'all',
      'download all information for a named release',
      [text('template', 'go template for formatting the output')],
      everything,
    ),
    sub('hooks', 'download all hooks for a named release', [], ({ io }, { hooks }) =>
      io.out(hooks.map(({ path, manifest }) => `---\n# Source: ${path}\n${manifest}\n`).join('')),
    ),
    sub('manifest', 'download the manifest for a named release', [], ({ io }, { manifest }) => io.out(`${manifest}\n`)),
    sub('metadata', 'This command fetches metadata for a given release', [OUTPUT], metadata),
    sub('notes', 'download the notes for a named release', [], ({ io }, { info: { notes } }) => {
      if (notes) io.out(`NOTES:\n${notes}\n`)
    }),
    sub(
      'values',
      'download the values file for a named release',
      [OUTPUT, bool('all', 'dump all (computed) values', 'a')],
      values,
    ),
  ],
})
