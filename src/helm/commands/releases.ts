/** helm uninstall, rollback, test: what is done with a release that is there. */
import { runHooks } from '../actions/hooks.ts'
import { rollback } from '../actions/rollback.ts'
import { checkName, session } from '../actions/session.ts'
import { uninstall } from '../actions/uninstall.ts'
import { command } from '../command.ts'
import { bool, TIMEOUT, text } from '../flags.ts'
import { HelmError } from '../io.ts'
import { statusText } from '../output.ts'

export const uninstallCommand = command({
  name: 'uninstall',
  aliases: ['del', 'delete', 'un'],
  usage: 'RELEASE_NAME [...]',
  short: 'uninstall a release',
  flags: [
    TIMEOUT,
    bool('dry-run', 'simulate a uninstall'),
    bool('no-hooks', 'prevent hooks from running during uninstallation'),
    bool('ignore-not-found', 'Treat "release not found" as a successful uninstall'),
    bool('keep-history', 'remove all associated resources and mark the release as deleted, but retain the release history'),
    bool('wait', 'if set, will wait until all the resources are deleted before returning'),
    { name: 'cascade', type: 'string', default: 'background', help: 'Must be "background", "orphan", or "foreground"' },
    text('description', 'add a custom description'),
  ],
  args: { atLeast: 1 },
  async run(context) {
    const { io, flags, args } = context
    const cascade = flags.text('cascade')
    if (!['background', 'foreground', 'orphan'].includes(cascade))
      throw new HelmError(`invalid cascade value (${cascade}). Must be "background", "foreground", or "orphan"`)
    for (const name of args) {
      const work = session(context)
      if (flags.is('dry-run')) await work.releases.last(name)
      const told = flags.is('dry-run') ? '' : await uninstall(work, name, { keepHistory: flags.is('keep-history') })
      if (told) io.out(`${told}\n`)
      io.out(`release "${name}" uninstalled\n`)
    }
  },
})

export const rollbackCommand = command({
  name: 'rollback',
  usage: '<RELEASE> [REVISION]',
  short: 'roll back a release to a previous revision',
  flags: [
    TIMEOUT,
    bool('dry-run', 'simulate a rollback'),
    bool('force', 'force resource update through delete/recreate if needed'),
    bool('no-hooks', 'prevent hooks from running during rollback'),
    bool('wait', 'if set, will wait until all resources are in a ready state'),
    bool('wait-for-jobs', 'if set and --wait enabled, will wait until all Jobs have been completed'),
    bool('cleanup-on-fail', 'allow deletion of new resources created in this rollback when rollback fails'),
    { name: 'history-max', type: 'int', default: '10', help: 'limit the maximum number of revisions saved per release' },
  ],
  args: { atLeast: 1 },
  async run(context) {
    const { io, flags, args } = context
    const [name = '', revision = '0'] = args
    if (!/^[+-]?\d+$/.test(revision))
      throw new HelmError(
        `could not convert revision to a number: strconv.Atoi: parsing ${JSON.stringify(revision)}: invalid syntax`,
      )
    await rollback(session(context), name, { version: Number(revision), wait: flags.is('wait') })
    io.out('Rollback was a success! Happy Helming!\n')
  },
})

export const testCommand = command({
  name: 'test',
  usage: '[RELEASE]',
  short: 'run tests for a release',
  flags: [
    TIMEOUT,
    bool('logs', 'dump the logs from test pods'),
    { name: 'filter', type: 'strings', help: 'specify tests by attribute (currently "name") using attribute=value syntax' },
    bool('hide-notes', 'if set, do not show notes in test output'),
  ],
  args: { exactly: 1 },
  async run(context) {
    const { io, flags, args, client } = context
    const [name = ''] = args
    const work = session(context)
    try {
      checkName(name)
    } catch {
      throw new HelmError(`releaseTest: Release name is invalid: ${name}`)
    }
    const release = await work.releases.last(name)
    const all = release.hooks
    const filters = flags.all('filter')
    const only = filters.filter((one) => one.startsWith('name=')).map((one) => one.slice(5))
    const not = filters.filter((one) => /^!\s?name=/.test(one)).map((one) => one.replace(/^!\s?name=/, ''))
    release.hooks = all.filter((hook) => !not.includes(hook.name) && (only.length === 0 || only.includes(hook.name)))
    const chosen = release.hooks
    let failure: Error | null = null
    await runHooks(work, release, 'test').catch((error: Error) => {
      failure = error
    })
    release.hooks = [...all.filter((hook) => !chosen.includes(hook)), ...chosen]
    await work.releases.update(release)
    io.out(statusText(release, { hideNotes: flags.is('hide-notes') }))
    if (flags.is('logs')) {
      const pods = await client.discovery.find('pods')
      io.out('\n')
      for (const hook of chosen) {
        if (!pods || !hook.events.includes('test')) continue
        const log = await client.send('GET', client.path(pods, release.namespace, hook.name, 'log'))
        if (log.status >= 400)
          throw new HelmError(
            `unable to get pod logs for ${hook.name}: ${(log.body as { message?: string })?.message ?? log.body}`,
          )
        io.out(`POD LOGS: ${hook.name}\n${log.body}\n`)
      }
    }
    if (failure) throw failure
  },
})
