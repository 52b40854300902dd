/** helm create, package, show, pull, dependency: what is done with charts. */
import { parseYaml } from '#api/go-yaml/read.ts'
import { toYaml } from '#api/yaml.ts'
import { pack } from '../chart/archive.ts'
import { type Chart, crdsOf, type Metadata } from '../chart/chart.ts'
import { loadChart } from '../chart/load.ts'
import { locate } from '../chart/locate.ts'
import { chartFromRepository, chartsOf, repositories } from '../chart/repository.ts'
import { scaffold } from '../chart/scaffold.ts'
import { isInRange } from '../chart/semver.ts'
import { type Command, type Context, command } from '../command.ts'
import { bool, CHART, text } from '../flags.ts'
import { exists, HelmError, type HelmIo } from '../io.ts'
import { tableOf } from '../output.ts'
import { plain } from '../values/plain.ts'

export const createCommand = command({
  name: 'create',
  usage: 'NAME',
  short: 'create a new chart with the given name',
  flags: [text('starter', 'the name or absolute path to Helm starter scaffold', 'p')],
  args: { exactly: 1 },
  async run({ io, args, flags, warn }) {
    const [path = ''] = args
    if (flags.has('starter')) throw new HelmError('--starter is not supported here: there are no starters')
    const name = path.split('/').at(-1) as string
    if (!/^[a-zA-Z0-9._-]+$/.test(name)) throw new HelmError('chart name must match the regular expression "^[a-zA-Z0-9._-]+$"')
    io.out(`Creating ${path}\n`)
    for (const file of scaffold(name)) {
      if (await exists(io, `${path}/${file.name}`)) warn(`WARNING: File "${path}/${file.name}" already exists. Overwriting.`)
      await io.write(`${path}/${file.name}`, file.data)
    }
  },
})

