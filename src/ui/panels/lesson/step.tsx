/** One step of a lesson: its words, its questions and tasks, hints, and what it was all about once it is done. */
import { ArrowRight, Lightbulb, Wand } from 'lucide-react'
import { useEffect, useRef } from 'react'
import type { StepProse } from '#lessons/prose.ts'
import type { StepState } from '#lessons/run.ts'
import { Chain } from './chain.tsx'
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
      <Files />
      {prose.questions.map((question) => (
        <Question key={question.id} question={question} verdict={state.goals[question.id] ?? 'open'} />
      ))}
      <Tasks items={prose.tasks.filter((t) => !prose.questions.some((q) => q.id === t.id))} goals={state.goals} />
      {!state.done && <Help prose={prose} state={state} />}
      <Chain items={prose.chain} found={state.chain} />
      {state.done && (
        <section className="reveal" aria-label="What this was about">
          <Words>{prose.reveal}</Words>
        </section>
      )}
      <Announcer prose={prose} state={state} />
    </article>
  )
}

/** Files that the lesson hands out. */
function Files() {
  const room = useRoom()
  const files = useRoomState((s) => s.lesson?.files)
  const shown = useRoomState((s) => s.shown)
  if (!files || shown > 0) return null
  return Object.keys(files).map((file) => (
    <p key={file}>
      <button type="button" className="button" onClick={() => room.put(file)}>
        Put it into the editor
      </button>
    </p>
  ))
}

function Help({ prose, state }: { prose: StepProse; state: StepState }) {
  const room = useRoom()
  const asked = useRoomState((s) => s.hinted.has(prose.id))
  const showing = useRoomState((s) => s.showing)
  const ask = (): void => room.store.setState((s) => ({ hinted: new Set([...s.hinted, prose.id]) }))
  const shown = prose.hints.filter((hint) => (hint.id === '' ? asked : state.hints.includes(hint.id)))
  return (
    <>
      {shown.map((hint) => (
        <aside key={hint.id} className="hint-card" data-raised={hint.id !== '' || undefined}>
          <Lightbulb size={16} aria-hidden="true" />
          <Words>{hint.text}</Words>
        </aside>
      ))}
      <div className="helps">
        {!asked && (
          <button type="button" className="button" onClick={ask}>
            <Lightbulb size={15} aria-hidden="true" /> Hint
          </button>
        )}
        <button type="button" className="button" disabled={showing} onClick={() => void room.show()}>
          <Wand size={15} aria-hidden="true" /> {showing ? 'Showing…' : 'Show me'}
        </button>
      </div>
    </>
  )
}

/** The latest tick or hint, for those who listen. */
function Announcer({ prose, state }: { prose: StepProse; state: StepState }) {
  const last = prose.tasks.filter((task) => state.goals[task.id] === 'met').at(-1)
  const hint = prose.hints.find((h) => state.hints.includes(h.id))
  const said = state.done ? 'Step done.' : hint ? `Hint: ${hint.text}` : last ? `Done: ${last.text}` : ''
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
      Next <ArrowRight size={15} aria-hidden="true" />
    </button>
  )
}
