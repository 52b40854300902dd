/** helm lint: examines a chart for possible issues. */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import { prepared, RenderError, renderChart } from '../actions/session.ts'
import type { Metadata } from '../chart/chart.ts'
import { loadChart } from '../chart/load.ts'
import { parseVersion } from '../chart/semver.ts'
import { type Context, command } from '../command.ts'
import { bool, text, VALUES } from '../flags.ts'
import { exists, HelmError } from '../io.ts'
import { assumed, kubeVersion } from '../render/capabilities.ts'
import { splitManifests } from '../render/manifests.ts'
import { givenValues } from '../values/options.ts'

interface Message {
  severity: 'INFO' | 'WARNING' | 'ERROR'
  path: string
  text: string
}

export const lintCommand = command({
  name: 'lint',
  usage: 'PATH',
  short: 'examine a chart for possible issues',
  flags: [
    ...VALUES,
    bool('strict', 'fail on lint warnings'),
    bool('quiet', 'print only warnings and errors'),
    bool('with-subcharts', 'lint dependent charts'),
    bool('skip-schema-validation', 'if set, disables JSON schema validation'),
    text('kube-version', 'Kubernetes version used for capabilities and deprecation checks'),
  ],
  async run(context) {
    const { io, flags } = context
    const paths = context.args.length > 0 ? context.args : ['.']
    const quiet = flags.is('quiet')
    let [failures, troubled, out] = [0, 0, '']
    for (const path of paths) {
      const { messages, broken } = await lint(context, path)
      const serious = messages.filter((one) => one.severity === 'ERROR' || (flags.is('strict') && one.severity === 'WARNING'))
      const worth = messages.some((one) => one.severity !== 'INFO') || broken !== ''
      if (serious.length > 0 || broken) failures += 1
      if (worth) troubled += 1
      if (quiet && !worth) continue
      out += `==> Linting ${path}\n`
      if (broken) out += `Error ${broken}\n`
      for (const one of messages) if (!quiet || one.severity !== 'INFO') out += `[${one.severity}] ${one.path}: ${one.text}\n`
      out += '\n'
    }
    io.out(out)
    const summary = `${paths.length} chart(s) linted, ${failures} chart(s) failed`
    if (failures > 0) throw new HelmError(summary)
    if (!quiet || troubled > 0) io.out(`${summary}\n`)
  },
})

async function lint(context: Context, path: string): Promise<{ messages: Message[]; broken: string }> {
  const { io } = context
  const isArchive = /\.(tgz|tar\.gz)$/.test(path)
  if (!isArchive && !(await exists(io, `${path}/Chart.yaml`)))
    return {
      messages: [],
      broken: `unable to check Chart.yaml file in chart: stat ${path}/Chart.yaml: no such file or directory`,
    }
  const messages: Message[] = []
  const add = (severity: Message['severity'], where: string, what: string): void =>
    void messages.push({ severity, path: where, text: what })
  if (!isArchive) {
    checkChartYaml(await io.read(`${path}/Chart.yaml`), add)
    if (!(await exists(io, `${path}/values.yaml`))) add('INFO', 'values.yaml', 'file does not exist')
    if ((await io.list(`${path}/templates`)) === null) add('WARNING', 'templates/', 'directory not found')
  }
  await checkTemplates(context, path, add)
  return { messages, broken: '' }
}

type Add = (severity: Message['severity'], path: string, text: string) => void

