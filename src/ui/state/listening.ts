/** Everything that only listens, and may begin a moment after the graph: the story's sentences, what one sees, the lifeline. */

import type { Session, Stop, TraceLine } from '#api/request.ts'
import { CLOCK } from '#lessons/without.ts'
import type { Desk } from './desk.ts'
import { watchOver } from './lifeline-watch.ts'
import { isLoud } from './loud.ts'
import { observe } from './observer.ts'
import { sentenceOf } from './sentences.ts'
import { watchShares } from './shares.ts'
import { watchSelection } from './watch-selection.ts'
import { watchUsage } from './watch-usage.ts'
import { watchVerdicts } from './watch-verdicts.ts'

export function tellTrace({ story, choices }: Pick<Desk, 'story' | 'choices'>, lines: TraceLine[], since: number): void {
  const told = lines.flatMap((line) => sentenceOf(line) ?? [])
  // Where faults are to be found against the clock, nobody says who answers to them.
  const hushed = choices.getState().without.includes(CLOCK)
  const sentences = hushed ? told.filter(({ who }) => who === 'you' || who === 'somebody') : told
  const loud = sentences.filter((sentence) => isLoud(choices, sentence))
  story.take(loud, since)
  if (loud.length < sentences.length)
    story.take(
      sentences.filter((sentence) => !loud.includes(sentence)),
      Number.POSITIVE_INFINITY,
    )
}

export function listen(desk: Omit<Desk, 'start'>, keep: (session: Session) => void): Stop {
  const { simulation } = desk
  const stops = [
    observe(desk.mirror, desk.story, desk.clock, desk.choices),
    watchVerdicts(desk),
    watchSelection(desk),
    watchUsage(desk),
    watchShares(desk),
  ]
  if (simulation) stops.push(watchOver(desk.lifeline, simulation, desk.clock, keep))
  return () => {
    for (const stop of stops) stop()
  }
}
