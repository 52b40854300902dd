/** helm list, history, status: what releases there are. */
import type { AnyObject } from '#api/meta.ts'
import { compileRegexp } from '#api/regexp/index.ts'
import { checkName, session } from '../actions/session.ts'
import { build } from '../cluster/objects.ts'
import { type Context, command } from '../command.ts'
import { bool, OUTPUT, REVISION, text } from '../flags.ts'
import { HelmError } from '../io.ts'
import { formatOf, releaseData, statusText, tableOf, write } from '../output.ts'
import { isPending, type Release } from '../release/release.ts'
import { Releases } from '../release/store.ts'
import { ansi, goTime } from '../release/time.ts'

const chartName = ({ chart: { metadata } }: Release): string => `${metadata.name}-${metadata.version}`

/** Which states the flags ask for; deployed and failed ones when they ask for none. */
function wanted({ flags }: Context): (release: Release) => boolean {
  if (flags.is('all')) return () => true
  const states = ['deployed', 'uninstalled', 'superseded', 'failed', 'uninstalling'].filter((state) => flags.is(state))
  const pending = flags.is('pending')
  if (states.length === 0 && !pending) return ({ info }) => info.status === 'deployed' || info.status === 'failed'
  return ({ info }) => states.includes(info.status) || (pending && isPending(info.status))
}

function ordered(list: Release[], { flags }: Context): Release[] {
  const byName = (a: Release, b: Release): number => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0)
  const byDate = (a: Release, b: Release): number => Date.parse(a.info.last_deployed) - Date.parse(b.info.last_deployed)
  const sorted = list.sort(flags.is('date') ? (a, b) => byDate(b, a) : byName)
  return flags.is('reverse') ? sorted.reverse() : sorted
}

export const listCommand = command({
  name: 'list',
  aliases: ['ls'],
  short: 'list releases',
  flags: [
    OUTPUT,
    bool('short', 'output short (quiet) listing format', 'q'),
    bool('no-headers', "don't print headers when using the default output format"),
    text('time-format', 'format time using golang time formatter'),
    bool('date', 'sort by release date', 'd'),
    bool('reverse', 'reverse the sort order', 'r'),
    bool('all', 'show all releases without any filter applied', 'a'),
    ...['uninstalled', 'superseded', 'uninstalling', 'deployed', 'failed', 'pending'].map((state) =>
      bool(state, `show ${state} releases`),
    ),
    bool('all-namespaces', 'list releases across all namespaces', 'A'),
    { name: 'max', short: 'm', type: 'int', default: '256', help: 'maximum number of releases to fetch' },
    { name: 'offset', type: 'int', help: 'next release index in the list, used to offset from start value' },
    text('filter', 'a regular expression (Perl compatible)', 'f'),
    text('selector', 'Selector (label query) to filter on', 'l'),
  ],
  args: 'none',
  async run(context) {
    const { client, io, flags, namespace } = context
    const format = formatOf(flags.text('output'))
    const releases = new Releases(client, flags.is('all-namespaces') ? '' : namespace, io.now)
    const newest = new Map<string, Release>()
    for (const one of await releases.all(flags.text('selector'))) {
      const key = `${one.namespace}/${one.name}`
      if ((newest.get(key)?.version ?? 0) < one.version) newest.set(key, one)
    }
    const filter = flags.text('filter') ? compileRegexp(flags.text('filter')) : null
    if (typeof filter === 'string') throw new HelmError(filter)
    const chosen = ordered([...newest.values()].filter(wanted(context)), context).filter(
      ({ name }) => !filter || filter.test(name),
    )
    const from = flags.int('offset')
    const shown = chosen.slice(from, flags.int('max') > 0 ? from + flags.int('max') : undefined)
    if (flags.is('short'))
      return write(
        io,
        format,
        shown.map(({ name }) => name),
        () => shown.map(({ name }) => `${name}\n`).join(''),
      )
    const rows = shown.map((one) => ({
      name: one.name,
      namespace: one.namespace,
      revision: String(one.version),
      updated: goTime(one.info.last_deployed, flags.text('time-format')),
      status: one.info.status,
      chart: chartName(one),
      app_version: String(one.chart.metadata.appVersion ?? ''),
    }))
    const head = flags.is('no-headers') ? [] : [['NAME', 'NAMESPACE', 'REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION']]
    write(io, format, rows, () => tableOf([...head, ...rows.map((row) => Object.values(row))]))
  },
})

