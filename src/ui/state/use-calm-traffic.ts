/** Traffic for those who only need to see it now and then: every frame brings some. */
import { useEffect, useState } from 'react'
import { useDesk } from './hooks.ts'

/** Nobody reads faster. */
const CALM_MS = 500

/** Draws again when there was traffic, twice a second at most. */
export function useCalmTraffic(): void {
  const { topics } = useDesk()
  const [, setSeen] = useState(() => topics.version('traffic'))
  useEffect(() => {
    const timer = setInterval(() => setSeen(topics.version('traffic')), CALM_MS)
    return () => clearInterval(timer)
  }, [topics])
}
