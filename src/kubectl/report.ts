/** Several objects in one command: one that is refused does not keep the others from being done. */
import { ApiError } from '#api/status.ts'
import { type Context, KubectlError } from './command.ts'
import { serverError, serverErrorFor } from './server-error.ts'

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
  const lines = errors.map((error) => (error instanceof ApiError ? serverError(error) : error.message))
  return new KubectlError(lines.join('\n'), 1, true)
}

interface Item {
  object: { kind: string; metadata: { name: string } }
  source: string
}

/** Does the work for each; refusals are printed as they come, with what was being done (or without). Status 1 when there was one. */
export async function reportErrors<T extends Item>(
  context: Context,
  items: T[],
  work: (item: T) => Promise<void>,
  verb = 'creating',
): Promise<number> {
  let status = 0
  for (const item of items) {
    try {
      await work(item)
    } catch (error) {
      if (error instanceof ApiError)
        context.io.err(`${verb === '' ? serverError(error) : serverErrorFor(error, item.source, verb)}\n`)
      else if (error instanceof KubectlError) context.io.err(`error: ${error.message}\n`)
      else throw error
      status = 1
    }
  }
  return status
}
