/** Several objects in one command: one that is refused does not keep the others from being done. */
import { ApiError } from '#api/status.ts'
import { type Context, KubectlError } from './command.ts'
import { serverErrorFor } from './server-error.ts'

interface Item {
  object: { kind: string; metadata: { name: string } }
  source: string
}

/** Does the work for each; refusals are printed as they come. Status 1 when there was one. */
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
      if (error instanceof ApiError) context.io.err(`${serverErrorFor(error, item.source, verb)}\n`)
      else if (error instanceof KubectlError) context.io.err(`error: ${error.message}\n`)
      else throw error
      status = 1
    }
  }
  return status
}
