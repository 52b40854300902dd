/** `kubectl wait`: for a condition, a value, creation or deletion of one or many objects. */
import type { AnyObject } from '#api/meta.ts'
import { isNotFound } from '#api/status.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { pathValues } from '../print/json-path.ts'
import { printerFor } from '../print/output.ts'
import { each, together } from '../report.ts'
import { eachFound, type Found, lookedFor, NOTHING_GIVEN, shownName, targetsOf } from '../targets.ts'
import { watchUntil } from '../watching.ts'

type Wish = { kind: 'create' } | { kind: 'delete' } | { kind: 'met'; met(object: AnyObject): boolean }

const WEEK_MS = 168 * 3_600_000
const POLL_MS = 500

export const wait = command({
  name: 'wait',
  completes: 'resources',
  async run(context) {
    const { flags, io } = context
    const wishes = flags.all('for').map(wishOf)
    if (wishes.length === 0) throw new KubectlError('unrecognized condition: []')
    if (context.args.length === 0 && !flags.has('filename')) throw new KubectlError(NOTHING_GIVEN)
    const asked = flags.ms('timeout')
    const until = io.now() + (asked < 0 ? WEEK_MS : asked)
    if (wishes.some((wish) => wish.kind === 'create')) await untilCreated(context, until)
    const isDelete = wishes.some((wish) => wish.kind === 'delete')
    const visit = async (one: Found): Promise<void> => {
      for (const wish of wishes) await fulfil(context, one, wish, until)
    }
    if (isDelete) await eachPresent(context, (found) => each(context, found, visit))
    else {
      await checkNamed(context)
      if ((await eachFound(context, {}, visit)) === 0) throw new KubectlError('no matching resources found')
    }
    return 0
  },
})

function wishOf(text: string): Wish {
  const lower = text.toLowerCase()
  if (lower === 'create' || lower === 'delete') return { kind: lower }
  if (text.startsWith('condition=')) {
    const [name = '', ...value] = text.slice('condition='.length).split('=')
    return { kind: 'met', met: (object) => hasCondition(object, name, value.length > 0 ? value.join('=') : 'true') }
  }
  if (text.startsWith('jsonpath=')) return jsonPathWish(text.slice('jsonpath='.length))
  throw new KubectlError(`unrecognized condition: ${JSON.stringify(text)}`)
}

/** A condition of an older generation does not count. */
function hasCondition({ metadata, status }: AnyObject, name: string, value: string): boolean {
  const condition = ((status?.conditions ?? []) as AnyObject[]).find(
    (c) => String(c['type']).toLowerCase() === name.toLowerCase(),
  )
  if (!condition) return false
  const observed = condition['observedGeneration'] ?? status?.observedGeneration
  if (metadata.generation !== undefined && observed !== undefined && observed < metadata.generation) return false
  return String(condition['status']).toLowerCase() === value.toLowerCase()
}

/** Split at single `=`; doubled ones belong to the expression. */
function jsonPathWish(input: string): Wish {
  const parts = input
    .replaceAll('==', '\0')
    .split('=')
    .map((part) => part.replaceAll('\0', '=='))
  if (parts.length > 2) {
    throw new KubectlError(
      "jsonpath wait format must be --for=jsonpath='{.status.readyReplicas}'=3 or --for=jsonpath='{.status.readyReplicas}'",
    )
  }
  const [path = '', given] = parts
  if (path === '') throw new KubectlError('jsonpath expression cannot be empty')
  const wanted = given?.replace(/^['"]+|['"]+$/g, '')
  if (wanted === '')
    throw new KubectlError("jsonpath wait has to have a value after equal sign, like --for=jsonpath='{.status.readyReplicas}'=3")
  pathValues(path, {})
  return {
    kind: 'met',
    met(object) {
      const values = pathValues(path, object)
      if (values.length === 0) return false
      if (values.length > 1) throw new KubectlError('given jsonpath expression matches more than one value')
      if (wanted === undefined) return true
      if (typeof values[0] === 'object' && values[0] !== null)
        throw new KubectlError('jsonpath leads to a nested object or list which is not supported')
      return String(values[0]).trim() === wanted.trim()
    },
  }
}

/** One after the other is looked for; what has gone by the time it is its turn is not told of. */
async function eachPresent(context: Context, visit: (found: Found[]) => Promise<void>): Promise<void> {
  const { flags, args } = context
  if (args.length === 0 && !flags.has('filename')) return
  for (const target of flags.has('filename') ? [undefined] : await targetsOf(context)) {
    const words = target
      ? target.names.length > 0
        ? target.names.map((name) => [`${target.word}/${name}`])
        : [[target.word]]
      : [[]]
    for (const one of words) {
      const looked = await lookedFor(context, one, {})
      const wrong = looked.filter((each) => each instanceof Error).filter((error) => !isNotFound(error))
      const found = looked.filter((each): each is Found => !(each instanceof Error))
      if (wrong.length > 0 && found.length === 0) throw together(wrong)
      context.late.push(...wrong)
      await visit(found)
    }
  }
}

async function checkNamed(context: Context): Promise<void> {
  const { flags } = context
  const given = await (flags.has('filename') ? [] : targetsOf(context))
  const nothing =
    given.length > 0 &&
    given.every((t) => t.names.length === 0) &&
    !flags.has('selector') &&
    !flags.has('field-selector') &&
    !flags.is('all')
  if (nothing) throw new KubectlError('resource(s) were provided, but no name was specified')
}

async function untilCreated(context: Context, until: number): Promise<void> {
  for (;;) {
    const looked = await lookedFor(context, context.args, {})
    const [first, ...more] = looked.filter((one) => one instanceof Error)
    if (first && (more.length > 0 || !isNotFound(first))) throw together([first, ...more])
    if (!first && looked.length > 0) return
    if (context.io.now() >= until || context.io.signal.aborted) throw new KubectlError('timed out waiting for the condition')
    await context.io.sleep(Math.min(POLL_MS, until - context.io.now()))
  }
}

async function fulfil(context: Context, one: Found, wish: Wish, until: number): Promise<void> {
  const { flags, io } = context
  const { info, name, object } = one
  if (!name) throw new KubectlError('resource name must be provided')
  let last: AnyObject = object
  const see = (current: AnyObject | undefined): boolean => {
    if (current) last = current
    if (wish.kind === 'create') return true
    if (wish.kind === 'delete') return current === undefined || current.metadata.uid !== object.metadata.uid
    return current !== undefined && wish.met(current)
  }
  // The time is one for all: whose turn comes when it is over is not looked at.
  const over = flags.ms('timeout') > 0 && io.now() >= until
  const outcome = wish.kind === 'create' ? 'seen' : over ? 'late' : await watchUntil(context, one, until, see)
  if (outcome !== 'seen') {
    throw new KubectlError(
      flags.ms('timeout') === 0
        ? `condition not met for ${info.plural}/${name}`
        : `timed out waiting for the condition on ${info.plural}/${name}`,
    )
  }
  const printer = printerFor(flags)
  const named = shownName(info, name)
  io.out(printer ? printer(last, named) : `${named} condition met\n`)
}
