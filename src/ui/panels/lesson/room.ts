/** The room where lessons happen: which one is under way on this desk's cluster, its run, and what the reader looks at. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Stop } from '#api/request.ts'
import type { Entry } from '#lessons/catalogue.ts'
import { catalogue } from '#lessons/catalogue.ts'
import { type Lesson, rightAnswer } from '#lessons/lesson.ts'
import { type Bookmark, createProgress, type Progress } from '#lessons/progress.ts'
import { createLessonRun, type LessonRun, type RunState } from '#lessons/run.ts'
import { scoreOf } from '#lessons/score.ts'
import { spokenIn } from '#lessons/translation.ts'
import { CLOCK } from '#lessons/without.ts'
import { WIDE_PX } from '../../state/choices.ts'
import type { Desk } from '../../state/desk.ts'
import { linkedLessons } from '../../state/lesson-link.ts'
import { language, t } from '../../words/index.ts'
import { readFiles, writeFile } from '../editor/files.ts'
import { openShell } from '../terminal/shell.ts'
import { missingFiles } from './hand-out.ts'

export interface RoomState {
  /** A lesson was begun here, or on this page before: whether it is this cluster's is not known yet. */
  coming: boolean
  lesson: Lesson | null
  run: RunState | null
  /** The step on the page: the reader may linger at one that is done. */
  shown: number
  /** The list of lessons, though one is under way. */
  listed: boolean
  /** Hints that were asked for, as `step/0`, `step/1`: from the general to the direct. */
  hinted: ReadonlySet<string>
  /** The way is being shown: commands run one after another. */
  showing: boolean
  /** When the exam began, in ms of the wall's clock; exams have a limit there. */
  began: number | null
  /** The step whose goal is drawn as ghosts. */
  goal: { step: string; busy: boolean } | null
}

export interface Room {
  readonly entries: readonly Entry[]
  readonly progress: Progress
  readonly store: StoreApi<RoomState>
  /** Begins a lesson on a cluster of its own; this desk's ends. */
  begin(entry: Entry): void
  answer(id: string, text: string): void
  /** Does what the step's solution does, for all to see. */
  show(): Promise<void>
  /** Draws the step's goal as ghosts, until it is hidden or reached. */
  showGoal(): Promise<void>
  hideGoal(): void
  /** Ends the exam that is under way. */
  finish(): void
  /** Runs one line for the reader. */
  type(command: string): Promise<string>
  /** Opens a file of the lesson in the editor. */
  put(file: string): void
  /** Says everything in the page's language, as far as it is translated. */
  speak(): Promise<void>
}

const PAUSE_MS = 700
const KEEP_MS = 1000
const LARGEST_OUTPUT = 12_000

const EMPTY: RoomState = {
  coming: false,
  lesson: null,
  run: null,
  shown: 0,
  listed: false,
  hinted: new Set(),
  showing: false,
  began: null,
  goal: null,
}

/** One room per desk, made when lessons are first looked at; it goes when the desk goes. */
const rooms = new WeakMap<Desk, Room>()

export function roomOf(desk: Desk): Room {
  const room = rooms.get(desk) ?? createRoom(desk)
  rooms.set(desk, room)
  return room
}