export const packageCommand = command({
  name: 'package',
  usage: '[CHART_PATH] [...]',
  short: 'package a chart directory into a chart archive',
  flags: [
    text('destination', 'location to write the chart.', 'd'),
    text('version', 'set the version on the chart to this semver version'),
    text('app-version', 'set the appVersion on the chart to this version'),
    bool('dependency-update', 'update dependencies from "Chart.yaml" to dir "charts/" before packaging', 'u'),
    bool('sign', 'use a PGP private key to sign this package'),
  ],
  async run({ io, args, flags }) {
    if (args.length === 0) throw new HelmError('need at least one argument, the path to the chart')
    if (flags.is('sign')) throw new HelmError('--sign is not supported here: there are no keys')
    for (const path of args) {
      const chart = await loadChart(io, path)
      const metadata = { ...chart.metadata }
      if (flags.has('version')) metadata.version = flags.text('version')
      if (flags.has('app-version')) metadata.appVersion = flags.text('app-version')
      const { name, version } = metadata
      const files = chart.raw.map((file) => (file.name === 'Chart.yaml' ? { ...file, data: toYaml(metadata) } : file))
      const file = `${flags.text('destination').replace(/\/$/, '') || '.'}/${name}-${version}.tgz`
      await io.write(file.replace(/^\.\//, ''), pack(name, files))
      io.out(`Successfully packaged chart and saved it to: ${file}\n`)
    }
  },
})

const readme = (chart: Chart): string => chart.files.find(({ name }) => /^readme(\.md|\.txt)?$/i.test(name))?.data ?? ''
const values = (chart: Chart): string => chart.raw.find(({ name }) => name === 'values.yaml')?.data ?? ''
const crds = (chart: Chart): string =>
  crdsOf(chart)
    .map(({ data }) => `---\n${data}\n`)
    .join('')

const show = (name: string, short: string, of: (chart: Chart) => string): Command => ({
  name,
  usage: '[CHART]',
  short,
  flags: CHART,
  args: { exactly: 1 },
  async run({ io, args, flags }) {
    io.out(of(await locate(args[0] as string, flags, io)))
  },
})

export const showCommand = command({
  name: 'show',
  aliases: ['inspect'],
  short: 'show information of a chart',
  args: 'none',
  subcommands: [
    show('all', 'show all information of the chart', (chart) => {
      const parts = [`---\n${values(chart)}\n`, readme(chart) && `---\n${readme(chart)}\n`, crds(chart)]
      return toYaml(plain(chart.metadata)) + (chart.raw.some(({ name }) => name === 'values.yaml') ? '\n' : '') + parts.join('')
    }),
    show('chart', "show the chart's definition", (chart) => `${toYaml(plain(chart.metadata))}\n`),
    show('crds', "show the chart's CRDs", crds),
    show('readme', "show the chart's README", (chart) => readme(chart) && `${readme(chart)}\n`),
    show('values', "show the chart's values", (chart) => `${values(chart)}\n`),
  ],
})

export const pullCommand = command({
  name: 'pull',
  aliases: ['fetch'],
  usage: '[chart URL | repo/chartname] [...]',
  short: 'download a chart from a repository and (optionally) unpack it in local directory',
  flags: [
    ...CHART,
    bool('untar', 'if set to true, will untar the chart after downloading it'),
    text('untardir', 'if untar is specified, this flag specifies the name of the directory into which the chart is expanded'),
    text('destination', 'location to write the chart.', 'd'),
  ],
  args: { atLeast: 1 },
  async run({ io, args, flags }) {
    for (const word of args) {
      const chart = await locate(word, flags, io)
      const { name, version } = chart.metadata
      const folder = flags.text('destination') || flags.text('untardir')
      const inside = (file: string): string => (folder ? `${folder.replace(/\/$/, '')}/${file}` : file)
      if (!flags.is('untar')) await io.write(inside(`${name}-${version}.tgz`), pack(name, chart.raw))
      else for (const file of chart.raw) await io.write(inside(`${name}/${file.name}`), file.data)
    }
  },
})

async function dependenciesOf(io: HelmIo, path: string): Promise<NonNullable<Metadata['dependencies']>> {
  let text: string
  try {
    text = await io.read(`${path}/Chart.yaml`)
  } catch {
    throw new HelmError(`error in "${path}": Chart.yaml file is missing`)
  }
  return ((parseYaml(text).value as Metadata | null)?.dependencies ?? []) as NonNullable<Metadata['dependencies']>
}

async function listDependencies({ io, args, warn }: Context): Promise<void> {
  const path = args[0] ?? '.'
  const wanted = await dependenciesOf(io, path)
  if (wanted.length === 0) return warn(`WARNING: no dependencies at ${path}/charts`)
  const chart = await loadChart(io, path)
  const row = (one: (typeof wanted)[number]): string[] => {
    const found = chart.dependencies.find((each) => each.metadata.name === one.name)
    const status = !found ? 'missing' : isInRange(one.version ?? '', found.metadata.version) ? 'unpacked' : 'wrong version'
    return [one.name, one.version ?? '', one.repository ?? '', status]
  }
  io.out(`${tableOf([['NAME', 'VERSION', 'REPOSITORY', 'STATUS'], ...wanted.map(row)])}\n`)
}

async function fetchDependencies({ io, args }: Context): Promise<void> {
  const path = (args[0] ?? '.').replace(/\/$/, '')
  const wanted = await dependenciesOf(io, path)
  const known = await repositories(io)
  const remote = wanted.filter((one) => one.repository)
  for (const one of remote) {
    const url = one.repository as string
    if (url.startsWith('file://')) {
      const chart = await loadChart(io, `${path}/${url.slice('file://'.length)}`)
      await io.write(`${path}/charts/${one.name}-${chart.metadata.version}.tgz`, pack(one.name, chart.raw))
      continue
    }
    const repository =
      url.startsWith('@') || url.startsWith('alias:')
        ? (known.find(({ name }) => name === url.replace(/^(@|alias:)/, ''))?.url ?? url)
        : url
    chartsOf(repository)
    const chart = await chartFromRepository(repository, one.name, one.version ?? '', io)
    io.out(`Downloading ${one.name} from repo ${repository}\n`)
    await io.write(`${path}/charts/${one.name}-${chart.metadata.version}.tgz`, pack(one.name, chart.raw))
  }
  io.out(`Saving ${remote.length} charts\n`)
}

export const dependencyCommand = command({
  name: 'dependency',
  aliases: ['dep', 'dependencies'],
  short: "manage a chart's dependencies",
  args: 'none',
  subcommands: [
    {
      name: 'list',
      aliases: ['ls'],
      usage: 'CHART',
      short: 'list the dependencies for the given chart',
      args: { atMost: 1 },
      run: listDependencies,
    },
    {
      name: 'update',
      aliases: ['up'],
      usage: 'CHART',
      short: 'update charts/ based on the contents of Chart.yaml',
      args: { atMost: 1 },
      run: fetchDependencies,
    },
    {
      name: 'build',
      usage: 'CHART',
      short: 'rebuild the charts/ directory based on the Chart.lock file',
      args: { atMost: 1 },
      run: fetchDependencies,
    },
  ],
})
