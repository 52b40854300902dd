/** `kubectl label` and `kubectl annotate`: the same work on two maps of the metadata. */
import type { AnyObject } from '#api/meta.ts'
import { type Command, type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, WRITE_FLAGS, writeQuery } from '../dry-run.ts'
import { FILE_FLAGS, findObjects, SELECTOR_FLAGS } from '../targets.ts'

interface Kind {
  name: 'label' | 'annotate'
  field: 'labels' | 'annotations'
  noun: 'label' | 'annotation'
  done: 'labeled' | 'annotated'
}

const words: Kind[] = [
  { name: 'label', field: 'labels', noun: 'label', done: 'labeled' },
  { name: 'annotate', field: 'annotations', noun: 'annotation', done: 'annotated' },
]

/** `key=value` sets, `key-` removes; what stands before them names the objects. */
function split(kind: Kind, args: readonly string[]): { targets: string[]; set: Record<string, string>; drop: string[] } {
  const isChange = (arg: string): boolean => arg.includes('=') || (arg.endsWith('-') && arg.length > 1)
  const at = args.findIndex(isChange)
  const targets = args.slice(0, at < 0 ? undefined : at)
  const set: Record<string, string> = {}
  const drop: string[] = []
  for (const arg of at < 0 ? [] : args.slice(at)) {
    if (!isChange(arg)) throw new KubectlError('all resources must be specified before ' + kind.noun + ' changes: ' + arg)
    const cut = arg.indexOf('=')
    if (cut >= 0) set[arg.slice(0, cut)] = arg.slice(cut + 1)
    else drop.push(arg.slice(0, -1))
  }
  const both = drop.find((key) => key in set)
  if (both) throw new KubectlError(`can not both modify and remove ${kind.noun === 'label' ? 'a label' : 'an annotation'} in the same command`)
  return { targets, set, drop }
}

function change(kind: Kind): Command {
  return command({
    name: kind.name,
    short: `Update the ${kind.field} on a resource`,
    usage: `${kind.name} [--overwrite] (-f FILENAME | TYPE NAME) KEY_1=VAL_1 ... KEY_N=VAL_N`,
    completes: 'resources',
    flags: [
      ...WRITE_FLAGS,
      ...FILE_FLAGS,
      ...SELECTOR_FLAGS,
      { name: 'overwrite', type: 'bool', help: `If true, allow ${kind.field} to be overwritten, otherwise reject ${kind.noun} updates that overwrite existing ones.` },
      { name: 'list', type: 'bool', help: `If true, display the ${kind.field} for a given resource.` },
      { name: 'all', type: 'bool', help: 'Select all resources, in the namespace of the specified resource types' },
      { name: 'resource-version', type: 'string', help: 'If non-empty, the update will only succeed if this is the current resource-version for the object.' },
    ],
    async run(context) {
      const { targets, set, drop } = split(kind, context.args)
      const list = context.flags.is('list')
      if (Object.keys(set).length + drop.length === 0 && !list) throw new KubectlError(`at least one ${kind.noun} update is required`)
      const found = await findObjects(context, targets)
      if (found.length === 0 && !context.flags.has('filename') && targets.length === 0) throw new KubectlError('one or more resources must be specified as <resource> <name> or <resource>/<name>')
      for (const { info, namespace, name, object } of found) {
        if (list) {
          for (const [key, value] of Object.entries(object.metadata[kind.field] ?? {}).sort()) context.io.out(`${key}=${value}\n`)
          continue
        }
        const { next, word } = changed(context, kind, object, set, drop)
        const patch = { metadata: { [kind.field]: { ...set, ...Object.fromEntries(drop.map((key) => [key, null])) } } }
        if (word !== `not ${kind.done}` && dryRunOf(context) !== 'client') {
          await context.client.patch(info, namespace, name, 'merge', patch, writeQuery(context, `kubectl-${kind.name}`))
        }
        printDone(context, info, next, word)
      }
      return 0
    },
  })
}

function changed({ flags, io }: Context, kind: Kind, object: AnyObject, set: Record<string, string>, drop: string[]): { next: AnyObject; word: string } {
  const was = object.metadata[kind.field] ?? {}
  const clash = Object.keys(set).find((key) => key in was && was[key] !== set[key])
  if (clash !== undefined && !flags.is('overwrite')) {
    const all = Object.keys(set).filter((key) => key in was && was[key] !== set[key])
    throw new KubectlError(all.map((key) => `'${key}' already has a value (${was[key]}), and --overwrite is false`).join('; '))
  }
  for (const key of drop) if (!(key in was)) io.out(`${kind.noun} ${JSON.stringify(key)} not found.\n`)
  const values: Record<string, string> = { ...was, ...set }
  for (const key of drop) delete values[key]
  const same = Object.keys({ ...was, ...values }).every((key) => was[key] === values[key])
  const onlyDrops = Object.keys(set).length === 0 && drop.length > 0
  const word = same ? `not ${kind.done}` : kind.name === 'label' && onlyDrops ? 'unlabeled' : kind.done
  return { next: { ...object, metadata: { ...object.metadata, [kind.field]: values } }, word: kind.name === 'annotate' ? kind.done : word }
}

export const [label, annotate] = words.map(change) as [Command, Command]

