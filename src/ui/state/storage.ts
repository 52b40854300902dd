/** The browser's storage where it is allowed, memory where it is refused: an embed in a strict page must not die of it. */

export interface Storage {
  get(key: string): string | null
  set(key: string, value: string): void
  /** Whether what is set outlives the page. */
  readonly lasting: boolean
}

const PREFIX = 'tabernetes.'

/** In memory only: for what shall leave no trace. */
export function createMemory(): Storage {
  const memory = new Map<string, string>()
  return { lasting: false, get: (key) => memory.get(key) ?? null, set: (key, value) => void memory.set(key, value) }
}

export function createStorage(): Storage {
  const memory = new Map<string, string>()
  let disk: globalThis.Storage | null = null
  try {
    disk = globalThis.localStorage
    disk.setItem(`${PREFIX}probe`, '1')
    disk.removeItem(`${PREFIX}probe`)
  } catch {
    disk = null
  }
  return {
    lasting: disk !== null,
    get(key) {
      try {
        return memory.get(key) ?? disk?.getItem(PREFIX + key) ?? null
      } catch {
        return memory.get(key) ?? null
      }
    },
    set(key, value) {
      try {
        if (!disk) throw new Error('refused')
        disk.setItem(PREFIX + key, value)
        memory.delete(key)
      } catch {
        memory.set(key, value)
      }
    },
  }
}
