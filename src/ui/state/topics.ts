/** Named signals: a reader subscribes to one topic and learns only that it changed; the batch is told at its end. */
import type { Stop } from '#api/request.ts'

export interface Topics {
  /** Marks a topic as changed; its readers run at the next {@link Topics.tell}. */
  touch(topic: string): void
  tell(): void
  version(topic: string): number
  subscribe(topic: string, run: () => void): Stop
}

export function createTopics(): Topics {
  const readers = new Map<string, Set<() => void>>()
  const versions = new Map<string, number>()
  let touched = new Set<string>()
  return {
    touch: (topic) => void touched.add(topic),
    tell() {
      const now = touched
      touched = new Set()
      for (const topic of now) versions.set(topic, (versions.get(topic) ?? 0) + 1)
      for (const topic of now) for (const run of readers.get(topic) ?? []) run()
    },
    version: (topic) => versions.get(topic) ?? 0,
    subscribe(topic, run) {
      const set = readers.get(topic) ?? new Set()
      readers.set(topic, set)
      set.add(run)
      return () => {
        set.delete(run)
        if (set.size === 0) readers.delete(topic)
      }
    },
  }
}
