/** Takes a release out of the cluster (helm's action/uninstall). */
import { deleteAll } from '../cluster/change.ts'
import { build } from '../cluster/objects.ts'
import { waitGone } from '../cluster/wait.ts'
import { HelmError } from '../io.ts'
import type { Release } from '../release/release.ts'
import { timestamp } from '../release/time.ts'
import { sortManifests } from '../render/manifests.ts'
import { record, runHooks } from './hooks.ts'
import { checkName, type Session } from './session.ts'

/** What helm tells of resources that stay; empty when none does. Null: there was nothing to uninstall, and that is allowed. */
export async function uninstall(
  session: Session,
  name: string,
  { keepHistory }: { keepHistory: boolean },
): Promise<string | null> {
  const { releases, flags, io } = session
  try {
    checkName(name)
  } catch {
    throw new HelmError(`uninstall: Release name is invalid: ${name}`)
  }
  let history: Release[]
  try {
    history = await releases.history(name)
  } catch (error) {
    if (flags.is('ignore-not-found')) return null
    throw new HelmError(`uninstall: Release not loaded: ${name}: ${(error as Error).message}`)
  }
  const release = history.at(-1) as Release
  if (release.info.status === 'uninstalled') {
    if (keepHistory) throw new HelmError(`the release named ${JSON.stringify(name)} is already deleted`)
    for (const one of history) await releases.delete(one)
    return ''
  }
  release.info.status = 'uninstalling'
  release.info.deleted = timestamp(io.now())
  release.info.description = 'Deletion in progress (or silently failed)'
  const errors: string[] = []
  if (!flags.is('no-hooks')) await runHooks(session, release, 'pre-delete')
  await record(session, release)
  const kept = await remove(session, release, errors)
  if (!flags.is('no-hooks')) await runHooks(session, release, 'post-delete').catch((error: Error) => errors.push(error.message))
  release.info.status = 'uninstalled'
  release.info.description = flags.text('description') || 'Uninstallation complete'
  if (keepHistory) {
    await record(session, release)
    for (const one of await releases.deployedAll(name)) {
      one.info.status = 'superseded'
      await record(session, one)
    }
  } else for (const one of history) await releases.delete(one)
  if (errors.length > 0) throw new HelmError(`uninstallation completed with ${errors.length} error(s): ${errors.join('; ')}`)
  return kept
}

async function remove({ client, io, flags, timeoutMs, warn }: Session, release: Release, errors: string[]): Promise<string> {
  const { manifests } = sortManifests(new Map([['manifest', release.manifest]]), warn, true)
  const isKept = (annotations: Record<string, string>): boolean =>
    annotations['helm.sh/resource-policy']?.trim().toLowerCase() === 'keep'
  const kept = manifests.filter(({ annotations }) => isKept(annotations))
  const gone = manifests.filter(({ annotations }) => !isKept(annotations))
  const targets = await build(client, gone.map(({ content }) => `\n---\n${content}`).join(''), release.namespace)
  const policies: Record<string, string> = { orphan: 'Orphan', foreground: 'Foreground', background: 'Background' }
  const failures = await deleteAll(client, targets, policies[flags.text('cascade')] ?? 'Background')
  if (failures.length > 0) throw new HelmError(`failed to delete release: ${release.name}`)
  if (flags.is('wait')) await waitGone({ client, io, timeoutMs }, targets).catch((error: Error) => errors.push(error.message))
  if (kept.length === 0) return ''
  return `These resources were kept due to the resource policy:\n${kept.map(({ kind, name }) => `[${kind}] ${name}\n`).join('')}`
}
