/** Whether the page is narrow: then it shows one pane at a time. */
import { useSyncExternalStore } from 'react'

const QUERY = '(max-width: 899px)'

function listen(run: () => void): () => void {
  const query = matchMedia(QUERY)
  query.addEventListener('change', run)
  return () => query.removeEventListener('change', run)
}

export const useNarrow = (): boolean => useSyncExternalStore(listen, () => matchMedia(QUERY).matches)

/** A finger has no click. */
export const isTouch = (): boolean => matchMedia('(pointer:coarse)').matches
