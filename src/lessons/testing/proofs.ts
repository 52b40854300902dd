/** What must hold for every lesson: it cannot be passed by doing nothing, its routes lead where they should, its words are true. */
import { type Deed, type Lesson, misfits, type Step, type WrongRoute } from '../lesson.ts'
import { symptomsIn } from '../prose.ts'
import { examProofsOf } from './exam-proofs.ts'
import { demand, type Proof } from './proof.ts'
import { type Pace, type Saved, Stage } from './stage.ts'

/** How long a learner might sit there, and how long a step may take after its last command; simulated ms. */
const IDLE_MS = 120_000
const STEP_MS = 420_000
const WRONG_MS = 90_000
const SLICE_MS = 100
const LONG_SLICE_MS = 800
/** Before the first command: the learner reads. */
const READ_MS = 1500

export function proofsOf(lesson: Lesson): Proof[] {
  if (lesson.prose.meta.limit !== undefined) return examProofsOf(lesson)
  const { seed } = lesson.prose.meta
  const beginnings = new Beginnings(lesson)
  const solution = (step: Step): readonly Deed[] => step.solution
  const second = (step: Step): readonly Deed[] => step.second ?? step.solution
  const passes = (name: string, at: { seed?: string; pace?: Pace; route?: typeof solution; reborn?: boolean }): Proof => ({
    name,
    prove: () => pass(beginnings, { seed, pace: SLICE_MS, route: solution, reborn: false, ...at }),
  })
  return [
    { name: 'words and facts fit together', prove: async () => demand(misfits(lesson).length === 0, misfits(lesson).join('; ')) },
    { name: 'doing nothing does not pass', prove: () => idle(beginnings, seed) },
    passes('its solution passes, its words are true', {}),
    passes('a second route passes', { route: second }),
    ...lesson.steps.flatMap((step, i) =>
      step.wrong.map((wrong) => ({
        name: `who ${wrong.name} gets the hint "${wrong.raises}"`,
        prove: () => goWrong(beginnings, seed, i, wrong),
      })),
    ),
    passes('it passes with another seed', { seed: `${seed}-second` }),
    passes('it passes with a third seed', { seed: `${seed}-third` }),
    // Whose time passes in waits meets no pace but theirs.
    ...(lesson.long
      ? []
      : [
          passes('it passes eight times as fast', { pace: LONG_SLICE_MS }),
          passes('it passes one event at a time', { pace: 'stepped' }),
        ]),
    passes('it passes when saved and loaded on the way', { reborn: true }),
  ]
}

/** Where proofs of a lesson begin: each seed's start, and where each step begins, is come to once and kept. */
class Beginnings {
  readonly lesson: Lesson
  readonly #kept = new Map<string, Saved>()

  constructor(lesson: Lesson) {
    this.lesson = lesson
  }

  /** A stage at the beginning of this step, those before it done by their solutions. */
  async at(seed: string, pace: Pace, index = 0): Promise<Stage> {
    const key = `${index} ${seed}`
    const saved = this.#kept.get(key)
    if (saved) {
      const stage = new Stage(this.lesson, pace, saved)
      await stage.begin()
      return stage
    }
    const stage = index === 0 ? await this.#first(seed, pace) : await this.#next(seed, index - 1)
    this.#kept.set(key, stage.keep())
    return stage
  }

  async #first(seed: string, pace: Pace): Promise<Stage> {
    const stage = new Stage(this.lesson, pace, seed)
    await stage.begin()
    const { phase, error } = stage.run.state()
    demand(phase === 'running', `it does not begin: ${error ?? phase}`)
    await stage.until(() => false, READ_MS)
    return stage
  }

  async #next(seed: string, index: number): Promise<Stage> {
    const stage = await this.at(seed, SLICE_MS, index)
    const step = this.lesson.steps[index]
    await stage.while(stage.run.perform(step?.solution ?? []))
    const done = await stage.until(() => stage.run.state().step > index, STEP_MS)
    demand(done, `step ${step?.id} before it is not done: ${JSON.stringify(stage.run.state().steps[index])}\n${stage.printed}`)
    return stage
  }
}

async function idle(beginnings: Beginnings, seed: string): Promise<void> {
  const stage = await beginnings.at(seed, SLICE_MS)
  await stage.until(() => stage.run.state().step > 0, IDLE_MS)
  const { step, steps } = stage.run.state()
  demand(step === 0, `the first step was done by nobody: ${JSON.stringify(steps[0])}`)
  stage.run.stop()
}

interface Way {
  seed: string
  pace: Pace
  route(step: Step): readonly Deed[]
  /** Whether the world and the run are saved and loaded after every deed. */
  reborn: boolean
}

async function pass(beginnings: Beginnings, { seed, pace, route, reborn }: Way): Promise<void> {
  const { lesson } = beginnings
  let stage = await beginnings.at(seed, pace)
  for (const [i, step] of lesson.steps.entries()) {
    demand(stage.run.state().step === i, `step ${step.id} is done before its time`)
    for (const deed of route(step)) {
      await stage.while(stage.run.perform([deed]))
      if (!reborn) continue
      stage = stage.reborn()
      await stage.begin()
    }
    const done = await stage.until(() => stage.run.state().step > i, STEP_MS)
    demand(done, `step ${step.id} is not done: ${JSON.stringify(stage.run.state().steps[i])}\n${stage.printed}`)
  }
  await stage.until(() => linksMissing(lesson, stage).length === 0, 10_000)
  demand(stage.run.state().phase === 'done', 'it is not done')
  if (route(lesson.steps[0] as Step) === lesson.steps[0]?.solution) truthful(lesson, stage)
  stage.run.stop()
}

const linksMissing = (lesson: Lesson, stage: Stage): string[] =>
  lesson.steps.flatMap((step, i) => Object.keys(step.chain ?? {}).slice(stage.run.state().steps[i]?.chain.length ?? 0))

/** Every link of the chains was found, every symptom the prose names was seen. */
function truthful(lesson: Lesson, stage: Stage): void {
  const missing = linksMissing(lesson, stage)
  demand(missing.length === 0, `the chain has no ${missing.join(', no ')}`)
  const told = stage.events()
  for (const step of lesson.prose.steps)
    for (const symptom of symptomsIn([step.text, step.reveal].join('\n')))
      demand(
        told.some((event) => new RegExp(symptom).test(event)),
        `${step.id}: no event says "${symptom}"`,
      )
}

async function goWrong(beginnings: Beginnings, seed: string, index: number, wrong: WrongRoute): Promise<void> {
  const { lesson } = beginnings
  const stage = await beginnings.at(seed, SLICE_MS, index)
  const { run } = stage
  await stage.while(run.perform(wrong.deeds))
  const raises = (): boolean => run.state().steps[index]?.hints.includes(wrong.raises) === true
  const passes = (): boolean => run.state().step > index
  const end = stage.now + WRONG_MS
  let raised = raises()
  const either = await stage.until(() => (raised ||= raises()) || passes(), WRONG_MS)
  // It might pass all the same; once passed it stays so, so it is enough to look less often.
  if (either) await stage.until(passes, end - stage.now, LONG_SLICE_MS)
  demand(stage.run.state().step === index, 'the wrong route passes')
  demand(raised, `the hint is not raised: ${JSON.stringify(stage.run.state().steps[index])}\n${stage.printed}`)
  const words = lesson.prose.steps[index]?.hints.find((h) => h.id === wrong.raises)
  demand(
    words !== undefined && symptomsIn(words.text).every((s) => stage.events().some((e) => new RegExp(s).test(e))),
    'the hint names what did not happen',
  )
  stage.run.stop()
}
