/** What is kept of a learner's way: lessons done, and the run under way; in memory where storage is refused. */
import type { SavedRun } from './run.ts'

/** Where texts are kept; must not throw. */
export interface Shelf {
  get(key: string): string | null
  set(key: string, value: string): void
}

/** The lesson under way, and the seed of the cluster it belongs to. */
export interface Bookmark {
  lesson: string
  seed: string
  run?: SavedRun | undefined
  /** When an exam began, in ms of the wall's clock. */
  began?: number | undefined
  /** The step the reader was looking at. */
  shown?: number | undefined
  /** What the lesson came to, where it counts anything: it goes into links. */
  board?: Readonly<Record<string, string>> | undefined
}

export interface Guess {
  given: string
  right: string
}

export interface Progress {
  done(): ReadonlySet<string>
  finish(lesson: string): void
  /** What was guessed before it was seen, by `lesson/question`; the first guess is the one that counts. */
  guesses(): Readonly<Record<string, Guess>>
  guess(lesson: string, question: string, guess: Guess): void
  /** All of it as a file's text, to be taken to another browser. */
  exported(): string
  /** Adds what such a file holds; says what is wrong with it, and then changes nothing. */
  imported(text: string): { error?: string }
  bookmark(): Bookmark | null
  mark(bookmark: Bookmark | null): void
}

/** The first steps over the graph count as the first of the lessons. */
export const FIRST_STEPS = 'first-steps'

const DONE = 'lessons'
const MARK = 'lesson'
const GUESSES = 'guesses'
const KIND = 'tabernetes-progress'
const LARGEST_FILE = 1_000_000

export function createProgress(shelf: Shelf): Progress {
  const read = (key: string): any => {
    try {
      return JSON.parse(shelf.get(key) ?? 'null')
    } catch {
      return null
    }
  }
  const finished = (): string[] => {
    const found = read(DONE)
    return Array.isArray(found) ? found.filter((id) => typeof id === 'string') : []
  }
  const guesses = (): Record<string, Guess> => {
    const found = read(GUESSES)
    return typeof found === 'object' && found !== null && !Array.isArray(found) ? sound(found) : {}
  }
  return {
    guesses,
    guess(lesson, question, guess) {
      const key = `${lesson}/${question}`
      const all = guesses()
      if (!Object.hasOwn(all, key)) shelf.set(GUESSES, JSON.stringify({ ...all, [key]: guess }))
    },
    exported: () => `${JSON.stringify({ kind: KIND, version: 1, done: finished(), guesses: guesses() }, null, 2)}\n`,
    imported(text) {
      const file = fileIn(text)
      if ('error' in file) return file
      shelf.set(DONE, JSON.stringify([...new Set([...finished(), ...file.done])]))
      shelf.set(GUESSES, JSON.stringify({ ...file.guesses, ...guesses() }))
      return {}
    },
    done: () => new Set(finished()),
    finish: (lesson) => shelf.set(DONE, JSON.stringify([...new Set([...finished(), lesson])])),
    bookmark() {
      const found = read(MARK)
      return typeof found?.lesson === 'string' && typeof found?.seed === 'string' ? (found as Bookmark) : null
    },
    mark: (bookmark) => shelf.set(MARK, JSON.stringify(bookmark)),
  }
}

/** Only what has the shape of a guess. */
const sound = (found: object): Record<string, Guess> =>
  Object.fromEntries(
    Object.entries(found).flatMap(([key, guess]) =>
      typeof guess?.given === 'string' && typeof guess?.right === 'string'
        ? [[key, { given: guess.given, right: guess.right }]]
        : [],
    ),
  )

function fileIn(text: string): { done: string[]; guesses: Record<string, Guess> } | { error: string } {
  if (text.length > LARGEST_FILE) return { error: 'This file is too large to be a record of lessons.' }
  let file: any
  try {
    file = JSON.parse(text)
  } catch {
    return { error: 'This file is no record of lessons: it is not JSON.' }
  }
  if (file?.kind !== KIND) return { error: 'This file is no record of lessons.' }
  if (file.version !== 1)
    return { error: `This record is of version ${file.version}, newer than this page knows. Load the page anew.` }
  if (!Array.isArray(file.done) || file.done.some((id: unknown) => typeof id !== 'string'))
    return { error: 'This record is damaged: its list of lessons is none.' }
  const guesses = typeof file.guesses === 'object' && file.guesses !== null ? sound(file.guesses) : {}
  return { done: file.done, guesses }
}
