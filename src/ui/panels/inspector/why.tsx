/** Why it is so: what is in the way, the chain of causes behind it, and how its last request went. */
import { Check, CircleHelp, Clock, Copy, X } from 'lucide-react'
import { useStore } from 'zustand'
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import { Way } from '../../parts/way.tsx'
import { Whole } from '../../parts/whole.tsx'
import { select } from '../../state/choices.ts'
import { clockText } from '../../state/clock.ts'
import { refOf } from '../../state/focus.ts'
import { useCalmScene, useClock, useDesk, usePage } from '../../state/hooks.ts'
import { shortName } from '../../state/look.ts'
import { deedOf } from '../../state/sentences.ts'
import { isLost } from '../../state/traffic.ts'
import { chainOf } from '../../state/why/chain.ts'
import { type Explained, explain, type Finding } from '../../state/why/index.ts'
import { said, t, type Word } from '../../words/index.ts'

export function Why({ object }: { object: AnyObject }) {
  const desk = useDesk()
  useCalmScene('mirror', 500)
  useStore(desk.verdict)
  return (
    <div className="why">
      {explain(desk, object).map((explained) => (
        <Answer key={explained.question} explained={explained} />
      ))}
      <Owners object={object} />
      <Chain object={object} />
      {object.kind === 'Pod' && <LastRequest pod={keyOf(object.metadata)} />}
    </div>
  )
}

const SIGNS: Record<Finding['tone'], [typeof Check, Word]> = {
  ok: [Check, 'fine'],
  bad: [X, 'in the way'],
  wait: [Clock, 'under way'],
  unknown: [CircleHelp, 'not known'],
}

function Answer({ explained: { question, findings } }: { explained: Explained }) {
  return (
    <section className="answer" aria-label={question}>
      <h3>{question}</h3>
      <ul>
        {findings.map((finding) => (
          <Line key={finding.title + finding.text} finding={finding} />
        ))}
      </ul>
    </section>
  )
}

function Line({ finding: { tone, title, text, command } }: { finding: Finding }) {
  const [Sign, word] = SIGNS[tone]
  return (
    <li data-tone={tone}>
      <Sign size={15} role="img" aria-label={t(word)} />
      <div>
        <b>{title}</b> {text}
        {command && <Command text={command} />}
      </div>
    </li>
  )
}

export function Command({ text }: { text: string }) {
  return (
    <code className="command">
      <span>
        <Whole>{text}</Whole>
      </span>
      <button
        type="button"
        className="icon"
        aria-label={t('Copy: {text}', { text })}
        title={t('Copy')}
        onClick={() => void navigator.clipboard?.writeText(text)}
      >
        <Copy size={13} />
      </button>
    </code>
  )
}

function Owners({ object }: { object: AnyObject }) {
  const { scene, choices } = useDesk()
  const chain = scene.owners(object).reverse()
  if (chain.length === 0)
    return object.kind === 'Pod' ? <p>{t('Nobody owns this pod: if it goes, nobody brings it back.')}</p> : null
  return (
    <p className="chain">
      {chain.map((owner) => (
        <span key={owner.kind + owner.metadata.name}>
          <button type="button" className="link" onClick={() => select(choices, refOf(owner))}>
            {owner.kind} {owner.metadata.name}
          </button>
          <i aria-hidden="true"> {t('owns')} </i>
        </span>
      ))}
      <b>{t('this {kind}', { kind: object.kind })}</b>
    </p>
  )
}

/** Newest first: who did what, because of what. */
function Chain({ object }: { object: AnyObject }) {
  const desk = useDesk()
  const start = useClock((s) => (s ? s.now - s.elapsed : 0))
  useClock((s) => Math.floor((s?.now ?? 0) / 1000))
  const links = chainOf(desk, object)
  if (links.length === 0)
    return desk.simulation ? <p className="empty">{t('Nothing has been done to it since this page began.')}</p> : null
  return (
    <section className="answer" aria-label={t('What led to it')}>
      <h3>{t('What led to it')}</h3>
      <ol className="causes">
        {links.map(({ line, who, ref }) => (
          <li key={line.seq}>
            <time className="num">{clockText(Math.max(0, line.at - start))}</time>
            <div>
              <b>{who}</b> {deedOf(line)}{' '}
              {ref ? (
                <button type="button" className="link" onClick={() => select(desk.choices, ref)}>
                  {shortName(line.name)}
                </button>
              ) : (
                <span className="mono">{shortName(line.name)}</span>
              )}
              {line.because && (
                <p>
                  <Whole>{t('because {because}', { because: said(line.because) })}</Whole>
                </p>
              )}
            </div>
          </li>
        ))}
      </ol>
    </section>
  )
}

function LastRequest({ pod }: { pod: string }) {
  const { traffic } = useDesk()
  usePage('traffic')
  const flight = traffic.last(pod)
  if (!flight) return null
  return (
    <div className="flight" data-lost={isLost(flight) || undefined}>
      <b>{t('Last request: {status} in {ms} ms', { status: flight.status || t('no answer'), ms: flight.ms })}</b>
      <Way flight={flight} />
    </div>
  )
}
