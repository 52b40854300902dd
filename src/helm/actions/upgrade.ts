/** Brings a release to another chart or other values (helm's action/upgrade). */
import type { Chart, Values } from '../chart/chart.ts'
import { deleteAll, updateAll } from '../cluster/change.ts'
import { adopted, build, keyOf, marked, type Target } from '../cluster/objects.ts'
import { waitReady } from '../cluster/wait.ts'
import { HelmError } from '../io.ts'
import { isPending, type Release } from '../release/release.ts'
import { noDeployed } from '../release/store.ts'
import { timestamp } from '../release/time.ts'
import { coalesceTables, coalesceValues, copied } from '../values/tables.ts'
import { record, runHooks } from './hooks.ts'
import { isDryRun, labelsOf } from './install.ts'
import { rollback } from './rollback.ts'
import { capabilities, checkName, prepared, renderChart, type Session } from './session.ts'

export async function upgrade(session: Session, name: string, chart: Chart, given: Values): Promise<Release> {
  const { releases, flags } = session
  try {
    checkName(name)
  } catch {
    throw new HelmError(`release name is invalid: ${name}`)
  }
  releases.maxHistory = flags.has('history-max') ? flags.int('history-max') : 10
  const { current, next } = await prepare(session, name, chart, given)
  return perform(session, current, next)
}

async function prepare(
  session: Session,
  name: string,
  chart: Chart,
  given: Values,
): Promise<{ current: Release; next: Release }> {
  const { releases, client, flags, io } = session
  const history = await releases.history(name).catch(() => [])
  const last = history.at(-1)
  if (!last) throw noDeployed(name)
  if (isPending(last.info.status)) throw new HelmError('another operation (install/upgrade/rollback) is in progress')
  const current = last.info.status === 'deployed' ? last : await lastDeployed(session, last)
  const values = reused(flags, chart, current, given)
  const own = prepared({ ...chart, values: values.chart }, values.given, session.warn)
  const caps = await capabilities(client)
  const asksCluster = !isDryRun(session) || flags.text('dry-run') === 'server'
  const facts = { name, namespace: current.namespace, revision: last.version + 1, isUpgrade: true }
  const rendered = await renderChart(own, values.given, facts, {
    io,
    flags,
    capabilities: caps,
    warn: session.warn,
    ...(asksCluster ? { client } : {}),
  })
  const labels = Object.entries({ ...last.labels, ...labelsOf(flags.all('labels')) }).filter(([, value]) => value !== 'null')
  const next: Release = {
    name,
    namespace: current.namespace,
    chart: own,
    config: values.given,
    version: last.version + 1,
    manifest: rendered.manifest,
    hooks: rendered.hooks,
    labels: Object.fromEntries(labels),
    info: {
      first_deployed: current.info.first_deployed,
      last_deployed: timestamp(io.now()),
      deleted: '',
      status: 'pending-upgrade',
      description: 'Preparing upgrade',
      notes: rendered.notes,
    },
  }
  await build(client, rendered.manifest, current.namespace)
  return { current, next }
}

async function lastDeployed({ releases }: Session, last: Release): Promise<Release> {
  const deployed = (await releases.deployedAll(last.name)).at(-1)
  if (deployed) return deployed
  if (last.info.status === 'failed' || last.info.status === 'superseded') return last
  throw noDeployed(last.name)
}

/** `--reuse-values` and its kin: what of the old values goes on to count. */
function reused(flags: Session['flags'], chart: Chart, current: Release, given: Values): { chart: Values; given: Values } {
  if (flags.is('reset-values')) return { chart: chart.values, given }
  if (flags.is('reuse-values')) {
    const old = coalesceValues(current.chart, current.config)
    return { chart: old, given: coalesceTables(given, copied(current.config)) }
  }
  if (flags.is('reset-then-reuse-values')) return { chart: chart.values, given: coalesceTables(given, copied(current.config)) }
  const none = Object.keys(given).length === 0 && Object.keys(current.config).length > 0
  return { chart: chart.values, given: none ? current.config : given }
}

async function perform(session: Session, current: Release, next: Release): Promise<Release> {
  const { client, flags, releases } = session
  const before = await build(client, current.manifest, current.namespace)
  const after = (await build(client, next.manifest, next.namespace)).map((one) => marked(one, next.name, next.namespace))
  const known = new Set(before.map(keyOf))
  const fresh = after.filter((one) => !known.has(keyOf(one)))
  let taken: Target[]
  try {
    taken = await adopted(client, fresh, next.name, next.namespace, flags.is('take-ownership'))
  } catch (error) {
    throw new HelmError(`Unable to continue with update: ${(error as Error).message}`)
  }
  if (isDryRun(session)) {
    next.info.description = flags.text('description') || 'Dry run complete'
    return next
  }
  await releases.create(next)
  const created: Target[] = []
  try {
    await change(session, current, next, [...before, ...taken], after, created)
  } catch (error) {
    throw await failed(session, next, created, error as Error)
  }
  await releases.update(next)
  return next
}

async function change(
  session: Session,
  current: Release,
  next: Release,
  before: Target[],
  after: Target[],
  created: Target[],
): Promise<void> {
  const { client, io, flags, timeoutMs } = session
  const hooks = async (event: string): Promise<void> => {
    if (flags.is('no-hooks')) return
    await runHooks(session, next, event).catch((error: Error) => {
      throw new HelmError(`${event} hooks failed: ${error.message}`)
    })
  }
  await hooks('pre-upgrade')
  try {
    created.push(...(await updateAll(client, before, after, flags.is('force'))).created)
    if (flags.is('wait') || flags.is('atomic')) await waitReady({ client, io, timeoutMs }, after, flags.is('wait-for-jobs'))
  } catch (error) {
    await record(session, current)
    throw error
  }
  await hooks('post-upgrade')
  current.info.status = 'superseded'
  await record(session, current)
  next.info.status = 'deployed'
  next.info.description = flags.text('description') || 'Upgrade complete'
}

async function failed(session: Session, next: Release, created: Target[], error: Error): Promise<HelmError> {
  const { client, flags, releases } = session
  next.info.status = 'failed'
  next.info.description = `Upgrade ${JSON.stringify(next.name)} failed: ${error.message}`
  await record(session, next)
  if (flags.is('cleanup-on-fail')) await deleteAll(client, created)
  if (!flags.is('atomic')) return new HelmError(error.message)
  const good = (await releases.history(next.name))
    .filter((one) => one.info.status === 'superseded' || one.info.status === 'deployed')
    .at(-1)
  if (!good)
    return new HelmError(
      `unable to find a previously successful release when attempting to rollback. original upgrade error: ${error.message}`,
    )
  try {
    await rollback(session, next.name, { version: good.version, wait: true })
  } catch (other) {
    return new HelmError(
      `an error occurred while rolling back the release. original upgrade error: ${error.message}: ${(other as Error).message}`,
    )
  }
  return new HelmError(`release ${next.name} failed, and has been rolled back due to atomic being set: ${error.message}`)
}