function checkChartYaml(source: string, add: Add): void {
  const error = (what: string): void => add('ERROR', 'Chart.yaml', what)
  let metadata: Metadata
  try {
    metadata = (parseYaml(source).value ?? {}) as Metadata
  } catch (problem) {
    return error(`unable to parse YAML\n\terror converting YAML to JSON: ${(problem as Error).message}`)
  }
  const { name, apiVersion, version, appVersion, icon, type, maintainers, sources, dependencies } = metadata
  if (!name) error('name is required')
  else if (name !== name.split('/').at(-1)) error(`chart name ${JSON.stringify(name)} is invalid`)
  if (!apiVersion) error('apiVersion is required. The value must be either "v1" or "v2"')
  else if (apiVersion !== 'v1' && apiVersion !== 'v2')
    error(`apiVersion '${apiVersion}' is not valid. The value must be either "v1" or "v2"`)
  if (version !== undefined && typeof version !== 'string') error(`version should be of type string but it's of type float64`)
  if (!version) error('version is required')
  else if (!parseVersion(String(version))) error(`version '${version}' is not a valid SemVer`)
  if (appVersion !== undefined && typeof appVersion !== 'string')
    error("appVersion should be of type string but it's of type float64")
  for (const one of maintainers ?? []) {
    if (!one?.name) error('each maintainer requires a name')
    else if (one.email && !/^\S+@\S+$/.test(one.email)) error(`invalid email '${one.email}' for maintainer '${one.name}'`)
    else if (one.url && !/^https?:\/\/\S+$/.test(one.url)) error(`invalid url '${one.url}' for maintainer '${one.name}'`)
  }
  for (const source of sources ?? []) if (!/^https?:\/\/\S+$/.test(source)) error(`invalid source URL '${source}'`)
  if (!icon) add('INFO', 'Chart.yaml', 'icon is recommended')
  else if (!/^(https?:\/\/|data:)\S+$/.test(icon)) error(`invalid icon URL '${icon}'`)
  if (type && apiVersion !== 'v2') error(`chart type is not valid in apiVersion '${apiVersion}'. It is valid in apiVersion 'v2'`)
  if (dependencies && apiVersion !== 'v2')
    error(`dependencies are not valid in the Chart file with apiVersion '${apiVersion}'. They are valid in apiVersion 'v2'`)
}

async function checkTemplates(context: Context, path: string, add: Add): Promise<void> {
  const { io, flags, warn } = context
  try {
    const chart = prepared(await loadChart(io, path), await givenValues(flags, io), warn)
    const capabilities = assumed()
    if (flags.has('kube-version')) capabilities.kubeVersion = kubeVersion(flags.text('kube-version'))
    const facts = { name: 'test-release', namespace: context.namespace, revision: 1, isUpgrade: false }
    for (const { name, data } of chart.templates) {
      if (!/\.(ya?ml|tpl|txt)$/.test(name))
        add(
          'ERROR',
          name,
          `file extension '${/\.[^.]*$/.exec(name)?.[0] ?? ''}' not valid. Valid extensions are .yaml, .yml, .tpl, or .txt`,
        )
      if (data.includes('.Release.Time'))
        add('ERROR', name, '.Release.Time has been removed in v3, please replace with the `now` function in your templates')
    }
    const rendered = await renderChart(chart, await givenValues(flags, io), facts, { io, flags, capabilities, warn })
    for (const document of splitManifests(rendered.manifest)) checkObject(document, add)
    for (const dependency of chart.metadata.dependencies ?? [])
      if (!chart.dependencies.some((one) => one.metadata.name === dependency.name))
        add('WARNING', path, `chart directory is missing these dependencies: ${dependency.name}`)
  } catch (error) {
    if (!(error instanceof HelmError)) throw error
    add('ERROR', error instanceof RenderError || error.message.startsWith('values don') ? 'templates/' : path, error.message)
  }
}

const NAME = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

function checkObject(document: string, add: Add): void {
  const file = /# Source: [^/]+\/(.+)/.exec(document)?.[1] ?? 'templates/'
  try {
    const { kind, metadata, spec } = (parseYaml(document).value ?? {}) as {
      kind?: string
      metadata?: { name?: string }
      spec?: any
    }
    const name = metadata?.name ?? ''
    if (kind && !kind.endsWith('List') && !NAME.test(name) && !/Role/.test(kind))
      add(
        'WARNING',
        file,
        `object name does not conform to Kubernetes naming requirements: ${JSON.stringify(name)}: metadata.name: Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`,
      )
    if (
      ['Deployment', 'ReplicaSet', 'DaemonSet', 'StatefulSet'].includes(kind ?? '') &&
      !spec?.selector?.matchLabels &&
      !spec?.selector?.matchExpressions
    )
      add('ERROR', file, `a ${kind} must contain matchLabels or matchExpressions, and ${JSON.stringify(name)} does not`)
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    add('ERROR', file, `unable to parse YAML: error converting YAML to JSON: ${error.message}`)
  }
}
