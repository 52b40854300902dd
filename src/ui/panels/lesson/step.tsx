/** One step of a lesson: its words, its questions and tasks, hints, and what it was all about once it is done. */
import { ArrowRight, Goal, Lightbulb, RotateCcw, Wand } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { StepProse } from '#lessons/prose.ts'
import { isLost, type StepState } from '#lessons/run.ts'
import { t } from '../../words/index.ts'
import { MAIN } from '../editor/files.ts'
import { Chain } from './chain.tsx'
import { isInFolder } from './hand-out.ts'
import { Question } from './question.tsx'
import { Tasks } from './tasks.tsx'
import { useRoom, useRoomState } from './use-room.ts'
import { Words } from './words.tsx'

export function Step({ prose, state }: { prose: StepProse; state: StepState }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const first = useRoomState((s) => s.shown) === 0
  useEffect(() => {
    if (!first) heading.current?.focus()
  }, [first])
  return (
    <article className="step">
      <h2 ref={heading} tabIndex={-1}>
        {prose.title}
      </h2>
      <Words>{prose.text}</Words>
      <Files text={prose.text} />
      {prose.questions.map((question) => (
        <Question key={question.id} question={question} verdict={state.goals[question.id] ?? 'open'} />
      ))}
      <Tasks items={prose.tasks.filter((t) => !prose.questions.some((q) => q.id === t.id))} goals={state.goals} />
      {!state.done && isLost(state) && <Lost />}
      {!state.done && <Help prose={prose} state={state} />}
      <Chain items={prose.chain} found={state.chain} />
      {state.done && (
        <section className="reveal" aria-label={t('What this was about')}>
          <Words>{prose.reveal}</Words>
        </section>
      )}
      <Announcer prose={prose} state={state} />
    </article>
  )
}

/** Files that the lesson hands out: the main one and whole folders at the beginning, others where the words name them. */
function Files({ text }: { text: string }) {
  const room = useRoom()
  const files = useRoomState((s) => s.lesson?.files)
  const shown = useRoomState((s) => s.shown)
  if (!files) return null
  const names = Object.keys(files)
  const together = shown === 0 ? names.filter(isInFolder) : []
  const given = names.filter((file) => !isInFolder(file) && (file === MAIN ? shown === 0 : text.includes(file)))
  return (
    <>
      {together.length > 0 && (
        <p>
          <button type="button" className="button" onClick={() => together.forEach(room.put)}>
            {t('Put the files into the editor')}
          </button>
        </p>
      )}
      {given.map((file) => (
        <p key={file}>
          <button type="button" className="button" onClick={() => room.put(file)}>
            {file === MAIN ? t('Put it into the editor') : t('Put {file} into the editor', { file })}
          </button>
        </p>
      ))}
    </>
  )
}

/** What should never have happened did: waiting does not help any more. */
function Lost() {
  return (
    <aside className="hint-card" data-raised role="alert">
      <RotateCcw size={16} aria-hidden="true" />
      <div className="words">
        <p>{t("This attempt can't count any more: what is crossed out has happened, and can't be undone.")}</p>
        <Anew />
      </div>
    </aside>
  )
}

function Help({ prose, state }: { prose: StepProse; state: StepState }) {
  const room = useRoom()
  const asked = useRoomState((s) => s.hinted)
  const showing = useRoomState((s) => s.showing)
  const key = (rung: number): string => `${prose.id}/${rung}`
  const ladder = prose.hints.filter(({ id }) => id === '')
  const next = ladder.findIndex((_, rung) => !asked.has(key(rung)))
  const ask = (): void => room.store.setState((s) => ({ hinted: new Set([...s.hinted, key(next)]) }))
  const shown = [
    ...ladder.filter((_, rung) => asked.has(key(rung))),
    ...prose.hints.filter(({ id }) => id !== '' && state.hints.includes(id)),
  ]
  return (
    <>
      {shown.map((hint) => (
        <HintCard key={hint.text} raised={hint.id !== ''} text={hint.text} />
      ))}
      <div className="helps">
        {next >= 0 && (
          <button type="button" className="button" onClick={ask}>
            <Lightbulb size={15} aria-hidden="true" /> {next === 0 ? t('Hint') : t('Another hint')}
          </button>
        )}
        <button type="button" className="button" disabled={showing} onClick={() => void room.show()}>
          <Wand size={15} aria-hidden="true" /> {showing ? t('Showing…') : t('Show me')}
        </button>
        <GoalSwitch step={prose.id} />
      </div>
    </>
  )
}

/** Who took a wrong turn can turn back at once: hints speak of it by this name. */
function Anew() {
  const room = useRoom()
  const id = useRoomState((s) => s.lesson?.prose.meta.id)
  const entry = room.entries.find(({ meta }) => meta.id === id)
  if (!entry) return null
  return (
    <button type="button" className="button" onClick={() => room.begin(entry)}>
      <RotateCcw size={15} aria-hidden="true" /> {t('Start again')}
    </button>
  )
}

/** Comes into view when it comes: below the fold nobody would look for it. */
function HintCard({ raised, text }: { raised: boolean; text: string }) {
  const card = useRef<HTMLElement>(null)
  // Of what scrolling answers in newer browsers nothing may be left: an effect's answer is its end.
  useEffect(() => void card.current?.scrollIntoView({ block: 'nearest' }), [])
  return (
    <aside ref={card} className="hint-card" data-raised={raised || undefined}>
      <Lightbulb size={16} aria-hidden="true" />
      <div>
        <Words>{text}</Words>
        {raised && <Anew />}
      </div>
    </aside>
  )
}

/** The goal as ghosts beside the present, and in words what still differs; it follows what one does. */
function GoalSwitch({ step }: { step: string }) {
  const room = useRoom()
  const goal = useRoomState((s) => s.goal)
  const shown = goal?.step === step
  return (
    <button
      type="button"
      className="button"
      aria-pressed={shown}
      disabled={goal?.step === step && goal.busy}
      onClick={() => (shown ? room.hideGoal() : void room.showGoal())}
    >
      <Goal size={15} aria-hidden="true" />{' '}
      {shown && goal.busy ? t('Looking ahead…') : shown ? t('Hide the goal') : t('Show the goal')}
    </button>
  )
}

/** The latest tick or hint, for those who listen. */
function Announcer({ prose, state }: { prose: StepProse; state: StepState }) {
  const last = prose.tasks.filter((task) => state.goals[task.id] === 'met').at(-1)
  const hint = prose.hints.find((h) => state.hints.includes(h.id))
  const said = state.done
    ? t('Step done.')
    : hint
      ? t('Hint: {text}', { text: hint.text })
      : last
        ? t('Done: {text}', { text: last.text })
        : ''
  return (
    <p role="status" className="visually-hidden">
      {said.replace(/[*`]|\]\([^)]*\)|\[/g, '')}
    </p>
  )
}

export function NextStep() {
  const room = useRoom()
  return (
    <button type="button" className="button primary" onClick={() => room.store.setState((s) => ({ shown: s.shown + 1 }))}>
      {t('Next')} <ArrowRight size={15} aria-hidden="true" />
    </button>
  )
}
