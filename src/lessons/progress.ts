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
  /** The step the reader was looking at. */
  shown?: number | undefined
}

export interface Progress {
  done(): ReadonlySet<string>
  finish(lesson: string): void
  bookmark(): Bookmark | null
  mark(bookmark: Bookmark | null): void
}

const DONE = 'lessons'
const MARK = 'lesson'

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
  return {
    done: () => new Set(finished()),
    finish: (lesson) => shelf.set(DONE, JSON.stringify([...new Set([...finished(), lesson])])),
    bookmark() {
      const found = read(MARK)
      return typeof found?.lesson === 'string' && typeof found?.seed === 'string' ? (found as Bookmark) : null
    },
    mark: (bookmark) => shelf.set(MARK, JSON.stringify(bookmark)),
  }
}
