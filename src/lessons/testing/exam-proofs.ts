/** What must hold for every exam: nothing is given away, every task can be done, in any order, and mistakes are told apart. */
import { type Lesson, misfits, type Step, type WrongRoute } from '../lesson.ts'
import { scoreOf } from '../score.ts'
import { demand, type Proof } from './proof.ts'
import { type Saved, Stage } from './stage.ts'

const SLICE_MS = 200
const IDLE_MS = 120_000
const TASK_MS = 240_000
const WRONG_MS = 60_000
/** Once done stays done: after the hint it is enough to look less often. */
const LONG_SLICE_MS = 800

export function examProofsOf(lesson: Lesson): Proof[] {
  const { seed } = lesson.prose.meta
  const kept = new Map<string, Saved>()
  const begun = async (from: string): Promise<Stage> => {
    const saved = kept.get(from)
    const stage = new Stage(lesson, SLICE_MS, saved ?? from)
    await stage.begin()
    const { phase, error } = stage.run.state()
    demand(phase === 'running', `it does not begin: ${error ?? phase}`)
    if (!saved) kept.set(from, stage.save())
    return stage
  }
  const passes = (name: string, steps: readonly Step[], from = seed, reborn = false): Proof => ({
    name,
    prove: async () => solve(await begun(from), lesson, steps, reborn),
  })
  const backwards = lesson.steps.toReversed()
  return [
    { name: 'words and facts fit together', prove: async () => demand(misfits(lesson).length === 0, misfits(lesson).join('; ')) },
    { name: 'doing nothing earns nothing', prove: async () => idle(await begun(seed), lesson) },
    passes('its solutions earn everything', lesson.steps),
    passes('in the other order, too', backwards),
    passes('and with another seed', lesson.steps, `${seed}-second`),
    passes('and when saved and loaded on the way', lesson.steps, seed, true),
    ...lesson.steps.flatMap((step, i) => [
      ...(step.second
        ? [{ name: `${step.id}: another way`, prove: async () => other(await begun(seed), i, step.second ?? []) }]
        : []),
      ...step.wrong.map((wrong) => ({
        name: `${step.id}: who ${wrong.name} is told "${wrong.raises}"`,
        prove: async () => goWrong(await begun(seed), i, wrong),
      })),
    ]),
  ]
}

async function idle(stage: Stage, lesson: Lesson): Promise<void> {
  await stage.until(() => false, IDLE_MS)
  const { percent, tasks } = scoreOf(lesson, stage.run.state())
  demand(
    percent === 0,
    `nobody did anything, and it counts ${percent} %: ${JSON.stringify(tasks.filter((task) => task.points > 0))}`,
  )
  stage.run.stop()
}

async function solve(first: Stage, lesson: Lesson, steps: readonly Step[], reborn: boolean): Promise<void> {
  let stage = first
  for (const step of steps) {
    await stage.while(stage.run.perform(step.solution))
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

async function other(stage: Stage, index: number, deeds: Step['solution']): Promise<void> {
  await stage.while(stage.run.perform(deeds))
  const done = await stage.until(() => stage.run.state().steps[index]?.done === true, TASK_MS)
  demand(done, `not done: ${JSON.stringify(stage.run.state().steps[index])}\n${stage.printed}`)
  stage.run.stop()
}

async function goWrong(stage: Stage, index: number, wrong: WrongRoute): Promise<void> {
  const task = () => stage.run.state().steps[index]
  await stage.while(stage.run.perform(wrong.deeds))
  const end = stage.now + WRONG_MS
  const raised = await stage.until(() => task()?.hints.includes(wrong.raises) === true, WRONG_MS)
  await stage.until(() => task()?.done === true, end - stage.now, LONG_SLICE_MS)
  demand(task()?.done !== true, 'the wrong route passes')
  demand(raised, `the hint is not raised: ${JSON.stringify(task())}\n${stage.printed}`)
  stage.run.stop()
}
