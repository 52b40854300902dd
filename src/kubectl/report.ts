/** Several objects in one command: one that is refused does not keep the others from being done. */
import { ApiError } from '#api/status.ts'
import { plainServerError, withSource } from '#client/server-error.ts'
import { unvalidated, validates } from './client-validation.ts'
import { type Context, KubectlError } from './command.ts'
import { Unreachable } from './error.ts'
import { logHead } from './klog.ts'

/** Whether somebody did something wrong, and not we. */
export const isRefusal = (error: unknown): error is ApiError | KubectlError =>
  error instanceof ApiError || error instanceof KubectlError

/** Does the work for each; refusals wait for the command's end (cli-runtime's ContinueOnError). */
export async function each<T>({ late }: Context, items: readonly T[], work: (item: T) => Promise<unknown>): Promise<void> {
  for (const item of items) {
    try {
      await work(item)
    } catch (error) {
      if (!isRefusal(error)) throw error
      late.push(error)
    }
  }
}

/** Several refusals as one: each a line, without `error: ` in front (cmdutil.MultipleErrors). */
export function together(errors: readonly Error[]): Error {
  const [first] = errors
  if (errors.length === 1 && first) return first
  return new KubectlError(errors.map(plainly).join('\n'), 1, true)
}

const plainly = (error: Error): string => (error instanceof ApiError ? plainServerError(error) : error.message)

/** Several mistakes of reading are one error where others are told as well: in brackets (an Aggregate within another). */
export function besides(unread: readonly Error[], others: boolean): Error[] {
  if (!others || unread.length < 2) return [...unread]
  return [new KubectlError(`[${[...new Set(unread.map(({ message }) => message))].join(', ')}]`)]
}

/** Some commands tell even a single error as one of several: without `error: `. */
export const bareError = (error: Error): Error =>
  error instanceof KubectlError && !error.bare ? new KubectlError(error.message, error.status, true) : error

/** As it would be told beside others. */
export const oneOfSeveral = (error: Error): Error => new KubectlError(plainly(error), 1, true)

interface Item {
  object: { kind: string; metadata: { name: string } }
  source: string
}

/**
 * What was refused of the objects comes before what could not be read of the files. `apply` reads all first: beside refusals,
 * several mistakes of reading are one error, told in brackets (an Aggregate within another).
 */
export function tell({ late }: Context, own: readonly Error[], readFirst = false): void {
  if (!readFirst) return void late.splice(0, late.length, ...own, ...besides(late, own.length > 0))
  const unread = new Set(late.map(({ message }) => message))
  const told = unread.size > 1 ? `[${[...unread].join(', ')}]` : [...unread].join('')
  if (late.length > 1 && own.length > 0) late.splice(0, late.length, new KubectlError(told))
  late.push(...own)
}

const worded = new WeakSet<Error>()

/** A refusal that says already what was being done. */
export function asWorded(error: ApiError | Unreachable, message: string): Error {
  const told = error instanceof ApiError ? new ApiError({ ...error.status, message }) : new KubectlError(message)
  worded.add(told)
  return told
}

/** With what was being done, and of which file. */
export function toldOf(error: ApiError | KubectlError, source: string | undefined, verb: string): Error {
  if (source === undefined || verb === '' || worded.has(error)) return error
  if (error instanceof Unreachable) return new KubectlError(`error when ${verb} ${JSON.stringify(source)}: ${error.dialled()}`)
  if (!(error instanceof ApiError)) return error
  return withSource(error, source, verb)
}

/** Does the work for each; refusals are told at the end, with what was being done (or without). Status 1 when there was one. */
export async function reportErrors<T extends Item>(
  context: Context,
  items: T[],
  work: (item: T) => Promise<void>,
  verb = 'creating',
  readFirst = false,
): Promise<number> {
  const own: Error[] = []
  for (const item of items) {
    try {
      await work(item)
    } catch (error) {
      if (!isRefusal(error)) throw error
      if (error instanceof Unreachable && validates(context)) throw unvalidated(error, item.source)
      own.push(toldOf(error, item.source, verb))
    }
  }
  tell(context, own, readFirst)
  return own.length > 0 ? 1 : 0
}

/** At level 4, the whole Status of each answer that is an error (StandardErrorMessage); what is invalid is told otherwise, and alone. */
export function tellWhole({ flags, io }: Context, errors: readonly unknown[]): void {
  if (flags.int('v') < 4) return
  for (const error of errors)
    if (error instanceof ApiError && !(errors.length === 1 && error.status.reason === 'Invalid'))
      io.err(`${logHead('I', 'helpers.go:246', io.now())} server response object: %s[${JSON.stringify(error.status, null, 2)}]\n`)
}
