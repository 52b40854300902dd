/** The list of lessons by chapter, with what one has done and where one may go on. */
import { Check, Play } from 'lucide-react'
import { useState } from 'react'
import type { Entry } from '#lessons/catalogue.ts'
import { FIRST_STEPS } from '#lessons/progress.ts'
import { useDesk } from '../../state/hooks.ts'
import { LINKED } from '../../state/lesson-link.ts'
import { t, type Word } from '../../words/index.ts'
import { Curricula } from './curricula.tsx'
import { Keeping } from './keeping.tsx'
import { useRoom, useRoomState } from './use-room.ts'

/** They stand after the last chapter. */
const EXAMS = 90

const CHAPTERS: Record<number, Word> = {
  0: 'First contact',
  1: 'Pods',
  2: 'Control loops and workloads',
  3: 'Services and networking',
  4: 'Configuration',
  5: 'Storage',
  6: 'Scheduling',
  7: 'Autoscaling',
  8: 'Security',
  9: 'The machinery of the API',
  10: 'Control plane and etcd',
  11: 'Finding faults',
  12: 'Packaging and delivery',
  13: 'Capstones',
  [EXAMS]: 'Exams',
}

export function List() {
  const room = useRoom()
  const [, setTaken] = useState(0)
  const mark = room.progress.bookmark()
  const last = room.entries.find(({ meta }) => meta.id === mark?.lesson && !room.progress.done().has(meta.id))
  const open = room.entries.find(({ meta }) => !room.progress.done().has(meta.id))
  const done = room.progress.done()
  const chapters = [...new Set(room.entries.map(({ meta }) => meta.chapter))]
  const all = [FIRST_STEPS, ...room.entries.map(({ meta }) => meta.id)]
  const finished = all.filter((id) => done.has(id)).length
  return (
    <div className="lesson-list">
      <p className="standing-words">
        {t(
          'Each lesson begins on a cluster of its own, in this page. What runs here now makes room for it. You cannot break anything.',
        )}
      </p>
      <p className="num progress-words">
        <progress value={finished} max={all.length} aria-label={t('Lessons done')} />{' '}
        {t('{finished} of {entries} done', { finished, entries: all.length })}
      </p>
      {last && <Here entry={last} />}
      {!last && open && finished > 0 && <Here entry={open} next />}
      <Keeping onTaken={() => setTaken((n) => n + 1)} />
      {chapters.map((chapter) => (
        <Chapter key={chapter} chapter={chapter} open={chapter === (last ?? open)?.meta.chapter || chapter === LINKED} />
      ))}
    </div>
  )
}

const named = (chapter: number): string => {
  if (chapter === LINKED) return t('From a link')
  const title = CHAPTERS[chapter] ? t(CHAPTERS[chapter]) : t('Chapter {chapter}', { chapter })
  return chapter === EXAMS ? title : `${chapter}. ${title}`
}

/** Only the one where one goes on stands open: all of them would be many screens. */
function Chapter({ chapter, open }: { chapter: number; open: boolean }) {
  const room = useRoom()
  const done = room.progress.done()
  const entries = room.entries.filter(({ meta }) => meta.chapter === chapter)
  const ids = [...(chapter === 0 ? [FIRST_STEPS] : []), ...entries.map(({ meta }) => meta.id)]
  return (
    <details className="chapter-of" open={open}>
      <summary>
        <h2 className="chapter">{named(chapter)}</h2>
        <span className="num">
          {t('{finished} of {entries} done', { finished: ids.filter((id) => done.has(id)).length, entries: ids.length })}
        </span>
      </summary>
      <ul>
        {chapter === 0 && <Toured done={done.has(FIRST_STEPS)} />}
        {entries.map((entry) => (
          <Row key={entry.meta.id} entry={entry} done={done.has(entry.meta.id)} />
        ))}
      </ul>
    </details>
  )
}

/** The second visit: where one was, or what comes next. */
function Here({ entry, next }: { entry: Entry; next?: boolean }) {
  const room = useRoom()
  const here = useRoomState((s) => s.lesson?.prose.meta.id) === entry.meta.id
  const go = (): void => (here ? room.store.setState({ listed: false }) : room.begin(entry))
  return (
    <p className="here">
      <span>{next ? t('Next for you:') : t('You were here:')}</span> <b>{entry.meta.title}</b>{' '}
      <button type="button" className="button primary" onClick={go}>
        {next ? t('Start') : t('Go on')}
      </button>
    </p>
  )
}

/** The first steps, as one of the list. */
function Toured({ done }: { done: boolean }) {
  const { lifeline, storage, choices, simulation } = useDesk()
  const again = (): void => {
    storage.set('welcomed', '')
    choices.setState({ lessonOpen: false })
    lifeline.getState().restart(null)
  }
  return (
    <li data-done={done || undefined}>
      <span className="tick" aria-hidden="true">
        {done && <Check size={13} strokeWidth={3} />}
      </span>
      <div>
        <b>{t('First steps')}</b>
        <p>{t('Break a shop, see who repairs it, and take it all back.')}</p>
        <p className="facts-line">
          {t('{minutes} min', { minutes: 2 })}
          {done && <span className="visually-hidden"> · {t('done')}</span>}
        </p>
      </div>
      {/* A real cluster is not to be broken. */}
      {simulation && (
        <button type="button" className="button" aria-label={t('Start {title}', { title: t('First steps') })} onClick={again}>
          <Play size={13} aria-hidden="true" /> {done ? t('Again') : t('Start')}
        </button>
      )}
    </li>
  )
}

function Row({ entry, done }: { entry: Entry; done: boolean }) {
  const room = useRoom()
  const { id, title, about, minutes, exam } = entry.meta
  const here = useRoomState((s) => s.lesson?.prose.meta.id) === id
  return (
    <li data-done={done || undefined}>
      <span className="tick" aria-hidden="true">
        {done && <Check size={13} strokeWidth={3} />}
      </span>
      <div>
        <b>{title}</b>
        <p>{about}</p>
        <p className="facts-line">
          {t('{minutes} min', { minutes })}
          <Curricula tags={exam} />
          {done && <span className="visually-hidden"> · {t('done')}</span>}
        </p>
      </div>
      {here ? (
        <button
          type="button"
          className="button primary"
          aria-label={t('Go on with {title}', { title })}
          onClick={() => room.store.setState({ listed: false })}
        >
          {t('Go on')}
        </button>
      ) : (
        <button type="button" className="button" aria-label={t('Start {title}', { title })} onClick={() => room.begin(entry)}>
          <Play size={13} aria-hidden="true" /> {done ? t('Again') : t('Start')}
        </button>
      )}
    </li>
  )
}
