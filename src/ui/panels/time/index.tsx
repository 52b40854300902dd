/** The time bar: the simulated clock, its speed, single steps, the timeline with its past, and the goals to run towards. */

import { Pause, Play, StepForward, Undo2 } from 'lucide-react'
import { memo, useEffect, useRef } from 'react'
import type { Goal, Speed } from '#api/request.ts'
import { CLOCK } from '#lessons/without.ts'
import './time.css'
import { undo } from '../../state/actions.ts'
import { clockText } from '../../state/clock.ts'
import type { Desk } from '../../state/desk.ts'
import { useChoice, useClock, useDesk } from '../../state/hooks.ts'
import { t, type Word } from '../../words/index.ts'
import { Rejoin } from './past.tsx'
import { Timeline } from './track.tsx'
import { RunUntil } from './until.tsx'

const SPEEDS: [number, string, Word][] = [
  [0.25, '¼×', 'a quarter of real time'],
  [1, '1×', 'real time'],
  [4, '4×', 'four times real time'],
  [16, '16×', 'sixteen times real time'],
  [100, '100×', 'a hundred times real time'],
]

/** Nothing may happen for as long as this before a step gives up. */
const STEP_LIMIT_MS = 600_000

/** The clock stands; then one thing happens, and is said. */
export async function stepOnce(desk: Desk, goal: Goal): Promise<void> {
  const { simulation, clock, story } = desk
  if (!simulation) return
  await simulation.setSpeed('paused')
  const outcome = await simulation.runUntil(goal, STEP_LIMIT_MS)
  clock.take(outcome.status)
  if (!outcome.reached) story.say(t('Nothing more happens within ten minutes.'))
  else if (goal.kind === 'reconcile') story.say(t('{what} has taken up its next piece of work.', { what: outcome.what }))
}

export function TimeBar() {
  const desk = useDesk()
  const speed = useClock((s) => s?.speed)
  const withheld = useChoice((c) => c.without.includes(CLOCK))
  const last = useRef<Speed>(1)
  const { simulation } = desk
  if (typeof speed === 'number' && speed > 0) last.current = speed
  if (!simulation)
    return (
      <div className="time time-bar real">
        {t(
          'This is a real cluster: it keeps its own time. Pausing, stepping and going back, power switches and visitors need the simulated one.',
        )}
      </div>
    )
  if (withheld)
    return (
      <section className="time time-bar" aria-label={t('Time')}>
        <span>{t('In this lesson the clock goes by itself.')}</span>
        <ClockFace />
        <Undo />
      </section>
    )
  const paused = speed === 'paused' || speed === 0
  const set = (next: Speed) => () => void simulation.setSpeed(next)
  return (
    <section className="time time-bar" aria-label={t('Time')}>
      <button
        type="button"
        className="round"
        aria-label={paused ? t('Run') : t('Pause')}
        title={`${paused ? t('Run') : t('Pause')} (Space)`}
        onClick={set(paused ? last.current : 'paused')}
      >
        {paused ? <Play size={16} /> : <Pause size={16} />}
      </button>
      <span className="single-steps">
        <button
          type="button"
          className="icon"
          aria-label={t('One event')}
          title={t('One event: the next write happens (.)')}
          onClick={() => void stepOnce(desk, { kind: 'write' })}
        >
          <StepForward size={16} />
        </button>
        <button
          type="button"
          className="icon worded small"
          aria-label={t('One reconcile')}
          title={t('One reconcile: the next controller, scheduler or kubelet takes up one thing (,)')}
          onClick={() => void stepOnce(desk, { kind: 'reconcile' })}
        >
          <StepForward size={16} />
          <sub>R</sub>
        </button>
      </span>
      <fieldset className="segments" aria-label={t('Speed')}>
        {SPEEDS.map(([value, name, words]) => (
          <button
            key={value}
            type="button"
            aria-pressed={speed === value}
            title={t(words)}
            aria-label={`${name}: ${t(words)}`}
            onClick={set(value)}
          >
            {name}
          </button>
        ))}
      </fieldset>
      <Timeline />
      <ClockFace />
      <Rejoin />
      <Undo />
      <RunUntil />
    </section>
  )
}

function Undo() {
  const desk = useDesk()
  return (
    <button
      type="button"
      className="icon"
      aria-label={t('Undo the last command')}
      title={t('Undo the last command (Ctrl+Z)')}
      onClick={() => void undo(desk)}
    >
      <Undo2 size={17} />
    </button>
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
    <span className="clock mono num" title={t('Simulated time since the cluster was made')}>
      <span aria-hidden="true">t = </span>
      <span ref={face}>0:00</span>
    </span>
  )
})
