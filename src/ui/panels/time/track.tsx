/** The last two minutes as a line with a mark for each thing that happened; trouble is a diamond. */
import { memo, useEffect, useRef } from 'react'
import { useDesk } from '../../state/hooks.ts'

const SPAN_MS = 120_000

export const EventTrack = memo(function EventTrack() {
  const desk = useDesk()
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const draw = (): void => {
      const element = canvas.current
      const context = element?.getContext('2d')
      if (!element || !context || element.clientWidth === 0) return
      const ratio = globalThis.devicePixelRatio || 1
      const [w, h] = [element.clientWidth, element.clientHeight]
      if (element.width !== w * ratio) [element.width, element.height] = [w * ratio, h * ratio]
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      paint(context, desk, w, h, getComputedStyle(element))
    }
    draw()
    const timer = setInterval(draw, 200)
    return () => clearInterval(timer)
  }, [desk])
  return <canvas ref={canvas} className="track" role="img" aria-label="What happened in the last two minutes" />
})

type Desk = ReturnType<typeof useDesk>

function paint(context: CanvasRenderingContext2D, desk: Desk, w: number, h: number, style: CSSStyleDeclaration): void {
  const color = (name: string): string => style.getPropertyValue(name)
  const now = desk.clock.now()
  context.clearRect(0, 0, w, h)
  context.fillStyle = color('--line')
  context.fillRect(0, h / 2 - 1, w, 2)
  for (let s = 0; s <= SPAN_MS; s += 10_000) {
    const x = w - ((now % 10_000) + s) * (w / SPAN_MS)
    context.fillRect(x, h / 2 - 4, 1, 8)
  }
  for (const { at, tone, who } of desk.story.store.getState().told) {
    if (at < now - SPAN_MS) continue
    const x = w - (now - at) * (w / SPAN_MS)
    context.fillStyle = color(tone === 'bad' ? '--bad' : who === 'you' ? '--accent' : '--good')
    context.beginPath()
    if (tone === 'bad') {
      context.moveTo(x, h / 2 - 5)
      context.lineTo(x + 5, h / 2)
      context.lineTo(x, h / 2 + 5)
      context.lineTo(x - 5, h / 2)
    } else context.arc(x, h / 2, who === 'you' ? 4.5 : 3, 0, 7)
    context.fill()
  }
}
