/** Installs a chart as a new release (helm's action/install). */
import { type Chart, crdsOf, type Values } from '../chart/chart.ts'
import { createAll, updateAll } from '../cluster/change.ts'
import { adopted, build, marked, type Target } from '../cluster/objects.ts'
import { waitReady } from '../cluster/wait.ts'
import { HelmError } from '../io.ts'
import type { Release } from '../release/release.ts'
import { timestamp } from '../release/time.ts'
import { assumed, type Capabilities, kubeVersion } from '../render/capabilities.ts'
import { record, runHooks } from './hooks.ts'
import { capabilities, checkName, prepared, RenderError, renderChart, type Session } from './session.ts'
import { uninstall } from './uninstall.ts'

export interface InstallOptions {
  /** Without any cluster: `helm template`. */
  clientOnly?: boolean
  includeCrds?: boolean
  /** `helm template --is-upgrade`. */
  isUpgrade?: boolean
}

/** A release that came to nothing, with what there is of it. */
export class InstallFailed extends HelmError {
  readonly release: Release | null
  constructor(message: string, release: Release | null) {
    super(message)
    this.release = release
  }
}

export const isDryRun = ({ flags }: Pick<Session, 'flags'>): boolean => {
  const how = flags.text('dry-run')
  if (!['none', 'client', 'server', 'true', 'false', ''].includes(how))
    throw new HelmError('invalid dry-run flag. Flag must one of the following: false, true, none, client, server')
  return how === 'client' || how === 'server' || how === 'true'
}

export async function install(
  session: Session,
  name: string,
  chart: Chart,
  given: Values,
  options: InstallOptions = {},
): Promise<Release> {
  const { flags, io, namespace } = session
  const dry = options.clientOnly === true || isDryRun(session)
  try {
    checkName(name)
  } catch (error) {
    throw new HelmError(`release name ${JSON.stringify(name)}: ${(error as Error).message}`)
  }
  if (!dry && flags.is('hide-secret')) throw new HelmError('Hiding Kubernetes secrets requires a dry-run mode')
  if (!dry) await checkFree(session, name)
  const own = prepared(chart, given, session.warn)
  if (!options.clientOnly && !flags.is('skip-crds') && !dry) await installCrds(session, own)
  const caps = options.clientOnly ? offline(session) : await capabilities(session.client)
  const now = timestamp(io.now())
  const release: Release = {
    name,
    namespace,
    chart: own,
    config: given,
    version: 1,
    manifest: '',
    hooks: [],
    labels: labelsOf(flags.all('labels')),
    info: { first_deployed: now, last_deployed: now, deleted: '', description: '', status: 'unknown', notes: '' },
  }
  const asksCluster = !options.clientOnly && (!dry || flags.text('dry-run') === 'server')
  await fill(session, release, caps, asksCluster, options)
  release.info.status = 'pending-install'
  release.info.description = 'Initial install underway'
  if (options.clientOnly) return { ...release, info: { ...release.info, description: 'Dry run complete' } }
  return put(session, release, dry)
}

async function fill(
  session: Session,
  release: Release,
  caps: Capabilities,
  asksCluster: boolean,
  options: InstallOptions,
): Promise<void> {
  const { flags, io } = session
  const facts = { name: release.name, namespace: release.namespace, revision: 1, isUpgrade: options.isUpgrade ?? false }
  try {
    const rendered = await renderChart(release.chart, release.config, facts, {
      io,
      flags,
      capabilities: caps,
      warn: session.warn,
      ...(asksCluster ? { client: session.client } : {}),
      ...(options.includeCrds ? { includeCrds: true } : {}),
    })
    release.manifest = rendered.manifest
    release.hooks = rendered.hooks
    release.info.notes = rendered.notes
  } catch (error) {
    if (error instanceof RenderError) throw new InstallFailed(error.message, release)
    throw error
  }
}

function offline({ flags }: Session): Capabilities {
  const caps = assumed()
  return {
    kubeVersion: flags.text('kube-version') ? kubeVersion(flags.text('kube-version')) : caps.kubeVersion,
    apiVersions: [...caps.apiVersions, ...flags.all('api-versions')],
  }
}

/** `--labels a=b,c=d`. */
export function labelsOf(given: readonly string[]): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const one of given) {
    const at = one.indexOf('=')
    if (at < 0)
      throw new HelmError(
        `invalid argument ${JSON.stringify(one)} for "-l, --labels" flag: ${one} must be formatted as key=value`,
      )
    labels[one.slice(0, at)] = one.slice(at + 1)
  }
  const reserved = ['name', 'owner', 'status', 'version', 'createdAt', 'modifiedAt']
  if (Object.keys(labels).some((key) => reserved.includes(key)))
    throw new HelmError(`user supplied labels contains system reserved label name. System labels: [${reserved.join(' ')}]`)
  return labels
}

