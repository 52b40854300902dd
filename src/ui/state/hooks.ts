/** How components read the desk: one subscription per topic, one selector per choice. */
import { createContext, useCallback, useContext, useRef, useSyncExternalStore } from 'react'
import { useStore } from 'zustand'
import { assert } from '#api/assert.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Choices, Ref } from './choices.ts'
import type { Desk } from './desk.ts'
import type { Topics } from './topics.ts'

export const DeskContext = createContext<Desk | null>(null)

export function useDesk(): Desk {
  const desk = useContext(DeskContext)
  assert(desk, 'a panel outside of a desk')
  return desk
}

/** Renders again when the topic changes; returns its version. */
function useVersion(topics: Topics, topic: string): number {
  const subscribe = useCallback((run: () => void) => topics.subscribe(topic, run), [topics, topic])
  return useSyncExternalStore(subscribe, () => topics.version(topic))
}

/** A topic of the scene: `nodes`, `node:NAME`, `service:KEY`, `pods KEY`… */
export const useScene = (topic: string): number => useVersion(useDesk().scene.topics, topic)

/** Likewise, but at most every `ms`: for figures of which nobody needs each. */
export function useCalmScene(topic: string, ms: number): number {
  const { topics } = useDesk().scene
  const subscribe = useCallback(
    (run: () => void) => {
      if (ms === 0) return topics.subscribe(topic, run)
      let timer: ReturnType<typeof setTimeout> | undefined
      const stop = topics.subscribe(topic, () => {
        timer ??= setTimeout(() => {
          timer = undefined
          shown.current = topics.version(topic)
          run()
        }, ms)
      })
      return () => {
        clearTimeout(timer)
        stop()
      }
    },
    [topics, topic, ms],
  )
  const shown = useRef(topics.version(topic))
  return useSyncExternalStore(subscribe, () => (ms === 0 ? topics.version(topic) : shown.current))
}

/** A topic of the page: `traffic`. */
export const usePage = (topic: string): number => useVersion(useDesk().topics, topic)

export const useChoice = <T>(pick: (choices: Choices) => T): T => useStore(useDesk().choices, pick)

export function useObject(ref: Ref | null): AnyObject | undefined {
  const { mirror } = useDesk()
  useScene(ref ? `${ref.table} ${ref.key}` : '')
  return ref ? mirror.get(ref.table, ref.key) : undefined
}

export const useClock = <T>(pick: (status: import('#api/request.ts').SimulationStatus | null) => T): T =>
  useStore(useDesk().clock.store, ({ status }) => pick(status))
