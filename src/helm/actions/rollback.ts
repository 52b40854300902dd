/** Goes back to an earlier revision of a release, as a new revision (helm's action/rollback). */
import { deleteAll, updateAll } from '../cluster/change.ts'
import { build, marked } from '../cluster/objects.ts'
import { waitReady } from '../cluster/wait.ts'
import { HelmError } from '../io.ts'
import type { Release } from '../release/release.ts'
import { timestamp } from '../release/time.ts'
import { record, runHooks } from './hooks.ts'
import { checkName, type Session } from './session.ts'

export interface RollbackOptions {
  /** 0: the one before the newest. */
  version: number
  wait: boolean
}

export async function rollback(session: Session, name: string, { version, wait }: RollbackOptions): Promise<void> {
  const { releases, flags, io } = session
  releases.maxHistory = flags.has('history-max') ? flags.int('history-max') : 10
  try {
    checkName(name)
  } catch {
    throw new HelmError(`prepareRollback: Release name is invalid: ${name}`)
  }
  if (version < 0) throw new HelmError('invalid release revision')
  const history = await releases.history(name)
  const current = history.at(-1) as Release
  const wanted = version === 0 ? current.version - 1 : version
  const previous = history.find((one) => one.version === wanted)
  if (!previous) throw new HelmError(`release has no ${wanted} version`)
  const target: Release = {
    ...previous,
    name,
    namespace: current.namespace,
    version: current.version + 1,
    hooks: previous.hooks.map((hook) => ({ ...hook })),
    info: {
      first_deployed: current.info.first_deployed,
      last_deployed: timestamp(io.now()),
      deleted: '',
      status: 'pending-rollback',
      notes: previous.info.notes,
      description: `Rollback to ${wanted}`,
    },
  }
  if (flags.is('dry-run') && flags.has('dry-run') && flags.text('dry-run') === 'true') return
  await releases.create(target)
  await perform(session, current, target, wait)
  await releases.update(target)
}

async function perform(session: Session, current: Release, target: Release, wait: boolean): Promise<void> {
  const { client, io, flags, timeoutMs, releases } = session
  const before = await build(client, current.manifest, current.namespace)
  const after = (await build(client, target.manifest, target.namespace)).map((one) => marked(one, target.name, target.namespace))
  if (!flags.is('no-hooks')) await runHooks(session, target, 'pre-rollback')
  try {
    await updateAll(client, before, after, flags.is('force'))
  } catch (error) {
    current.info.status = 'superseded'
    target.info.status = 'failed'
    target.info.description = `Rollback ${JSON.stringify(target.name)} failed: ${(error as Error).message}`
    await record(session, current)
    await record(session, target)
    if (flags.is('cleanup-on-fail')) await deleteAll(client, [])
    throw error
  }
  if (wait) {
    try {
      await waitReady({ client, io, timeoutMs }, after, flags.is('wait-for-jobs'))
    } catch (error) {
      target.info.status = 'failed'
      target.info.description = `Release ${JSON.stringify(target.name)} failed: ${(error as Error).message}`
      await record(session, current)
      await record(session, target)
      throw new HelmError(`release ${target.name} failed: ${(error as Error).message}`)
    }
  }
  if (!flags.is('no-hooks')) await runHooks(session, target, 'post-rollback')
  for (const one of await releases.deployedAll(current.name)) {
    one.info.status = 'superseded'
    await record(session, one)
  }
  target.info.status = 'deployed'
}
