/** "Run until": the goals one may let time run towards, and the jumps ahead. */
import { ChevronUp, FastForward } from 'lucide-react'
import { useState } from 'react'
import type { Goal } from '#api/request.ts'
import type { Choices } from '../../state/choices.ts'
import type { Desk } from '../../state/desk.ts'
import { useChoice, useDesk } from '../../state/hooks.ts'
import { t, type Word } from '../../words/index.ts'

const JUMPS: [string, Word, number][] = [
  ['10 s', 'ten seconds', 10_000],
  ['50 s', 'until a lost machine is noticed', 50_000],
  ['5 min', 'until its pods are replaced', 300_000],
  ['1 h', 'an hour', 3_600_000],
]

/** Nothing written for this long counts as stable. */
const QUIET_MS = 3000
const LIMIT_MS = 180_000
/** A failure may be long in coming. */
const FAILURE_LIMIT_MS = 3_600_000

interface Offer {
  name: string
  words: string
  goal: Goal
  limitMs: number
}

const offers = (): [Offer, ...Offer[]] => [
  {
    name: t('Everything is ready'),
    words: t('each pod answers, each workload is complete'),
    goal: { kind: 'ready' },
    limitMs: LIMIT_MS,
  },
  {
    name: t('It is stable'),
    words: t('nobody changes anything any more'),
    goal: { kind: 'stable', quietMs: QUIET_MS },
    limitMs: LIMIT_MS,
  },
  {
    name: t('The next failure'),
    words: t('a pod in trouble, a machine gone silent'),
    goal: { kind: 'failure' },
    limitMs: FAILURE_LIMIT_MS,
  },
]

const CONDITIONS: Record<string, [resource: string, type: string][]> = {
  pods: [['pods', 'Ready']],
  nodes: [['nodes', 'Ready']],
  deployments: [
    ['deployments.apps', 'Available'],
    ['deployments.apps', 'Progressing'],
  ],
  jobs: [['jobs.batch', 'Complete']],
}

/** What one may wait for on the chosen object: that a condition turns into what it is not now. */
function offersFor(desk: Desk, selected: Choices['selected']): Offer[] {
  const object = selected && desk.mirror.get(selected.table, selected.key)
  if (!selected || !object) return []
  const { name, namespace = '' } = object.metadata
  return (CONDITIONS[selected.table] ?? []).map(([resource, type]) => {
    const conditions = (object['status']?.conditions ?? []) as { type: string; status: string }[]
    const status = conditions.find((c) => c.type === type)?.status === 'True' ? 'False' : 'True'
    const goal: Goal = { kind: 'condition', resource, namespace, name, type, status }
    return {
      name: t('{type} is {status}', { type, status }),
      words: t('condition of {kind} {name}', { kind: object.kind, name }),
      goal,
      limitMs: FAILURE_LIMIT_MS,
    }
  })
}

export function RunUntil() {
  const desk = useDesk()
  const [open, setOpen] = useState(false)
  const [busy, setBusy] = useState(false)
  const selected = useChoice((c) => c.selected)
  const { simulation } = desk
  const jump = (run: () => Promise<unknown> | undefined) => (): void => {
    setOpen(false)
    setBusy(true)
    Promise.resolve(run())
      .catch((error: unknown) => desk.story.say(t('That did not work: {error}', { error: String(error) })))
      .finally(() => setBusy(false))
  }
  const until = ({ goal, limitMs, name }: Offer) =>
    jump(async () => {
      const outcome = await simulation?.runUntil(goal, limitMs)
      if (!outcome) return
      desk.clock.take(outcome.status)
      desk.story.say(
        outcome.reached
          ? t('Reached: {what}.', { what: outcome.what })
          : t('Not reached within {n} minutes: {name}.', { n: limitMs / 60_000, name }),
      )
    })
  const [ready] = offers()
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only hears what its buttons let through
    <div
      className="jumps"
      onKeyDown={(e) => e.key === 'Escape' && setOpen(false)}
      onBlur={(e) => !e.currentTarget.contains(e.relatedTarget) && setOpen(false)}
    >
      <button type="button" className="button" disabled={busy} title={t('Run until everything is ready')} onClick={until(ready)}>
        <FastForward size={15} aria-hidden="true" /> {busy ? t('Running…') : t('Until ready')}
      </button>
      <button
        type="button"
        className="icon"
        aria-label={t('Run until, skip ahead')}
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        <ChevronUp size={16} />
      </button>
      {open && (
        <div className="popup">
          <h3>{t('Run until')}</h3>
          <ul>
            {[...offers(), ...offersFor(desk, selected)].map((offer) => (
              <li key={offer.name + offer.words}>
                <button type="button" onClick={until(offer)}>
                  <b>{offer.name}</b>
                  <span>{offer.words}</span>
                </button>
              </li>
            ))}
          </ul>
          <h3>{t('Skip ahead')}</h3>
          <ul className="skips">
            {JUMPS.map(([name, words, ms]) => (
              <li key={name}>
                <button type="button" title={t(words)} onClick={jump(() => simulation?.advance(ms).then(desk.clock.take))}>
                  <b>{t('Skip {name}', { name })}</b>
                  <span>{t(words)}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
    </div>
  )
}
