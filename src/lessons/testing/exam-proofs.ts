/** What must hold for every exam: nothing is given away, every task can be done, in any order, and mistakes are told apart. */
import { type Deed, type Lesson, misfits, type Step, type WrongRoute } from '../lesson.ts'
import { scoreOf } from '../score.ts'
import { demand, type Proof } from './proof.ts'
import { type Saved, Stage } from './stage.ts'

const SLICE_MS = 200
const IDLE_MS = 120_000
const TASK_MS = 240_000
const WRONG_MS = 60_000
const ALONE_MS = 3000
/** Once done stays done: after the hint it is enough to look less often. */
const LONG_SLICE_MS = 800

type Route = (step: Step) => readonly Deed[]

/**
 * Tasks of an exam can't disturb each other, and that is proved by doing all of them on one cluster: the solutions, the other ways, and
 * the first, second … wrong route of each. So a cluster is begun for a handful of lives, not for each route.
 */
export function examProofsOf(lesson: Lesson): Proof[] {
  const { seed } = lesson.prose.meta
  const kept = new Map<string, Saved>()
  const begun = async (from: string): Promise<Stage> => {
    const saved = kept.get(from)
    const stage = new Stage(lesson, SLICE_MS, saved ?? from)
    await stage.begin()
    const { phase, error } = stage.run.state()
    demand(phase === 'running', `it does not begin: ${error ?? phase}`)
    if (!saved) kept.set(from, stage.keep())
    return stage
  }
  const solution: Route = (step) => step.solution
  const second: Route = (step) => step.second ?? step.solution
  const passes = (name: string, steps: readonly Step[], { route = solution, from = seed, reborn = false } = {}): Proof => ({
    name,
    prove: async () => solve(await begun(from), lesson, steps, route, reborn),
  })
  const rounds = Math.max(...lesson.steps.map(({ wrong }) => wrong.length))
  return [
    { name: 'words and facts fit together', prove: async () => demand(misfits(lesson).length === 0, misfits(lesson).join('; ')) },
    { name: 'doing nothing earns nothing', prove: async () => idle(await begun(seed), lesson) },
    passes('its solutions earn everything', lesson.steps),
    passes('in the other order and with another seed, too', lesson.steps.toReversed(), { from: `${seed}-second` }),
    passes('so do the other ways, saved and loaded on the way', lesson.steps, { route: second, reborn: true }),
    ...Array.from({ length: rounds }, (_, n) => ({
      name: `mistakes are told apart: ${mistakes(lesson, n)
        .map(({ id, wrong }) => `who ${wrong.name} (${id})`)
        .join(', ')}`,
      prove: async () => goWrong(await begun(seed), mistakes(lesson, n)),
    })),
  ]
}

interface Mistake {
  id: string
  index: number
  wrong: WrongRoute
}

/** The wrong routes of one round, one of each task that has so many. */
const mistakes = ({ steps }: Lesson, round: number): Mistake[] =>
  steps.flatMap(({ id, wrong }, index) => {
    const route = wrong[round]
    return route ? [{ id, index, wrong: route }] : []
  })

async function idle(stage: Stage, lesson: Lesson): Promise<void> {
  await stage.until(() => false, IDLE_MS)
  const { percent, tasks } = scoreOf(lesson, stage.run.state())
  demand(
    percent === 0,
    `nobody did anything, and it counts ${percent} %: ${JSON.stringify(tasks.filter((task) => task.points > 0))}`,
  )
  stage.run.stop()
}

async function solve(first: Stage, lesson: Lesson, steps: readonly Step[], route: Route, reborn: boolean): Promise<void> {
  let stage = first
  for (const step of steps) {
    await stage.while(stage.run.perform(route(step)))
    if (!reborn) continue
    stage = stage.reborn()
    await stage.begin()
  }
  await stage.until(() => scoreOf(lesson, stage.run.state()).percent === 100, TASK_MS)
  stage.run.finish()
  const { phase, steps: states } = stage.run.state()
  const open = states.filter(({ done }) => !done)
  demand(open.length === 0, `not done: ${JSON.stringify(open)}\n${stage.printed}`)
  demand(phase === 'done', 'it does not end')
  stage.run.stop()
}

async function goWrong(stage: Stage, all: readonly Mistake[]): Promise<void> {
  const silent = new Set(all)
  const passed = new Set<Mistake>()
  let over = false
  const look = (): void => {
    const { steps } = stage.run.state()
    for (const mistake of all) {
      const { hints = [], done } = steps[mistake.index] ?? {}
      if (hints.includes(mistake.wrong.raises)) silent.delete(mistake)
      // What was right on the way does not count.
      if (over && done) passed.add(mistake)
    }
  }
  const printed: string[] = []
  const end = stage.now + WRONG_MS
  for (const mistake of all) {
    await stage.while(stage.run.perform(mistake.wrong.deeds))
    printed.push(`${mistake.wrong.name}: ${stage.printed}`)
    // It is looked at by itself, before the next one is made.
    await stage.until(() => {
      look()
      return !silent.has(mistake)
    }, ALONE_MS)
  }
  over = true
  await stage.until(() => {
    look()
    return silent.size === 0
  }, WRONG_MS)
  await stage.until(() => passed.size > 0, end - stage.now, LONG_SLICE_MS)
  look()
  const told = (those: ReadonlySet<Mistake>): string =>
    [...those].map(({ id, index, wrong }) => `${id}: ${wrong.name} ${JSON.stringify(stage.run.state().steps[index])}`).join('\n')
  demand(passed.size === 0, `wrong routes pass:\n${told(passed)}`)
  demand(silent.size === 0, `hints are not raised:\n${told(silent)}\n${printed.join('\n')}`)
  stage.run.stop()
}
