/** The canvas over the graph on which the marks move; it sleeps while nothing is under way. */
import { useStoreApi } from '@xyflow/react'
import { memo, useEffect, useRef } from 'react'
import { useDesk } from '../../state/hooks.ts'
import type { Layout } from './layout.ts'
import { drawMarks, type Ink } from './marks.ts'

export const MarksLayer = memo(function MarksLayer({ layout }: { layout: Layout }) {
  const desk = useDesk()
  const canvas = useRef<HTMLCanvasElement>(null)
  const place = useRef(layout)
  place.current = layout
  const flow = useStoreApi()
  useEffect(() => {
    const element = canvas.current
    const context = element?.getContext('2d')
    if (!element || !context || matchMedia('(prefers-reduced-motion: reduce)').matches) return
    let frame = 0
    const paint = (): void => {
      const [x, y, zoom] = flow.getState().transform
      drawMarks(context, desk, place.current, { x, y, zoom }, inkOf(element))
      const { status } = desk.clock.store.getState()
      const moving = typeof status?.speed === 'number' && desk.traffic.since(desk.clock.now(), 3000 * Math.max(1, status.speed))
      frame = moving && moving.length > 0 ? requestAnimationFrame(paint) : 0
    }
    const wake = (): void => {
      if (frame === 0) frame = requestAnimationFrame(paint)
    }
    const watch = new ResizeObserver(() => {
      const ratio = globalThis.devicePixelRatio || 1
      element.width = element.clientWidth * ratio
      element.height = element.clientHeight * ratio
      wake()
    })
    watch.observe(element)
    const stops = [desk.topics.subscribe('traffic', wake), desk.clock.store.subscribe(wake), flow.subscribe(wake)]
    return () => {
      for (const stop of stops) stop()
      watch.disconnect()
      cancelAnimationFrame(frame)
    }
  }, [desk, flow])
  return <canvas ref={canvas} className="marks" />
})

let inkTheme = ''
let ink: Ink = { ok: '', lost: '', rim: '', text: '' }
/** Colours come from the theme; asked for again only when the theme changes. */
function inkOf(element: HTMLElement): Ink {
  const theme = document.documentElement.dataset['theme'] ?? ''
  if (theme === inkTheme && ink.ok) return ink
  const style = getComputedStyle(element)
  inkTheme = theme
  const pick = (name: string): string => style.getPropertyValue(name).trim()
  ink = { ok: pick('--good-edge'), lost: pick('--bad'), rim: pick('--surface'), text: pick('--muted') }
  return ink
}
