/** Options as openssl reads them: one dash or two before a whole word, a value in the word after it. */

export interface Options {
  /** In the order they were given, repeated ones among them. */
  given: [name: string, value: string][]
  rest: string[]
  has(name: string): boolean
  /** The last one's. */
  value(name: string): string | undefined
  all(name: string): string[]
}

/** What is said instead of doing anything, with status 1. */
export class Wrong extends Error {}

/** `flags` and `values`: names by blanks; what else begins with a dash is unknown. */
export function readOptions(command: string, args: readonly string[], flags: string, values: string): Options {
  const [known, valued] = [flags.split(' '), values.split(' ')]
  const given: [string, string][] = []
  const wrong = (text: string): Wrong => new Wrong(`${command}: ${text}\n${command}: Use -help for summary.\n`)
  let at = 0
  for (; at < args.length; at++) {
    const word = args[at] as string
    if (!/^-./.test(word)) break
    const name = word.replace(/^--?/, '')
    if (known.includes(name)) given.push([name, ''])
    else if (valued.includes(name)) {
      const value = args[++at]
      if (value === undefined) throw wrong(`Option ${word} needs a value`)
      given.push([name, value])
    } else throw wrong(`Unknown option: ${word}`)
  }
  return {
    given,
    rest: args.slice(at),
    has: (name) => given.some(([each]) => each === name),
    value: (name) => given.findLast(([each]) => each === name)?.[1],
    all: (name) => given.flatMap(([each, value]) => (each === name ? [value] : [])),
  }
}

/** A whole number that is not negative. */
export function numberOf(command: string, text: string): number {
  if (/^\d+$/.test(text)) return Number(text)
  throw new Wrong(`${command}: Can't parse "${text}" as a number\n${command}: Use -help for summary.\n`)
}