function createRoom(desk: Desk): Room {
  const entries: Entry[] = catalogue()
  const progress = createProgress(desk.storage)
  const store = createStore<RoomState>()(() => ({
    ...EMPTY,
    coming: progress.bookmark() !== null && desk.simulation !== undefined,
  }))
  const hands = createHands(desk)
  let run: LessonRun | null = null
  const speak = async (): Promise<void> => {
    const [spoken, linked] = await Promise.all([spokenIn(language()), linkedLessons(desk.storage)])
    entries.splice(0, entries.length, ...catalogue(spoken), ...linked)
    const prose = await entries.find(({ meta }) => meta.id === store.getState().lesson?.prose.meta.id)?.prose()
    store.setState(({ lesson, hinted }) => ({ hinted: new Set(hinted), lesson: lesson && prose ? { ...lesson, prose } : lesson }))
  }
  void speak()
    .then(() => resume(desk, entries, progress, hands))
    .then((resumed) => {
      if (!resumed) return
      run = resumed
      follow(resumed, desk, store, progress)
    })
    .finally(() => store.setState({ coming: false }))
  return {
    entries,
    progress,
    store,
    speak,
    begin({ meta }) {
      run?.stop()
      const again = progress.bookmark()?.lesson === meta.id
      // Another attempt meets another cluster: names and answers differ.
      const seed = again ? `${meta.seed}-${Math.floor(Math.random() * 1e6)}` : meta.seed
      progress.mark({ lesson: meta.id, seed })
      // Who takes a lesson needs no first hint.
      desk.storage.set('welcomed', '1')
      desk.lifeline.getState().begin({
        seed,
        nodes: meta.nodes,
        ...(meta.controlPlanes > 1 ? { controlPlanes: meta.controlPlanes } : {}),
        scene: meta.scene,
        ...(meta.addons.length > 0 ? { addons: meta.addons } : {}),
      })
    },
    answer: (id, text) => run?.answer(id, text),
    finish: () => run?.finish(),
    async show() {
      const { lesson, shown } = store.getState()
      const step = lesson?.steps[shown]
      if (!run || !step || store.getState().showing) return
      store.setState({ showing: true })
      desk.choices.setState({ terminalOpen: true })
      for (const [file, text] of missingFiles(lesson, shown, readFiles(desk.storage))) hands.write(file, text)
      for (const deed of step.solution) {
        // A prediction stays the reader's own.
        if (typeof deed === 'object' && 'answer' in deed && store.getState().run?.steps[shown]?.goals[deed.answer] === 'met')
          continue
        await run.perform([deed])
        await new Promise((done) => setTimeout(done, PAUSE_MS))
      }
      store.setState({ showing: false })
    },
    ...goalShow(desk, store),
    type(command) {
      desk.choices.setState({ terminalOpen: true, screen: 'terminal' })
      return hands.shell(command)
    },
    put(file) {
      const text = store.getState().lesson?.files?.[file]
      if (text !== undefined) hands.write(file, text)
    },
  }
}

/** While it is shown, what differs is found anew with what one does. */
function goalShow(desk: Desk, store: StoreApi<RoomState>): Pick<Room, 'showGoal' | 'hideGoal'> {
  let stop: Stop = () => {}
  const hideGoal = (): void => {
    stop()
    store.setState({ goal: null })
    desk.choices.setState({ outlook: null })
  }
  return {
    hideGoal,
    async showGoal() {
      const { lesson, shown } = store.getState()
      const step = lesson?.steps[shown]
      if (!step) return
      store.setState({ goal: { step: step.id, busy: true } })
      const { goalOf, differences } = await import('./goal.ts')
      try {
        const goal = await goalOf(desk, step.solution)
        const draw = (): void => desk.choices.setState({ outlook: differences(desk, goal) })
        draw()
        stop()
        const stops = [
          desk.scene.topics.subscribe('mirror', draw),
          desk.choices.subscribe(({ outlook }, before) => {
            // Closed by hand.
            if (!outlook && before.outlook) hideGoal()
          }),
          store.subscribe(({ shown: now, run }) => (now !== shown || run?.steps[shown]?.done) && hideGoal()),
        ]
        stop = () => {
          stop = () => {}
          for (const end of stops) end()
        }
        store.setState({ goal: { step: step.id, busy: false } })
      } catch (error) {
        store.setState({ goal: null })
        desk.story.say(t('The goal cannot be shown: {reason}', { reason: String(error) }))
      }
    },
  }
}

interface Hands {
  shell(command: string): Promise<string>
  write(file: string, text: string): void
}

