/** Named classes of characters: Perl's, POSIX's and Unicode's. */

export type CharTest = (code: number) => boolean

const between = (code: number, low: string, high: string): boolean => code >= low.charCodeAt(0) && code <= high.charCodeAt(0)
const digit: CharTest = (c) => between(c, '0', '9')
const lower: CharTest = (c) => between(c, 'a', 'z')
const upper: CharTest = (c) => between(c, 'A', 'Z')
const alpha: CharTest = (c) => lower(c) || upper(c)
const alnum: CharTest = (c) => alpha(c) || digit(c)
const graph: CharTest = (c) => c > 0x20 && c < 0x7f
export const isWord: CharTest = (c) => alnum(c) || c === 0x5f
const perlSpace: CharTest = (c) => c === 9 || c === 10 || c === 12 || c === 13 || c === 32
const not =
  (test: CharTest): CharTest =>
  (c) =>
    !test(c)

const PERL: Record<string, CharTest> = {
  d: digit,
  D: not(digit),
  w: isWord,
  W: not(isWord),
  s: perlSpace,
  S: not(perlSpace),
}

const POSIX: Record<string, CharTest> = {
  alnum,
  alpha,
  ascii: (c) => c < 0x80,
  blank: (c) => c === 9 || c === 32,
  cntrl: (c) => c < 0x20 || c === 0x7f,
  digit,
  graph,
  lower,
  print: (c) => c === 0x20 || graph(c),
  punct: (c) => graph(c) && !alnum(c),
  space: (c) => (c >= 9 && c <= 13) || c === 32,
  upper,
  word: isWord,
  xdigit: (c) => digit(c) || between(c, 'a', 'f') || between(c, 'A', 'F'),
}

export const perlClass = (letter: string): CharTest | null => (Object.hasOwn(PERL, letter) ? (PERL[letter] as CharTest) : null)
export const characterClass = (name: string): CharTest | null => (Object.hasOwn(POSIX, name) ? (POSIX[name] as CharTest) : null)

/** `L`, `Lu`, `Greek`, `Any`; null when there is no such class. */
export function unicodeClass(name: string): CharTest | null {
  if (name === 'Any') return () => true
  if (!/^\w+$/.test(name)) return null
  for (const property of [name, `Script=${name}`]) {
    try {
      const pattern = new RegExp(`^\\p{${property}}$`, 'u')
      return (c) => pattern.test(String.fromCodePoint(c))
    } catch {
      // Not a property by this name: tried as a script next.
    }
  }
  return null
}