export const historyCommand = command({
  name: 'history',
  aliases: ['hist'],
  usage: 'RELEASE_NAME',
  short: 'fetch release history',
  flags: [OUTPUT, { name: 'max', type: 'int', default: '256', help: 'maximum number of revision to include in history' }],
  args: { exactly: 1 },
  async run(context) {
    const { io, flags, args } = context
    const format = formatOf(flags.text('output'))
    const [name = ''] = args
    try {
      checkName(name)
    } catch {
      throw new HelmError(`release name is invalid: ${name}`)
    }
    const history = (await session(context).releases.history(name)).slice(-flags.int('max'))
    const rows = history.map((one) => ({
      revision: one.version,
      updated: one.info.last_deployed,
      status: one.info.status,
      chart: chartName(one),
      app_version: String(one.chart.metadata.appVersion ?? ''),
      description: one.info.description,
    }))
    write(io, format, rows, () =>
      tableOf([
        ['REVISION', 'UPDATED', 'STATUS', 'CHART', 'APP VERSION', 'DESCRIPTION'],
        ...rows.map((row) => [String(row.revision), ansi(row.updated), row.status, row.chart, row.app_version, row.description]),
      ]),
    )
  },
})

export const statusCommand = command({
  name: 'status',
  usage: 'RELEASE_NAME',
  short: 'display the status of the named release',
  flags: [
    OUTPUT,
    REVISION,
    bool('show-desc', 'if set, display the description message of the named release'),
    bool('show-resources', 'if set, display the resources of the named release'),
  ],
  args: { exactly: 1 },
  async run(context) {
    const { io, flags } = context
    const format = formatOf(flags.text('output'))
    const release = await revisionOf(context)
    const resources = flags.is('show-resources') ? await resourcesText(context, release) : ''
    write(io, format, releaseData(release, false), () =>
      statusText(release, { description: flags.is('show-desc'), ...(resources ? { resources } : {}) }),
    )
  },
})

/** The newest revision, or the one that `--revision` names. */
export async function revisionOf(context: Context): Promise<Release> {
  const { flags, args } = context
  const [name = ''] = args
  try {
    checkName(name)
  } catch {
    throw new HelmError(`releaseContent: Release name is invalid: ${name}`)
  }
  const { releases } = session(context)
  const revision = flags.int('revision')
  return revision > 0 ? releases.get(name, revision) : releases.last(name)
}

/** A table for each kind, as the server prints them, and the Pods behind. */
async function resourcesText({ client }: Context, release: Release): Promise<string> {
  const targets = await build(client, release.manifest, release.namespace)
  const groups = new Map<string, string[]>()
  const put = (kind: string, text: string): void => void groups.set(kind, [...(groups.get(kind) ?? []), text])
  for (const { info, namespace, name } of targets) {
    const groupVersion = info.group ? `${info.group}/${info.version}` : info.version
    const table = await client.table(info, client.path(info, namespace, name)).catch(() => null)
    if (table) put(`${groupVersion}/${info.kind}`, printed(table))
  }
  return [...groups].map(([kind, texts]) => `==> ${kind}\n${texts.join('')}\n`).join('')
}

function printed(table: AnyObject): string {
  const columns = (table['columnDefinitions'] as { name: string; priority: number }[]).map((column, i) => ({ ...column, i }))
  const shown = columns.filter(({ priority }) => priority === 0)
  const cells = [
    shown.map(({ name }) => name.toUpperCase()),
    ...(table['rows'] as { cells: unknown[] }[]).map(({ cells: row }) => shown.map(({ i }) => String(row[i]))),
  ]
  const widths = shown.map((_, i) => Math.max(...cells.map((row) => (row[i] as string).length)))
  return cells
    .map((row) => `${row.map((cell, i) => (i === row.length - 1 ? cell : cell.padEnd((widths[i] as number) + 3))).join('')}\n`)
    .join('')
}
