/** The lessons' dock: the list of lessons, or the one under way step by step. */
import { ArrowLeft, Link2, RotateCcw, X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import './lesson.css'
import type { Lesson } from '#lessons/lesson.ts'
import type { RunState } from '#lessons/run.ts'
import { useDesk } from '../../state/hooks.ts'
import { assignmentLink } from '../../state/lesson-link.ts'
import { t } from '../../words/index.ts'
import { Board } from './board.tsx'
import { Exam } from './exam.tsx'
import { List } from './list.tsx'
import { NextStep, Step } from './step.tsx'
import { useRoom, useRoomState } from './use-room.ts'

export default function Lessons() {
  const lesson = useRoomState((s) => s.lesson)
  const run = useRoomState((s) => s.run)
  const listed = useRoomState((s) => s.listed)
  const coming = useRoomState((s) => s.coming)
  const under = lesson && run && !listed ? { lesson, run } : null
  const room = useRoom()
  // Another language draws the page anew, over the same room.
  useEffect(() => void room.speak(), [room])
  return (
    <>
      <Header lesson={under?.lesson ?? null} />
      <div key={under ? under.lesson.prose.meta.id : 'list'} className="body lessons">
        {under ? <UnderWay {...under} /> : coming ? <Coming /> : <List />}
      </div>
    </>
  )
}

function Header({ lesson }: { lesson: Lesson | null }) {
  const { choices } = useDesk()
  const room = useRoom()
  const again = room.entries.find(({ meta }) => meta.id === lesson?.prose.meta.id)
  return (
    <header>
      {lesson && (
        <button
          type="button"
          className="icon"
          aria-label={t('All lessons')}
          title={t('All lessons')}
          onClick={() => room.store.setState({ listed: true })}
        >
          <ArrowLeft size={16} />
        </button>
      )}
      <b className="lesson-title">{lesson ? lesson.prose.meta.title : t('Lessons')}</b>
      {lesson && <Assign id={lesson.prose.meta.id} />}
      {again && (
        <button
          type="button"
          className="icon"
          aria-label={t('Start again')}
          title={t('Start again, on a fresh cluster')}
          onClick={() => room.begin(again)}
        >
          <RotateCcw size={15} />
        </button>
      )}
      <button
        type="button"
        className="icon"
        aria-label={t('Close the lessons')}
        title={t('Close')}
        onClick={() => choices.setState({ lessonOpen: false, screen: 'graph' })}
      >
        <X size={16} />
      </button>
    </header>
  )
}

/** Nothing is shown that would be taken away again: neither the list nor another lesson. */
const Coming = () => <p className="loading">{t('One moment…')}</p>

/** The link that brings others to this lesson. */
function Assign({ id }: { id: string }) {
  const { story } = useDesk()
  const copy = (): void => {
    void navigator.clipboard?.writeText(assignmentLink(location.href, id)).then(
      () => story.say(t('The link to this lesson is copied: send it to your class.')),
      () => {},
    )
  }
  return (
    <button
      type="button"
      className="icon"
      aria-label={t('Copy the link to this lesson')}
      title={t('Copy the link to this lesson')}
      onClick={copy}
    >
      <Link2 size={15} />
    </button>
  )
}

function UnderWay({ lesson, run }: { lesson: Lesson; run: RunState }) {
  const room = useRoom()
  const shown = useRoomState((s) => s.shown)
  const top = useRef<HTMLDivElement>(null)
  // A new step is read from its beginning.
  // biome-ignore lint/correctness/useExhaustiveDependencies: it runs because another step is shown
  useEffect(() => {
    top.current?.closest('.body')?.scrollTo(0, 0)
  }, [shown])
  if (run.phase === 'failed')
    return (
      <p className="loading" role="alert">
        {t('This lesson could not begin: {error}', { error: run.error ?? '' })}
      </p>
    )
  if (run.phase === 'starting') return <p className="loading">{t('The lesson sets up its cluster…')}</p>
  if (lesson.prose.meta.limit !== undefined) return <Exam lesson={lesson} run={run} limit={lesson.prose.meta.limit} />
  const [prose, state] = [lesson.prose.steps[shown], run.steps[shown]]
  const count = lesson.steps.length
  return (
    <div className="lesson" ref={top}>
      <nav className="steps" aria-label={t('Step {n} of {count}', { n: shown + 1, count })}>
        {run.steps.map((step, i) => (
          <button
            key={step.id}
            type="button"
            aria-label={step.done ? t('Step {n}, done', { n: i + 1 }) : t('Step {n}', { n: i + 1 })}
            aria-current={i === shown ? 'step' : undefined}
            data-done={step.done || undefined}
            disabled={i > run.step}
            onClick={() => room.store.setState({ shown: i })}
          />
        ))}
        <span className="num">{t('Step {n} of {count}', { n: shown + 1, count })}</span>
      </nav>
      <Board items={lesson.prose.board ?? []} texts={run.board} />
      {prose && state && <Step key={prose.id} prose={prose} state={state} />}
      {state?.done && <footer className="onward">{shown + 1 < count ? <NextStep /> : <Finished lesson={lesson} />}</footer>}
    </div>
  )
}

/** To be handed in: what was done, as text. */
function Receipt({ lesson }: { lesson: Lesson }) {
  const { clock } = useDesk()
  const [text, setText] = useState('')
  const make = async (): Promise<void> => {
    const { receipt } = await import('../../app/embedding-lesson.ts')
    const time = clock.store.getState().status?.elapsed ?? 0
    const paper = JSON.stringify(await receipt({ clock }, { lesson: lesson.prose.meta.id, steps: lesson.steps.length }, time))
    setText(paper)
    await navigator.clipboard?.writeText(paper).catch(() => {})
  }
  if (text)
    return (
      <label className="receipt">
        {t('Your receipt, copied. It tells what was done, and proves nothing.')}
        <textarea className="mono" readOnly rows={3} value={text} onFocus={(event) => event.target.select()} />
      </label>
    )
  return (
    <button type="button" className="button" onClick={() => void make()}>
      {t('Copy a receipt')}
    </button>
  )
}

/** The end of a lesson, and the door to the next. */
function Finished({ lesson }: { lesson: Lesson }) {
  const room = useRoom()
  const at = room.entries.findIndex(({ meta }) => meta.id === lesson.prose.meta.id)
  const next = room.entries[at + 1]
  return (
    <div className="finished">
      <p>
        <b>{t('Lesson done.')}</b> {t('The cluster is yours: play on, or go on.')}
      </p>
      <Receipt lesson={lesson} />
      {next ? (
        <button type="button" className="button primary" onClick={() => room.begin(next)}>
          {t('Next lesson: {title}', { title: next.meta.title })}
        </button>
      ) : (
        <button type="button" className="button primary" onClick={() => room.store.setState({ listed: true })}>
          {t('All lessons')}
        </button>
      )}
    </div>
  )
}
