/** The time bar: the simulated clock, its speed, single steps, and the jumps ahead. */
import { ChevronUp, FastForward, Pause, Play, StepForward } from 'lucide-react'
import { memo, useEffect, useRef, useState } from 'react'
import type { Speed } from '#api/request.ts'
import './time.css'
import { clockText } from '../../state/clock.ts'
import { useClock, useDesk } from '../../state/hooks.ts'
import { EventTrack } from './track.tsx'

const SPEEDS: [number, string, string][] = [
  [0.25, '¼×', 'a quarter of real time'],
  [1, '1×', 'real time'],
  [4, '4×', 'four times real time'],
  [16, '16×', 'sixteen times real time'],
  [100, '100×', 'a hundred times real time'],
]

export function TimeBar() {
  const desk = useDesk()
  const speed = useClock((s) => s?.speed)
  const last = useRef<Speed>(1)
  const { simulation } = desk
  if (typeof speed === 'number' && speed > 0) last.current = speed
  if (!simulation) return <div className="time time-bar real">A real cluster keeps its own time.</div>
  const paused = speed === 'paused' || speed === 0
  const set = (next: Speed) => () => void simulation.setSpeed(next)
  return (
    <section className="time time-bar" aria-label="Time">
      <button
        type="button"
        className="round"
        aria-label={paused ? 'Run' : 'Pause'}
        title={`${paused ? 'Run' : 'Pause'} (Space)`}
        onClick={set(paused ? last.current : 'paused')}
      >
        {paused ? <Play size={16} /> : <Pause size={16} />}
      </button>
      <button
        type="button"
        className="icon"
        aria-label="One step"
        title="One step: the next thing due happens (.)"
        onClick={() => void simulation.setSpeed('paused').then(simulation.step).then(desk.clock.take)}
      >
        <StepForward size={16} />
      </button>
      <fieldset className="segments" aria-label="Speed">
        {SPEEDS.map(([value, name, words]) => (
          <button key={value} type="button" aria-pressed={speed === value} title={words} aria-label={words} onClick={set(value)}>
            {name}
          </button>
        ))}
      </fieldset>
      <EventTrack />
      <ClockFace />
      <Jumps />
    </section>
  )
}

/** Ten times a second is enough for a clock of seconds; the text is set past React. */
const ClockFace = memo(function ClockFace() {
  const { clock } = useDesk()
  const face = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const show = (): void => {
      const { status } = clock.store.getState()
      if (face.current && status) face.current.textContent = clockText(status.elapsed + Math.max(0, clock.now() - status.now))
    }
    show()
    const timer = setInterval(show, 100)
    return () => clearInterval(timer)
  }, [clock])
  return (
    <span className="clock mono num" title="Simulated time since the cluster was made">
      <span aria-hidden="true">t = </span>
      <span ref={face}>0:00</span>
    </span>
  )
})

const JUMPS: [string, string, number][] = [
  ['10 s', 'ten seconds', 10_000],
  ['50 s', 'until a lost machine is noticed', 50_000],
  ['5 min', 'until its pods are replaced', 300_000],
  ['1 h', 'an hour', 3_600_000],
]

/** Nothing written for this long counts as settled. */
const QUIET_MS = 3000
const SETTLE_LIMIT_MS = 180_000

function Jumps() {
  const desk = useDesk()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const { simulation } = desk
  const jump = (run: () => Promise<unknown> | undefined) => (): void => {
    setOpen(false)
    setBusy(true)
    Promise.resolve(run())
      .catch((error: unknown) => desk.story.say(`That did not work: ${String(error)}`))
      .finally(() => setBusy(false))
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears what its buttons let through
    <div
      className="jumps"
      onKeyDown={(e) => e.key === 'Escape' && setOpen(false)}
      onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && setOpen(false)}
    >
      <button
        type="button"
        className="button"
        disabled={busy}
        onClick={jump(() => simulation?.settle(QUIET_MS, SETTLE_LIMIT_MS).then(desk.clock.take))}
      >
        <FastForward size={15} aria-hidden="true" /> {busy ? 'Running…' : 'Until ready'}
      </button>
      <button type="button" className="icon" aria-label="Skip ahead" aria-expanded={open} onClick={() => setOpen(!open)}>
        <ChevronUp size={16} />
      </button>
      {open && (
        <ul className="popup">
          {JUMPS.map(([name, words, ms]) => (
            <li key={name}>
              <button type="button" onClick={jump(() => simulation?.advance(ms).then(desk.clock.take))}>
                <b>Skip {name}</b>
                <span>{words}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
