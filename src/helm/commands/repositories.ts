/** helm repo and helm search: where charts come from. */
import { chartsOf, repositories, saveRepositories } from '../chart/repository.ts'
import { compareVersions, parseRange, parseVersion } from '../chart/semver.ts'
import { type Context, command } from '../command.ts'
import { bool, OUTPUT, text } from '../flags.ts'
import { HelmError } from '../io.ts'
import { formatOf, tableOf, write } from '../output.ts'

async function add({ io, args, flags }: Context): Promise<void> {
  const [name = '', url = ''] = args
  if (name.includes('/'))
    throw new HelmError(`repository name (${name}) contains '/', please specify a different name without '/'`)
  const known = await repositories(io)
  const old = known.find((one) => one.name === name)
  if (old && !flags.is('force-update')) {
    if (old.url !== url) throw new HelmError(`repository name (${name}) already exists, please specify a different name`)
    return io.out(`"${name}" already exists with the same configuration, skipping\n`)
  }
  chartsOf(url)
  await saveRepositories([...known.filter((one) => one !== old), { name, url }], io)
  io.out(`"${name}" has been added to your repositories\n`)
}

async function list({ io, flags }: Context): Promise<void> {
  const format = formatOf(flags.text('output'))
  const known = await repositories(io)
  if (known.length === 0 && format === 'table') throw new HelmError('no repositories to show')
  write(io, format, known, () => tableOf([['NAME', 'URL'], ...known.map(({ name, url }) => [name, url])]))
}

async function remove({ io, args }: Context): Promise<void> {
  let known = await repositories(io)
  if (known.length === 0) throw new HelmError('no repositories configured')
  for (const name of args) {
    if (!known.some((one) => one.name === name)) throw new HelmError(`no repo named ${JSON.stringify(name)} found`)
    known = known.filter((one) => one.name !== name)
    await saveRepositories(known, io)
    io.out(`"${name}" has been removed from your repositories\n`)
  }
}

async function update({ io, args }: Context): Promise<void> {
  const known = await repositories(io)
  if (known.length === 0) throw new HelmError('no repositories found. You must add one before updating')
  for (const name of args)
    if (!known.some((one) => one.name === name))
      throw new HelmError(`no repositories found matching '${name}'.  Nothing will be updated`)
  io.out('Hang tight while we grab the latest from your chart repositories...\n')
  for (const { name, url } of known) {
    if (args.length > 0 && !args.includes(name)) continue
    chartsOf(url)
    io.out(`...Successfully got an update from the "${name}" chart repository\n`)
  }
  io.out('Update Complete. ⎈Happy Helming!⎈\n')
}

export const repoCommand = command({
  name: 'repo',
  short: 'add, list, remove, update, and index chart repositories',
  args: 'none',
  subcommands: [
    {
      name: 'add',
      usage: '[NAME] [URL]',
      short: 'add a chart repository',
      flags: [
        bool('force-update', 'replace (overwrite) the repo if it already exists'),
        bool('no-update', 'Ignored. Formerly, it would disabled forced updates.'),
      ],
      args: { exactly: 2 },
      run: add,
    },
    { name: 'list', aliases: ['ls'], short: 'list chart repositories', flags: [OUTPUT], args: 'none', run: list },
    {
      name: 'remove',
      aliases: ['rm'],
      usage: '[REPO1 [REPO2 ...]]',
      short: 'remove one or more chart repositories',
      args: { atLeast: 1 },
      run: remove,
    },
    {
      name: 'update',
      aliases: ['up'],
      usage: '[REPO1 [REPO2 ...]]',
      short: 'update information of available charts locally from chart repositories',
      run: update,
    },
  ],
})

async function search({ io, args, flags }: Context): Promise<void> {
  const format = formatOf(flags.text('output'))
  const known = await repositories(io)
  if (known.length === 0) throw new HelmError('no repositories configured')
  const word = args.join(' ').toLowerCase()
  const range = flags.text('version') ? parseRange(flags.text('version')) : null
  const rows = known.flatMap(({ name: repository, url }) => {
    const charts = chartsOf(url)
      .filter(({ metadata: { version } }) => !range || range(parseVersion(version) as never))
      .sort((a, b) =>
        a.metadata.name < b.metadata.name
          ? -1
          : a.metadata.name > b.metadata.name
            ? 1
            : compareVersions(parseVersion(b.metadata.version) as never, parseVersion(a.metadata.version) as never),
      )
    return charts
      .filter(
        (chart, i) => flags.is('versions') || charts.findIndex((other) => other.metadata.name === chart.metadata.name) === i,
      )
      .map(({ metadata }) => ({
        name: `${repository}/${metadata.name}`,
        version: metadata.version,
        app_version: String(metadata.appVersion ?? ''),
        description: metadata.description ?? '',
        text: [repository, metadata.name, metadata.description, ...(metadata.keywords ?? [])].join(' ').toLowerCase(),
      }))
  })
  const found = rows.filter((row) => row.text.includes(word)).map(({ text: _, ...row }) => row)
  const cut = (text: string): string => (text.length > 50 ? `${text.slice(0, 47)}...` : text)
  write(io, format, found, () =>
    found.length === 0
      ? 'No results found\n'
      : tableOf([
          ['NAME', 'CHART VERSION', 'APP VERSION', 'DESCRIPTION'],
          ...found.map((row) => [row.name, row.version, row.app_version, cut(row.description)]),
        ]),
  )
}

export const searchCommand = command({
  name: 'search',
  short: 'search for a keyword in charts',
  args: 'none',
  subcommands: [
    {
      name: 'repo',
      usage: '[keyword]',
      short: 'search repositories for a keyword in charts',
      flags: [
        OUTPUT,
        bool('versions', 'show the long listing, with each version of each chart on its own line', 'l'),
        bool('devel', 'use development versions (alpha, beta, and release candidate releases), too'),
        text('version', 'search using semantic versioning constraints'),
      ],
      run: search,
    },
    {
      name: 'hub',
      usage: '[KEYWORD]',
      short: 'search for charts in the Artifact Hub or your own hub instance',
      flags: [OUTPUT],
      async run() {
        throw new HelmError('unable to perform search against "https://hub.helm.sh": this helm reaches no other servers')
      },
    },
  ],
})
