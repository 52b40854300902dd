/** `--cascade`: what becomes of what an object owns; as a boolean it is deprecated, and said so. */
import { type Context, KubectlError } from './command.ts'

export type Propagation = 'Background' | 'Foreground' | 'Orphan'

const POLICIES: Record<string, Propagation> = { background: 'Background', foreground: 'Foreground', orphan: 'Orphan' }
const [YES, NO] = [/^(1|t|T|TRUE|true|True)$/, /^(0|f|F|FALSE|false|False)$/]

const meant = (value: string): string => (YES.test(value) ? 'background' : NO.test(value) ? 'orphan' : value)

/** Whether it can be followed (parseCascadingFlag): asked once, before anything is done. */
export function checkCascade({ flags, io }: Context): void {
  const value = flags.text('cascade')
  const word = meant(value)
  if (!Object.hasOwn(POLICIES, word))
    throw new KubectlError(`invalid cascade value (${value}). Must be "background", "foreground", or "orphan"`)
  if (word !== value)
    io.err(`warning: --cascade=${value} is deprecated (boolean value) and can be replaced with --cascade=${word}.\n`)
}

/** As the API has it. */
export const propagationOf = ({ flags }: Context): Propagation => POLICIES[meant(flags.text('cascade'))] ?? 'Background'