/** What a lesson does in the learner's place is seen: commands in the terminal, texts in the editor. */
function createHands(desk: Desk): Hands {
  const shell = openShell(desk)
  return {
    async shell(command) {
      let out = ''
      let wrong = ''
      const signal = new AbortController().signal
      const status = await shell.run(command, {
        write: (text) => void (out += text),
        error: (text) => void (wrong += text),
        signal,
        columns: 100,
      })
      const answer = `${out}${wrong}`.replace(/\n$/, '')
      desk.terminal.write({ command, answer: answer.slice(0, LARGEST_OUTPUT), failed: status !== 0 })
      return out
    },
    write(file, text) {
      writeFile(desk.storage, file, text)
      desk.choices.setState({ deskOpen: true, tab: 'editor', file })
      desk.topics.touch('draft')
      desk.topics.tell()
    },
  }
}

/** The lesson whose cluster this is, if it is one's. */
async function resume(desk: Desk, entries: readonly Entry[], progress: Progress, hands: Hands): Promise<LessonRun | null> {
  const mark = progress.bookmark()
  const entry = entries.find(({ meta }) => meta.id === mark?.lesson)
  if (!mark || !entry || !desk.simulation) return null
  const { seed } = await desk.simulation.status()
  if (seed !== mark.seed) return null
  const lesson = await entry.load()
  return createLessonRun(lesson, { transport: desk.transport, seed, ...hands, saved: mark.run })
}

function follow(run: LessonRun, desk: Desk, store: StoreApi<RoomState>, progress: Progress): void {
  const fresh = progress.bookmark()?.run === undefined
  const { id } = run.lesson.prose.meta
  const last = run.lesson.steps.length - 1
  let waiting = false
  const keep = (): void => {
    waiting = false
    removeEventListener('pagehide', keep)
    const mark: Bookmark | null = progress.bookmark()
    // Another tab, or another lesson, has taken the bookmark.
    if (mark?.lesson === id && mark.seed === desk.clock.store.getState().status?.seed)
      progress.mark({ ...mark, run: run.save(), shown: store.getState().shown, board: boardOf(run) })
  }
  const soon = (): void => {
    if (waiting || run.state().phase === 'starting' || run.state().phase === 'failed') return
    // That the stage is set is kept at once: on a reload it must not be set again.
    if (progress.bookmark()?.run === undefined) return keep()
    waiting = true
    // Who leaves before then loses nothing.
    addEventListener('pagehide', keep)
    setTimeout(() => waiting && keep(), KEEP_MS)
  }
  run.subscribe(() => {
    const { limit } = run.lesson.prose.meta
    if (run.state().phase === 'done' && (limit === undefined || scoreOf(run.lesson, run.state()).passed)) progress.finish(id)
    remember(run, progress)
    store.setState({ run: run.state() })
  })
  const { without } = run.lesson.prose.meta
  desk.choices.setState({ without })
  // The clock is withheld: it goes as the wall's does.
  if (without.includes(CLOCK)) void desk.simulation?.setSpeed(1)
  const began = (): void => {
    const mark = progress.bookmark()
    if (!mark || run.lesson.prose.meta.limit === undefined || run.state().phase !== 'running') return
    if (mark.began === undefined) progress.mark({ ...mark, began: Date.now() })
    store.setState({ began: progress.bookmark()?.began ?? Date.now() })
  }
  store.setState({ lesson: run.lesson, run: run.state(), shown: progress.bookmark()?.shown ?? Math.min(run.state().step, last) })
  store.subscribe(soon)
  void run.start().then(() => {
    began()
    if (!fresh || run.state().phase !== 'running') return
    if (run.lesson.files && innerWidth >= WIDE_PX) desk.choices.setState({ deskOpen: true, tab: 'editor' })
    // What set the scene is not the story.
    desk.story.hush()
    desk.story.say(t('The stage is set: the lesson begins.'))
  })
}

/** When it is done, what it came to. */
const boardOf = (run: LessonRun): Bookmark['board'] => (run.state().phase === 'done' ? run.state().board : undefined)

/** What was guessed is kept, beside what would have been right: the first guess counts. */
function remember(run: LessonRun, progress: Progress): void {
  const { answers } = run.state()
  const { id } = run.lesson.prose.meta
  for (const step of run.lesson.steps)
    for (const question of Object.keys(step.goals)) {
      const right = rightAnswer(step, question)
      const given = answers[question]
      if (given !== undefined && right !== undefined) progress.guess(id, question, { given, right })
    }
}
