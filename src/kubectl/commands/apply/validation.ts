/** `--validate` as the server's field validation. */
import { type Context, KubectlError } from '../../command.ts'

export function validationOf({ flags }: Context): 'Strict' | 'Warn' | 'Ignore' {
  const value = flags.text('validate')
  if (value === 'strict' || value === 'true') return 'Strict'
  if (value === 'warn') return 'Warn'
  if (value === 'ignore' || value === 'false') return 'Ignore'
  throw new KubectlError(
    `invalid - validate option ${JSON.stringify(value)}; must be one of: strict (or true), warn, ignore (or false)`,
  )
}
