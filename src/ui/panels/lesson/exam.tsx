/** An exam: tasks in any order against the clock, without help; at its end a score, and what was missed. */
import { Flag, Lightbulb } from 'lucide-react'
import { useEffect, useState } from 'react'
import type { Deed, Lesson, Step } from '#lessons/lesson.ts'
import type { StepProse } from '#lessons/prose.ts'
import type { RunState, StepState } from '#lessons/run.ts'
import { PASS_PERCENT, type Score, scoreOf } from '#lessons/score.ts'
import { t } from '../../words/index.ts'
import { Tasks } from './tasks.tsx'
import { useRoom, useRoomState } from './use-room.ts'
import { Words } from './words.tsx'

interface ExamProps {
  lesson: Lesson
  run: RunState
  /** Minutes. */
  limit: number
}

export function Exam({ lesson, run, limit }: ExamProps) {
  const shown = useRoomState((s) => s.shown)
  const over = run.phase === 'done'
  const score = over ? scoreOf(lesson, run) : null
  const [prose, step, state] = [lesson.prose.steps[shown], lesson.steps[shown], run.steps[shown]]
  return (
    <div className="lesson exam">
      {score ? <Outcome score={score} /> : <Clock limit={limit} />}
      <TaskList lesson={lesson} score={score} />
      {prose && step && state && <Task key={prose.id} prose={prose} step={step} state={state} over={over} />}
      {!over && <End />}
    </div>
  )
}

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS

/** The wall's clock: a cluster that is paused gives no more time. */
function Clock({ limit }: { limit: number }) {
  const room = useRoom()
  const began = useRoomState((s) => s.began)
  const [now, setNow] = useState(Date.now)
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), SECOND_MS)
    return () => clearInterval(timer)
  }, [])
  const left = Math.max(0, (began ?? now) + limit * MINUTE_MS - now)
  useEffect(() => {
    if (left === 0) room.finish()
  }, [left, room])
  const minutes = Math.floor(left / MINUTE_MS)
  const seconds = String(Math.floor((left % MINUTE_MS) / SECOND_MS)).padStart(2, '0')
  return (
    <p className="exam-clock" role="timer">
      {t('Time left:')} <b className="num">{`${minutes}:${seconds}`}</b>
    </p>
  )
}

function TaskList({ lesson, score }: { lesson: Lesson; score: Score | null }) {
  const room = useRoom()
  const shown = useRoomState((s) => s.shown)
  const all = lesson.steps.reduce((sum, { weight = 1 }) => sum + weight, 0)
  return (
    <ol className="exam-tasks">
      {lesson.prose.steps.map(({ id, title }, i) => {
        const weight = Math.round((100 * (lesson.steps[i]?.weight ?? 1)) / all)
        const task = score?.tasks[i]
        return (
          <li key={id}>
            <button
              type="button"
              className="link"
              aria-current={i === shown ? 'step' : undefined}
              onClick={() => room.store.setState({ shown: i })}
            >
              {title}
            </button>{' '}
            <span className="num">
              {task ? `${Math.round((weight * task.points) / task.weight)} / ${weight} %` : `${weight} %`}
            </span>
          </li>
        )
      })}
    </ol>
  )
}

interface TaskProps {
  prose: StepProse
  step: Step
  state: StepState
  over: boolean
}

/** Files in a folder that the task's words name. */
function Files({ text }: { text: string }) {
  const room = useRoom()
  const files = useRoomState((s) => s.lesson?.files)
  const names = Object.keys(files ?? {}).filter((file) => {
    const folder = file.slice(0, file.lastIndexOf('/'))
    return folder !== '' && (text.includes(`\`${folder}\``) || text.includes(`${folder}/`))
  })
  if (names.length === 0) return null
  return (
    <p>
      <button type="button" className="button" onClick={() => names.forEach(room.put)}>
        {t('Put the files into the editor')}
      </button>
    </p>
  )
}

/** While it is on, nobody says what is right already. */
function Task({ prose, step, state, over }: TaskProps) {
  const raised = over ? prose.hints.filter(({ id }) => state.hints.includes(id)) : []
  return (
    <article className="step">
      <h2>{prose.title}</h2>
      <Words>{prose.text}</Words>
      <Files text={prose.text} />
      {over && <Tasks items={prose.tasks} goals={state.goals} />}
      {raised.map((hint) => (
        <aside key={hint.id} className="hint-card" data-raised>
          <Lightbulb size={16} aria-hidden="true" />
          <Words>{hint.text}</Words>
        </aside>
      ))}
      {over && (
        <section className="reveal" aria-label={t('One way to do it')}>
          <h3>{t('One way to do it')}</h3>
          <pre className="mono exam-way">{step.solution.map(asLine).join('\n')}</pre>
          <Words>{prose.reveal}</Words>
        </section>
      )}
    </article>
  )
}

function asLine(deed: Deed): string {
  if (typeof deed === 'string') return deed
  return 'write' in deed ? `# ${deed.write}\n${deed.text}` : ''
}

/** Asked twice: what is handed in stays. */
function End() {
  const room = useRoom()
  const [sure, setSure] = useState(false)
  return (
    <footer className="onward helps">
      <button type="button" className="button primary" onClick={() => (sure ? room.finish() : setSure(true))}>
        <Flag size={15} aria-hidden="true" /> {sure ? t('Yes, hand it in') : t('Hand it in')}
      </button>
      {sure && (
        <button type="button" className="button" onClick={() => setSure(false)}>
          {t('Not yet')}
        </button>
      )}
    </footer>
  )
}

function Outcome({ score }: { score: Score }) {
  return (
    <p className="exam-outcome" role="status">
      <b className="num">{score.percent} %</b>{' '}
      {score.passed
        ? t('Passed: {least} % are needed.', { least: PASS_PERCENT })
        : t('Not passed: {least} % are needed. Look at what was missed, and try again.', { least: PASS_PERCENT })}
    </p>
  )
}
