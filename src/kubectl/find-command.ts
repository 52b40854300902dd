/** Which command a line means: names may stand between flags, as cobra finds them. */
import { childOf, type Entry, flagsOf } from './catalogue/index.ts'

export interface FoundCommand {
  entry: Entry
  /** The words without the command's names. */
  words: string[]
}

export function findCommand(root: Entry, words: readonly string[]): FoundCommand {
  let entry = root
  let rest = [...words]
  for (;;) {
    const at = firstWord(entry, rest)
    const next = at < 0 ? undefined : childOf(entry, rest[at] as string)
    if (!next) return { entry, words: rest }
    rest = [...rest.slice(0, at), ...rest.slice(at + 1)]
    entry = next
  }
}

/** The words that are neither flags nor flags' values. */
export function plainWords(entry: Entry, words: readonly string[]): string[] {
  const plain: string[] = []
  for (let rest = [...words]; ; ) {
    const at = firstWord(entry, rest)
    if (at < 0) return plain
    plain.push(rest[at] as string)
    rest = rest.slice(at + 1)
  }
}

/** The place of the first word that is no flag and no flag's value; -1 when there is none. */
function firstWord(entry: Entry, words: readonly string[]): number {
  const flags = flagsOf(entry)
  const byLetter = new Map([...flags.values()].map((flag) => [flag.short, flag]))
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word === '--') return -1
    const long = word.startsWith('--')
    if (long && !word.includes('=') && !flags.get(word.slice(2))?.alone) i += 1
    else if (!long && /^-[^=]$/.test(word) && !byLetter.get(word.slice(1))?.alone) i += 1
    else if (word !== '' && !word.startsWith('-')) return i
  }
  return -1
}

/** Commands of nearly this name, as cobra offers them: in the order in which they were added. */
export function suggestion(root: Entry, word: string): string {
  const typed = word.toLowerCase()
  const near = root.children
    .toSorted((a, b) => placeOf(a) - placeOf(b))
    .filter(
      ({ name, hidden }) =>
        !hidden &&
        name !== 'help' &&
        (distance(typed, name.toLowerCase()) <= 2 || name.toLowerCase().startsWith(typed) || MEANT[typed] === name),
    )
  return near.length > 0 ? `\n\nDid you mean this?\n${near.map(({ name }) => `\t${name}\n`).join('')}` : ''
}

/** Words of other tools for a command. */
const MEANT: Record<string, string> = {
  list: 'get',
  ls: 'get',
  inspect: 'describe',
  rm: 'delete',
  remove: 'delete',
  stats: 'top',
}

/** Commands in the order in which kubectl makes them. */
const MADE =
  'create expose run set explain get edit delete rollout scale autoscale certificate cluster-info top cordon uncordon drain taint describe logs attach exec port-forward proxy cp auth debug events diff apply patch replace wait kustomize label annotate completion alpha config plugin version api-versions api-resources options kuberc'.split(
    ' ',
  )
const placeOf = ({ parent, name }: Entry): number => (parent?.parent ? 0 : MADE.indexOf(name))

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, change))
    }
    row = next
  }
  return row[b.length] as number
}
