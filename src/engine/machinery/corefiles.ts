/** Corefiles: whether CoreDNS takes one. What it makes of it comes with the rest of the engine (network/corefile.ts). */
import { later } from '../sim/later.ts'

/** What is wrong with a Corefile, after its path; empty: nothing. */
export const corefileCheck = later<(text: string) => string>('Corefiles')

let check: ((text: string) => string) | null = null
corefileCheck.when((given) => {
  check = given
})

/** As long as nobody can read them, none is wrong. */
export const wrongInCorefile = (text: string): string => check?.(text) ?? ''
