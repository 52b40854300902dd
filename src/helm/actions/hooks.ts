/** Runs a release's hooks of one event, by weight and name, and cleans up after them (helm's action/hooks). */

import { createAll, deleteAll } from '../cluster/change.ts'
import { build, type Target } from '../cluster/objects.ts'
import { waitDone, waitGone } from '../cluster/wait.ts'
import { HelmError } from '../io.ts'
import type { Hook, Release } from '../release/release.ts'
import { timestamp } from '../release/time.ts'
import type { Session } from './session.ts'

export async function runHooks(session: Session, release: Release, event: string): Promise<void> {
  const hooks = release.hooks
    .filter((hook) => hook.events.includes(event))
    .sort((a, b) => a.weight - b.weight || (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const done: Hook[] = []
  for (const hook of hooks) {
    if (hook.delete_policies.length === 0) hook.delete_policies = ['before-hook-creation']
    await clean(session, release, hook, 'before-hook-creation')
    await run(session, release, hook, event, done)
    done.push(hook)
  }
  for (const hook of done.reverse()) {
    await tellLogs(session, release, hook, 'hook-succeeded')
    await clean(session, release, hook, 'hook-succeeded')
  }
}

async function run(session: Session, release: Release, hook: Hook, event: string, done: Hook[]): Promise<void> {
  const { client, io, timeoutMs } = session
  let targets: Target[]
  try {
    targets = await build(client, hook.manifest, release.namespace)
  } catch (error) {
    throw new HelmError(`unable to build kubernetes object for ${event} hook ${hook.path}: ${(error as Error).message}`)
  }
  hook.last_run = { started_at: timestamp(io.now()), phase: 'Running' }
  await record(session, release)
  hook.last_run.phase = 'Unknown'
  const ended = (phase: string): void => {
    hook.last_run = { ...hook.last_run, completed_at: timestamp(io.now()), phase }
  }
  try {
    await createAll(client, targets)
  } catch (error) {
    ended('Failed')
    throw new HelmError(`warning: Hook ${event} ${hook.path} failed: ${(error as Error).message}`)
  }
  try {
    await waitDone({ client, io, timeoutMs }, targets)
    ended('Succeeded')
  } catch (error) {
    ended('Failed')
    await tellLogs(session, release, hook, 'hook-failed')
    await clean(session, release, hook, 'hook-failed')
    for (const one of done) await clean(session, release, one, 'hook-succeeded')
    throw error
  }
}

/** A release that can't be recorded is no reason to stop. */
export async function record({ releases, warn }: Session, release: Release): Promise<void> {
  try {
    await releases.update(release)
  } catch (error) {
    warn(`warning: Failed to update release ${release.name}: ${(error as Error).message}`)
  }
}

async function clean({ client, io, timeoutMs }: Session, release: Release, hook: Hook, policy: string): Promise<void> {
  if (hook.kind === 'CustomResourceDefinition' || !hook.delete_policies.includes(policy)) return
  const targets = await build(client, hook.manifest, release.namespace)
  const errors = await deleteAll(client, targets)
  if (errors.length > 0) throw new HelmError(errors.join('; '))
  await waitGone({ client, io, timeoutMs }, targets)
}

/** `helm.sh/hook-output-log-policy`: the logs of the hook's Pods. */
async function tellLogs({ client, io }: Session, release: Release, hook: Hook, policy: string): Promise<void> {
  if (!hook.output_log_policies.includes(policy)) return
  const pods = await client.discovery.find('pods')
  if (!pods) return
  const selector =
    hook.kind === 'Job' ? { labelSelector: `job-name=${hook.name}` } : { fieldSelector: `metadata.name=${hook.name}` }
  const { items } = await client.list(pods, release.namespace, selector)
  for (const pod of items) {
    for (const { name } of pod['spec'].containers as { name: string }[]) {
      const log = await client.send('GET', client.path(pods, release.namespace, pod.metadata.name, 'log', { container: name }))
      io.err(`${log.body}`)
    }
  }
}
