/** The timeline: the session as a line with a mark for each thing that happened; drag it, and the cluster is as it was. */
import { type KeyboardEvent, memo, type PointerEvent, useEffect, useRef, useState } from 'react'
import { ink } from '../../parts/ink.ts'
import { clockText } from '../../state/clock.ts'
import type { Desk } from '../../state/desk.ts'
import { useClock, useDesk } from '../../state/hooks.ts'
import { seeker } from '../../state/past.ts'
import type { Sentence } from '../../state/story.ts'
import { t } from '../../words/index.ts'

/** A short session is not stretched over the whole line, a long one shows its latest minutes. */
const SHORTEST_MS = 60_000
const LONGEST_MS = 240_000
const EDGE = 8

interface Window {
  from: number
  to: number
  /** Where the session began, simulated ms since 1970. */
  epoch: number
  now: number
  present: number
}

/** What part of the session the line shows; in the past it moves along so that the cursor stays on it. */
function windowOf({ clock }: Desk): Window | null {
  const { status } = clock.store.getState()
  if (!status) return null
  const epoch = status.now - status.elapsed
  const now = Math.max(clock.now() - epoch, 0)
  const present = Math.max(status.present ?? now, now)
  const first = status.earliest ?? 0
  const span = Math.min(LONGEST_MS, Math.max(SHORTEST_MS, present - first))
  const to = now < present - span ? now + span * 0.8 : present
  return { from: to - span, to, epoch, now, present }
}

const xOf = (w: Window, elapsed: number, width: number): number =>
  EDGE + ((elapsed - w.from) / (w.to - w.from)) * (width - EDGE * 2)

export const Timeline = memo(function Timeline() {
  const desk = useDesk()
  const canvas = useRef<HTMLCanvasElement>(null)
  const [tip, setTip] = useState<{ x: number; sentence: Sentence } | null>(null)
  useEffect(() => {
    const draw = (): void => {
      const element = canvas.current
      const context = element?.getContext('2d')
      if (!element || !context || element.clientWidth === 0) return
      const ratio = globalThis.devicePixelRatio || 1
      const [w, h] = [element.clientWidth, element.clientHeight]
      if (element.width !== Math.round(w * ratio))
        [element.width, element.height] = [Math.round(w * ratio), Math.round(h * ratio)]
      context.setTransform(ratio, 0, 0, ratio, 0, 0)
      paint(context, desk, w, h)
    }
    draw()
    // Ten times a second is enough; under the hand, at once.
    const timer = setInterval(draw, 100)
    const stop = desk.clock.store.subscribe(({ status }, before) => {
      if (status?.speed === 'paused' && status.elapsed !== before.status?.elapsed) draw()
    })
    return () => {
      clearInterval(timer)
      stop()
    }
  }, [desk])
  const elapsedAt = (event: PointerEvent): number => {
    const w = windowOf(desk)
    const box = event.currentTarget.getBoundingClientRect()
    if (!w) return 0
    return w.from + ((event.clientX - box.left - EDGE) / (box.width - EDGE * 2)) * (w.to - w.from)
  }
  const point = (event: PointerEvent): void => {
    const w = windowOf(desk)
    const box = event.currentTarget.getBoundingClientRect()
    const near = w && nearest(desk, w, event.clientX - box.left, box.width)
    setTip(near ? { x: xOf(w, near.at - w.epoch, box.width), sentence: near } : null)
  }
  return (
    <div className="timeline">
      <TimelineSlider
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId)
          seeker(desk).begin()
          seeker(desk).to(elapsedAt(event))
        }}
        onPointerMove={(event) => (event.buttons > 0 ? seeker(desk).to(elapsedAt(event)) : point(event))}
        onPointerUp={() => seeker(desk).end()}
        onPointerLeave={() => setTip(null)}
      >
        <canvas ref={canvas} />
      </TimelineSlider>
      {tip && (
        <p className="tip" style={{ left: tip.x }} data-side={tip.x < 220 ? 'right' : 'left'}>
          {tip.sentence.text}
        </p>
      )}
    </div>
  )
})

type SliderProps = Pick<
  React.HTMLAttributes<HTMLDivElement>,
  'onPointerDown' | 'onPointerMove' | 'onPointerUp' | 'onPointerLeave' | 'children'
>

