/** `kubectl taint`: adds, overwrites and removes taints of nodes. */
import type { Node, Taint } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { isLabelValue, isQualifiedName } from '#api/names.ts'
import { sendChange } from '../change.ts'
import { type Context, command, KubectlError, usageError } from '../command.ts'
import { printDone } from '../dry-run.ts'
import { printAfresh } from '../print/output.ts'
import { each } from '../report.ts'
import { type Found, findObjects, resourceOf } from '../targets.ts'

interface Wanted {
  add: Taint[]
  remove: { key: string; effect: string }[]
}

export const taint = command({
  name: 'taint',
  completes: 'resources',
  async run(context) {
    const { resources, wanted } = split(context)
    await each(context, await nodes(context, resources), (found) => taintOne(context, found, wanted))
    return 0
  },
})

function split({ args }: Context): { resources: string[]; wanted: Wanted } {
  const isTaint = (word: string): boolean => /[=:]|-$/.test(word)
  const at = args.findIndex(isTaint)
  const resources = args.slice(0, at < 0 ? undefined : at)
  const words = at < 0 ? [] : args.slice(at)
  const stray = words.find((word) => !isTaint(word))
  if (stray !== undefined) throw new KubectlError(`all resources must be specified before taint changes: ${stray}`)
  if (resources.length === 0) throw new KubectlError('one or more resources must be specified as <resource> <name>')
  if (words.length === 0) throw new KubectlError('at least one taint update is required')
  const wanted: Wanted = { add: [], remove: [] }
  for (const word of words) {
    if (word.endsWith('-')) wanted.remove.push(parse(word.slice(0, -1)))
    else wanted.add.push(added(word, wanted.add))
  }
  const both = wanted.add.flatMap((a) => wanted.remove.filter((r) => r.key === a.key && (!r.effect || r.effect === a.effect)))
  if (both.length > 0) {
    const list = both.map((r) => `${r.key}=${r.effect}`).join(', ')
    throw new KubectlError(`can not both modify and remove the following taint(s) in the same command: ${list}`)
  }
  return { resources: [...resources], wanted }
}

const invalid = (message: string): KubectlError => usageError('taint', message)

function added(word: string, before: readonly Taint[]): Taint {
  const taint = parse(word)
  if (!taint.effect) throw invalid(`invalid taint spec: ${word}`)
  if (before.some((b) => b.key === taint.key && b.effect === taint.effect)) {
    throw invalid(`duplicated taints with the same key and effect: {${taint.key} ${taint.value ?? ''} ${taint.effect} <nil>}`)
  }
  return taint
}

/** `key=value:effect`, `key:effect` or `key`. */
function parse(word: string): Taint {
  const [front = '', effect = '', ...more] = word.split(':')
  if (more.length > 0) throw invalid(`invalid taint spec: ${word}`)
  if (word.includes(':') && !['NoSchedule', 'PreferNoSchedule', 'NoExecute'].includes(effect)) {
    throw invalid(`invalid taint effect: ${effect}, unsupported taint effect`)
  }
  const [key = '', value, ...rest] = word.includes(':') ? front.split('=') : [front]
  if (rest.length > 0) throw invalid(`invalid taint spec: ${word}`)
  const problems = [...(value ? isLabelValue(value) : []), ...isQualifiedName(key)]
  if (problems.length > 0) throw invalid(`invalid taint spec: ${word}, ${problems.join('; ')}`)
  return { key, effect, ...(value ? { value } : {}) }
}

async function nodes(context: Context, [type = '', ...names]: string[]): Promise<Found[]> {
  const { flags } = context
  const info = await resourceOf(context, type.toLowerCase())
  if (info.kind !== 'Node') throw new KubectlError(`invalid resource type ${type.toLowerCase()}, only node types are supported`)
  if (flags.is('all') && flags.has('selector'))
    throw new KubectlError("setting 'all' parameter with a non empty selector is prohibited")
  if (!flags.is('all') && !flags.has('selector') && names.length === 0) {
    throw new KubectlError("at least one resource name must be specified since 'all' parameter is not set")
  }
  return findObjects(context, ['nodes', ...(flags.is('all') || flags.has('selector') ? [] : names)])
}

async function taintOne(context: Context, found: Found, { add, remove }: Wanted): Promise<void> {
  const { spec, metadata } = found.object as unknown as Node
  const old = spec.taints ?? []
  const overwrite = context.flags.is('overwrite')
  const clash = add.filter((a) => old.some((o) => same(o, a))).map((a) => a.key)
  if (clash.length > 0 && !overwrite) {
    throw new KubectlError(
      `node ${metadata.name} already has ${clash.join(',')} taint(s) with same effect(s) and --overwrite is false`,
    )
  }
  const kept = [...add, ...old.filter((o) => !add.some((a) => same(o, a)))]
  const isAdded = kept.length !== old.length
  let taints = kept
  let removed = false
  for (const { key, effect } of remove) {
    const left = taints.filter((t) => t.key !== key || (effect !== '' && t.effect !== effect))
    removed = left.length !== taints.length
    if (!removed) throw new KubectlError(`taint ${JSON.stringify(effect ? `${key}:${effect}` : key)} not found`)
    taints = left
  }
  const word = (isAdded && removed) || overwrite ? 'modified' : isAdded ? 'tainted' : 'untainted'
  const { taints: _old, ...rest } = found.object['spec']
  const next = { ...found.object, spec: taints.length > 0 ? { ...rest, taints } : rest } as AnyObject
  printAfresh(context.flags)
  printDone(context, found.info, (await sendChange(context, found, next, 'kubectl-taint')) ?? found.object, word, false)
}

const same = (a: Taint, b: Taint): boolean => a.key === b.key && a.effect === b.effect
