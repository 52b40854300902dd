/** `kubectl label` and `kubectl annotate`: the same work on two maps of the metadata. */
import type { AnyObject } from '#api/meta.ts'
import { isLabelValue } from '#api/names.ts'
import { type Command, type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, writeQuery } from '../dry-run.ts'
import { readManifests } from '../manifests.ts'
import { printAfresh } from '../print/output.ts'
import { causeOf } from '../record.ts'
import { each } from '../report.ts'
import { eachFound, type Found, impliesOne } from '../targets.ts'

interface Kind {
  name: 'label' | 'annotate'
  field: 'labels' | 'annotations'
  noun: 'label' | 'annotation'
}

const kinds: Kind[] = [
  { name: 'label', field: 'labels', noun: 'label' },
  { name: 'annotate', field: 'annotations', noun: 'annotation' },
]

interface Changes {
  set: Record<string, string>
  drop: string[]
}

/** `key=value` sets, `key-` removes; what stands before them names the objects. */
function split({ name, noun }: Kind, args: readonly string[]): { targets: string[]; changes: Changes } {
  const isChange = (arg: string): boolean => (arg.includes('=') && !arg.startsWith('=')) || (arg.endsWith('-') && arg !== '-')
  const at = args.findIndex(isChange)
  const changes: Changes = { set: {}, drop: [] }
  for (const arg of at < 0 ? [] : args.slice(at)) {
    if (!isChange(arg)) throw new KubectlError(`all resources must be specified before ${noun} changes: ${arg}`)
    const cut = arg.indexOf('=')
    if (cut < 0) {
      changes.drop.push(arg.slice(0, -1))
      continue
    }
    const value = arg.slice(cut + 1)
    if (name === 'label') checkLabel(arg, value)
    changes.set[arg.slice(0, cut)] = value
  }
  if (changes.drop.some((key) => key in changes.set)) {
    const both = changes.drop.filter((key) => key in changes.set).join(', ')
    throw new KubectlError(
      noun === 'label'
        ? 'can not both modify and remove a label in the same command'
        : `can not both modify and remove the following annotation(s) in the same command: ${both}`,
    )
  }
  return { targets: args.slice(0, at < 0 ? undefined : at), changes }
}

function checkLabel(spec: string, value: string): void {
  if (value.includes('=')) throw new KubectlError(`invalid label spec: ${spec}`)
  const problems = isLabelValue(value)
  if (problems.length > 0) throw new KubectlError(`invalid label value: ${JSON.stringify(spec)}: ${problems.join(';')}`)
}

function change(kind: Kind): Command {
  const { name, noun } = kind
  return command({
    name,
    completes: 'resources',
    async run(context) {
      const { flags } = context
      const { targets, changes } = split(kind, context.args)
      if (flags.is('all') && flags.has('selector')) throw new KubectlError('cannot set --all and --selector at the same time')
      if (flags.is('all') && flags.has('field-selector'))
        throw new KubectlError('cannot set --all and --field-selector at the same time')
      if (targets.length === 0 && !flags.has('filename')) {
        throw new KubectlError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
      }
      if (Object.keys(changes.set).length + changes.drop.length === 0 && !flags.is('list'))
        throw new KubectlError(`at least one ${noun} update is required`)
      const single = impliesOne(context, targets)
      if (!single && flags.has('resource-version'))
        throw new KubectlError('--resource-version may only be used with a single resource')
      const work = (one: Found): Promise<void> => changeOne(context, kind, one, changes, single)
      if (flags.is('local')) await each(context, await localObjects(context, targets), work)
      else await eachFound(context, {}, work, targets)
      return 0
    },
  })
}

async function localObjects(context: Context, targets: readonly string[]): Promise<Found[]> {
  if (targets.length > 0)
    throw new KubectlError('can only use local files by -f pod.yaml or --filename=pod.json when --local=true is set')
  return (await readManifests(context)).map(({ info, namespace, object }) => ({
    info,
    namespace,
    name: object.metadata.name,
    object,
  }))
}

async function changeOne(context: Context, kind: Kind, found: Found, changes: Changes, single: boolean): Promise<void> {
  const { client, flags, io } = context
  const { info, namespace, name, object } = found
  if (!name && !flags.is('local')) throw new KubectlError('resource name may not be empty')
  const was = object.metadata[kind.field] ?? {}
  if (!flags.is('overwrite')) checkOverwrite(kind, was, changes)
  const quiet = flags.is('list') || flags.is('local') || dryRunOf(context) === 'client'
  if (kind.name === 'label' && !quiet)
    for (const key of changes.drop) if (!(key in was)) io.out(`label ${JSON.stringify(key)} not found.\n`)
  const values: Record<string, string> = { ...was, ...changes.set }
  for (const key of changes.drop) delete values[key]
  const next: AnyObject = { ...object, metadata: { ...object.metadata, [kind.field]: values } }
  if (flags.is('list')) {
    if (!single) io.out(`Listing ${kind.field} for ${info.kind}.${info.group}/${name}:\n`)
    for (const [key, value] of Object.entries(values).sort()) io.out(`${single ? '' : ' '}${key}=${value}\n`)
    return
  }
  const word = kind.name === 'annotate' ? 'annotated' : labelWord(was, changes)
  let shown = next
  if (!quiet && word !== 'not labeled') {
    const version = flags.text('resource-version')
    const cause = causeOf(context)
    const metadata = {
      ...(Object.keys(cause).length > 0 ? { annotations: cause } : {}),
      [kind.field]: {
        ...changes.set,
        ...Object.fromEntries(changes.drop.map((key) => [key, null])),
        ...(kind.name === 'annotate' ? cause : {}),
      },
      ...(version ? { resourceVersion: version } : {}),
    }
    shown = await client.patch(info, namespace, name, 'merge', { metadata }, writeQuery(context, `kubectl-${kind.name}`))
  }
  if (kind.name === 'label') printAfresh(context.flags)
  printDone(context, info, shown, word)
}

/** The cause of a change may always be overwritten. */
const CHANGE_CAUSE = 'kubernetes.io/change-cause'

function checkOverwrite(kind: Kind, was: Record<string, string>, { set }: Changes): void {
  const guarded = kind.name === 'annotate' ? Object.keys(set).filter((key) => key !== CHANGE_CAUSE) : Object.keys(set)
  const clashes = guarded.filter((key) => key in was && was[key] !== set[key])
  if (clashes.length === 0) return
  const shown = clashes.map((key) => `'${key}' already has a value (${was[key]})`)
  if (kind.name === 'annotate')
    throw new KubectlError(`--overwrite is false but found the following declared annotation(s): ${shown.join('; ')}`)
  const each = shown.map((text) => `${text}, and --overwrite is false`)
  throw new KubectlError(each.join('\n'), 1, each.length > 1)
}

function labelWord(was: Record<string, string>, { set, drop }: Changes): string {
  const added = Object.keys(set).some((key) => was[key] !== set[key])
  const removed = drop.some((key) => key in was)
  return added && removed ? 'modified' : added ? 'labeled' : removed ? 'unlabeled' : 'not labeled'
}

export const [label, annotate] = kinds.map(change) as [Command, Command]