/** The keys of a slider: a second, ten, the beginning, the present. */
function TimelineSlider(props: SliderProps) {
  const desk = useDesk()
  const seconds = useClock((s) => Math.floor((s?.elapsed ?? 0) / 1000))
  const last = useClock((s) => Math.floor((s?.present ?? s?.elapsed ?? 0) / 1000))
  const first = useClock((s) => Math.floor((s?.earliest ?? 0) / 1000))
  const onKeyDown = (event: KeyboardEvent): void => {
    const { status } = desk.clock.store.getState()
    const step = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key]
    const end = event.key === 'Home' ? first : event.key === 'End' ? last + 1 : undefined
    if (!status || (step === undefined && end === undefined)) return
    event.preventDefault()
    seeker(desk).begin()
    seeker(desk).to(end === undefined ? status.elapsed + (step ?? 0) * 1000 : end * 1000)
    seeker(desk).end()
  }
  return (
    <div
      role="slider"
      className="track"
      tabIndex={0}
      aria-label={t('Timeline')}
      aria-valuemin={first}
      aria-valuemax={last}
      aria-valuenow={Math.min(last, seconds)}
      aria-valuetext={
        seconds < last
          ? t('{time}, {seconds} s in the past', { time: clockText(seconds * 1000), seconds: last - seconds })
          : t('{time}, now', { time: clockText(seconds * 1000) })
      }
      onKeyDown={onKeyDown}
      {...props}
    />
  )
}

function nearest({ story }: Desk, w: Window, x: number, width: number): Sentence | null {
  let best: Sentence | null = null
  let least = 7
  for (const sentence of story.store.getState().told) {
    const off = Math.abs(xOf(w, sentence.at - w.epoch, width) - x)
    if (off <= least) [best, least] = [sentence, off]
  }
  return best
}

function paint(context: CanvasRenderingContext2D, desk: Desk, width: number, h: number): void {
  const w = windowOf(desk)
  context.clearRect(0, 0, width, h)
  if (!w) return
  const color = ink
  const [now, end, middle] = [xOf(w, w.now, width), xOf(w, w.present, width), h / 2 + 3]
  const bar = (from: number, to: number, name: string): void => {
    context.fillStyle = color(name)
    context.beginPath()
    context.roundRect(Math.max(0, from), middle - 2.5, Math.max(0, Math.min(width, to) - Math.max(0, from)), 5, 2.5)
    context.fill()
  }
  bar(EDGE, width - EDGE, '--sunken')
  bar(EDGE, end, '--line-strong')
  bar(EDGE, now, '--accent')
  ticks(context, w, width, h, color)
  let last = Number.NEGATIVE_INFINITY
  for (const { at, tone, who } of desk.story.store.getState().told) {
    const elapsed = at - w.epoch
    if (elapsed < w.from || elapsed > w.to) continue
    const x = xOf(w, elapsed, width)
    // Plain ones that would lie on each other are drawn once: the line stays a line.
    const plain = tone !== 'bad' && who !== 'you'
    if (plain && x - last < 9) continue
    if (plain) last = x
    context.globalAlpha = elapsed > w.now + 1 ? 0.45 : 1
    happening(context, x, middle, tone, who, color)
  }
  context.globalAlpha = 1
  cursor(context, now, middle, h, color)
}

function ticks(context: CanvasRenderingContext2D, w: Window, width: number, h: number, color: (name: string) => string): void {
  // Late times are longer words: they stand further apart.
  const room = clockText(w.to).length * 6.5 + 6
  const step = [10_000, 30_000, 60_000, 120_000].find(
    (ms, i) => (i > 0 || w.to - w.from <= 120_000) && (ms / (w.to - w.from)) * width >= room,
  )
  context.fillStyle = color('--faint')
  context.font = '10px sans-serif'
  context.textAlign = 'center'
  if (step === undefined) return
  for (let t = Math.ceil(w.from / step) * step; t <= w.to; t += step) {
    const x = xOf(w, t, width)
    if (t >= 0 && x > 16 && x < width - 16) context.fillText(clockText(t), x, 9)
  }
  void h
}

function happening(
  context: CanvasRenderingContext2D,
  x: number,
  y: number,
  tone: string,
  who: string,
  color: (name: string) => string,
): void {
  const yours = who === 'you'
  context.fillStyle = color(tone === 'bad' ? '--bad' : yours ? '--accent' : '--good')
  context.strokeStyle = color('--surface')
  context.lineWidth = 1.5
  context.beginPath()
  if (tone === 'bad') {
    context.moveTo(x, y - 6)
    context.lineTo(x + 6, y)
    context.lineTo(x, y + 6)
    context.lineTo(x - 6, y)
    context.closePath()
  } else context.arc(x, y, yours ? 5.5 : 3.4, 0, 7)
  context.fill()
  context.stroke()
}

function cursor(context: CanvasRenderingContext2D, x: number, y: number, h: number, color: (name: string) => string): void {
  context.fillStyle = color('--ink')
  context.fillRect(x - 1, y - 10, 2, h - y + 8)
  context.beginPath()
  context.arc(x, y, 6.5, 0, 7)
  context.fillStyle = color('--surface')
  context.strokeStyle = color('--ink')
  context.lineWidth = 2
  context.fill()
  context.stroke()
}