async function checkFree({ releases, flags }: Session, name: string): Promise<void> {
  const known = await releases.history(name).catch(() => [])
  const last = known.at(-1)
  if (!last) return
  if (flags.is('replace') && (last.info.status === 'uninstalled' || last.info.status === 'failed')) return
  throw new HelmError('cannot re-use a name that is still in use')
}

async function installCrds(session: Session, chart: Chart): Promise<void> {
  const { client, io, timeoutMs, namespace } = session
  for (const { name, data } of crdsOf(chart)) {
    let targets: Target[]
    try {
      targets = await build(client, data, namespace)
    } catch (error) {
      throw new HelmError(`failed to install CRD ${name}: ${(error as Error).message}`)
    }
    const fresh: Target[] = []
    for (const target of targets) if (!(await client.find(target.info, target.namespace, target.name))) fresh.push(target)
    await createAll(client, fresh).catch((error: Error) => {
      throw new HelmError(`failed to install CRD ${name}: ${error.message}`)
    })
    await waitReady({ client, io, timeoutMs: Math.min(timeoutMs || 60_000, 60_000) }, targets, false)
  }
  client.discovery.refresh()
}

async function put(session: Session, release: Release, dry: boolean): Promise<Release> {
  const { client, flags, releases } = session
  let targets: Target[]
  try {
    targets = await build(client, release.manifest, release.namespace)
  } catch (error) {
    throw new HelmError(`unable to build kubernetes objects from release manifest: ${(error as Error).message}`)
  }
  targets = targets.map((target) => marked(target, release.name, release.namespace))
  let taken: Target[]
  try {
    taken = await adopted(client, targets, release.name, release.namespace, flags.is('take-ownership'))
  } catch (error) {
    throw new HelmError(`Unable to continue with install: ${(error as Error).message}`)
  }
  if (dry) {
    release.info.description = 'Dry run complete'
    return release
  }
  if (flags.is('create-namespace')) await createNamespace(session)
  if (flags.is('replace')) await supersedeOld(session, release)
  await releases.create(release)
  try {
    await perform(session, release, targets, taken)
  } catch (error) {
    throw await failed(session, release, error as Error)
  }
  return release
}

async function createNamespace({ client, namespace }: Session): Promise<void> {
  const info = await client.discovery.find('namespaces')
  if (!info || (await client.find(info, '', namespace))) return
  const metadata = { name: namespace, labels: { name: namespace } }
  await client.create(info, '', { apiVersion: 'v1', kind: 'Namespace', metadata }, { fieldManager: 'helm' })
}

async function supersedeOld({ releases }: Session, release: Release): Promise<void> {
  const known = await releases.history(release.name).catch(() => [])
  const last = known.at(-1)
  if (!last) return
  release.version = last.version + 1
  last.info.status = 'superseded'
  await releases.update(last)
}

async function perform(session: Session, release: Release, targets: Target[], taken: Target[]): Promise<void> {
  const { client, io, flags, timeoutMs, releases } = session
  const hooks = async (event: string): Promise<void> => {
    if (flags.is('no-hooks')) return
    await runHooks(session, release, event).catch((error: Error) => {
      throw new HelmError(`failed ${event}: ${error.message}`)
    })
  }
  await hooks('pre-install')
  if (taken.length > 0) await updateAll(client, taken, targets, flags.is('force'))
  else await createAll(client, targets)
  if (flags.is('wait') || flags.is('atomic')) await waitReady({ client, io, timeoutMs }, targets, flags.is('wait-for-jobs'))
  await hooks('post-install')
  release.info.status = 'deployed'
  release.info.description = flags.text('description') || 'Install complete'
  await releases.update(release)
}

async function failed(session: Session, release: Release, error: Error): Promise<HelmError> {
  release.info.status = 'failed'
  release.info.description = `Release ${JSON.stringify(release.name)} failed: ${error.message}`
  if (!session.flags.is('atomic')) {
    await record(session, release)
    return new InstallFailed(error.message, release)
  }
  try {
    await uninstall(session, release.name, { keepHistory: false })
  } catch (other) {
    return new HelmError(
      `an error occurred while uninstalling the release. original install error: ${error.message}: ${(other as Error).message}`,
    )
  }
  return new HelmError(`release ${release.name} failed, and has been uninstalled due to atomic being set: ${error.message}`)
}
