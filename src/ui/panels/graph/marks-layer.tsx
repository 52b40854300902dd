/** The canvas over the graph on which the marks move; it sleeps while nothing is under way. */
import { useStoreApi } from '@xyflow/react'
import { memo, useEffect, useRef } from 'react'
import { ink } from '../../parts/ink.ts'
import type { Desk } from '../../state/desk.ts'
import { useDesk } from '../../state/hooks.ts'
import type { Layout } from './layout.ts'
import { drawMarks, flightNear, type Ink } from './marks.ts'

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
    let blank = false
    const paint = (): void => {
      const [x, y, zoom] = flow.getState().transform
      const flights = desk.traffic.since(desk.clock.now(), 3000 * Math.max(1, speedOf(desk)))
      // Nothing to draw and nothing drawn: the canvas stays as it is.
      if (flights.length === 0 && blank) {
        frame = 0
        return
      }
      blank = flights.length === 0
      drawMarks(context, desk, place.current, { x, y, zoom }, inkNow())
      frame = speedOf(desk) > 0 && !blank ? requestAnimationFrame(paint) : 0
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
  useEffect(() => {
    const frame = canvas.current?.parentElement
    if (!frame) return
    const onClick = (event: MouseEvent): void => {
      if (!(event.target as Element).closest('.react-flow') || (event.target as Element).closest('button')) return
      const box = frame.getBoundingClientRect()
      const [px, py] = [event.clientX - box.left, event.clientY - box.top]
      const [x, y, zoom] = flow.getState().transform
      const flight = flightNear(desk, place.current, { x: (px - x) / zoom, y: (py - y) / zoom }, REACH_PX / zoom)
      if (flight || desk.choices.getState().flight) desk.choices.setState({ flight: flight && { flight, x: px, y: py } })
    }
    frame.addEventListener('click', onClick)
    return () => frame.removeEventListener('click', onClick)
  }, [desk, flow])
  return <canvas ref={canvas} className="marks" />
})

/** A mark that flies is hard to hit. */
const REACH_PX = 18

const speedOf = (desk: Desk): number => {
  const speed = desk.clock.store.getState().status?.speed
  return typeof speed === 'number' ? speed : 0
}

const inkNow = (): Ink => ({ ok: ink('--good-edge'), lost: ink('--bad'), rim: ink('--surface'), text: ink('--muted') })
