/** A question of a lesson: choices to pick from, or a line to write; the answer stays until another is given. */
import { type FormEvent, useId, useState } from 'react'
import type { Verdict } from '#lessons/checks.ts'
import type { Question as Asked } from '#lessons/prose.ts'
import { t } from '../../words/index.ts'
import { useRoom, useRoomState } from './use-room.ts'
import { Phrase, Words } from './words.tsx'

interface QuestionProps {
  question: Asked
  verdict: Verdict
}

export function Question({ question, verdict }: QuestionProps) {
  const given = useRoomState((s) => s.run?.answers[question.id])
  const met = verdict === 'met'
  // A prediction is met whatever it says.
  const wrong = given !== undefined && !met
  return (
    <fieldset className="question" data-verdict={met ? 'met' : wrong ? 'wrong' : 'open'}>
      <legend>
        <Words>{question.text}</Words>
      </legend>
      {question.choices.length > 0 ? (
        <Choices question={question} given={given} />
      ) : (
        <Line question={question} given={given} met={met} />
      )}
      {wrong && <p className="not-so">{t('Not so. Look again.')}</p>}
    </fieldset>
  )
}

function Choices({ question, given }: { question: Asked; given: string | undefined }) {
  const room = useRoom()
  const name = useId()
  return (
    <div className="choices">
      {question.choices.map((choice) => (
        <label key={choice.id} className="choice">
          <input type="radio" name={name} checked={given === choice.id} onChange={() => room.answer(question.id, choice.id)} />
          <span>
            <Phrase>{choice.text}</Phrase>
          </span>
        </label>
      ))}
    </div>
  )
}

function Line({ question, given, met }: { question: Asked; given: string | undefined; met: boolean }) {
  const room = useRoom()
  const [text, setText] = useState(given ?? '')
  const answer = (event: FormEvent): void => {
    event.preventDefault()
    if (text.trim() !== '') room.answer(question.id, text)
  }
  return (
    <form className="answer nokey" onSubmit={answer}>
      <input
        className="mono"
        aria-label={t('Your answer')}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={met ? (given ?? text) : text}
        readOnly={met}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" className="button" disabled={met || text.trim() === ''}>
        {t('Answer')}
      </button>
    </form>
  )
}
