/** The ribbon over the graph that leads through the first ninety seconds: one sentence, and the one thing to do next. */
import './tour.css'
import { BookOpen, Compass, Link2, Undo2 } from 'lucide-react'
import { type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import type { Pod } from '#api/kinds.ts'
import { addNode, perform, power, scale } from '../state/actions.ts'
import type { Desk } from '../state/desk.ts'
import { useChoice, useClock, useDesk, useObject } from '../state/hooks.ts'
import { lookOf } from '../state/look.ts'
import { uidOf } from '../state/scene.ts'
import { isSystem } from '../state/seats.ts'
import { createTour, type Phase, type Tour as TourOf, type TourState } from '../state/tour.ts'
import { t } from '../words/index.ts'
import { isTouch } from './narrow-query.ts'

interface Words {
  title: string
  more: string
}

const GUESSES = ['1 s', '50 s', '5 min']

function wordsFor(phase: Phase, chosen: boolean, { guess, fits }: TourState): Words {
  switch (phase) {
    case 'invite':
      return {
        title: t('This shop runs on Kubernetes. Try to break it.'),
        more: chosen
          ? t('Now “Kill it”, and watch who repairs it.')
          : isTouch()
            ? t('Tap a blue tile: it is a pod, one running copy of the shop.')
            : t('Click a blue tile: it is a pod, one running copy of the shop.'),
      }
    case 'repair':
      return { title: t('Watch.'), more: t('Time stands still while each part says what it did.') }
    case 'repaired':
      return { title: t('Nobody told it to.'), more: t('You asked for three once; something has been comparing ever since.') }
    case 'replay':
      return {
        title: t('Once more: you are in the past.'),
        more: t('Drag the timeline below: every moment is as it was, packets too.'),
      }
    case 'machine':
      return {
        title: t('Now pull a whole machine.'),
        more: isTouch() ? t('Tap a machine’s name, then Power off.') : t('Click a machine’s name, then Power off.'),
      }
    case 'predict':
      return { title: t('It is dark. How long until someone notices?'), more: t('Guess first.') }
    case 'silent':
      return {
        title: t('You say {guess}.', { guess }),
        more: t('Its kubelet is silent, its address still takes visitors: some are lost. Let time run.'),
      }
    case 'noticed':
      return {
        title: t('About 50 s without a heartbeat: NotReady.'),
        more: t('The Service stops sending there. Its pods still count as running: they get five minutes to come back.'),
      }
    case 'reborn':
      return {
        title: t('Five minutes later they are born again elsewhere.'),
        more: t('Two waits, two reasons, both real defaults: is it gone, and is it gone for good?'),
      }
    case 'ask':
      return {
        title: t('This is all you ever said. Change it.'),
        more: fits ? t('All of them found room. Ask for 8 copies.') : t('Ask for 8 copies.'),
      }
    case 'short':
      return {
        title: t('No machine has room for the rest.'),
        more: t('Each card says why. Nothing is wrong: they wait until there is room.'),
      }
    case 'landed':
      return {
        title: t('The machine joined, the scheduler took notice, they landed.'),
        more: t('Now take it all back, one deed at a time.'),
      }
    case 'undo':
      return { title: t('You cannot break this.'), more: t('Every deed can be taken back, exactly.') }
    case 'doors':
      return { title: t('You cannot break this.'), more: t('Where to?') }
  }
}

export default function Tour({ onLeave }: { onLeave(): void }) {
  const desk = useDesk()
  const tour = useMemo(() => createTour(desk), [desk])
  const state = useStore(tour.store)
  const { phase } = state
  const chosen = useChoice((c) => c.menu !== null)
  const [parted, setParted] = useState(false)
  useEffect(() => {
    desk.choices.setState({ tour: true })
    const stop = tour.start()
    return () => {
      stop()
      desk.choices.setState({ tour: false, hint: null })
    }
  }, [tour, desk])
  useEffect(() => {
    desk.choices.setState({ hint: chosen ? null : hintFor(desk, phase) })
  }, [desk, phase, chosen])
  const { title, more } = wordsFor(phase, chosen, state)
  const leave = (): void => {
    setParted(true)
    desk.choices.setState({ deskOpen: true })
    onLeave()
  }
  if (parted) return null
  return (
    <section className="tour" aria-label={t('First steps')} data-phase={phase}>
      <p aria-live="polite">
        <b>{title}</b> <span>{more}</span>
      </p>
      {(phase === 'predict' || phase === 'silent') && <Heartbeat since={state.darkAt} />}
      <div className="offers">
        <Offers tour={tour} phase={phase} onLeave={leave} />
      </div>
      <button type="button" className="icon leave" aria-label={t('Hide these first steps')} onClick={leave}>
        ×
      </button>
      {(phase === 'ask' || phase === 'short') && <Manifest />}
    </section>
  )
}

/** What the newcomer is to click next: a pod that is well, later a machine. */
function hintFor({ mirror, scene }: Desk, phase: Phase): string | null {
  if (phase === 'machine') return scene.nodes().map(uidOf)[0] ?? null
  if (phase !== 'invite') return null
  const pods = [...mirror.all('pods').values()] as unknown as Pod[]
  const well = pods.find((pod) => lookOf(pod).family === 'good' && !isSystem(pod.metadata.namespace))
  return well ? uidOf(well) : null
}

const BEAT_MS = 10_000
const SHOWN_MS = 40_000

/** The machine's heartbeat, every ten seconds; it goes flat when the machine goes dark. */
function Heartbeat({ since }: { since: number }) {
  const now = useClock((s) => s?.elapsed ?? 0)
  const x = (time: number): number => 200 - ((now - time) / SHOWN_MS) * 200
  const beats = Array.from({ length: 7 }, (_, i) => x(since - 1500 - i * BEAT_MS)).filter((at) => at > -12)
  const path = beats
    .reverse()
    .map((at) => `H${(at - 5).toFixed(1)}l2 -5 3 16 3 -19 2 8`)
    .join('')
  return (
    <svg className="heartbeat" viewBox="0 0 200 32" role="img" aria-label={t('Heartbeat: none since the power went')}>
      <path d={`M-20 20${path}H200`} />
    </svg>
  )
}

interface OffersProps {
  tour: TourOf
  phase: Phase
  onLeave(): void
}

function Offers({ tour, phase, onLeave }: OffersProps) {
  const desk = useDesk()
  const { busy, undone } = useStore(tour.store)
  const off = useChoice((c) => c.off)
  const button = (name: ReactNode, run: () => void, primary = true) => (
    <button type="button" className={primary ? 'button primary' : 'button'} disabled={busy} onClick={run}>
      {name}
    </button>
  )
  switch (phase) {
    case 'repaired':
      return (
        <>
          {button(t('See that again'), () => tour.act('again'))}
          {button(t('Go on'), () => tour.act('onward'), false)}
        </>
      )
    case 'replay':
      return button(t('Go on'), () => tour.act('onward'))
    case 'predict':
      return GUESSES.map((guess) => <span key={guess}>{button(guess, () => tour.act('guess', guess))}</span>)
    case 'silent':
      return button(busy ? t('Running…') : t('Skip 50 s'), () => tour.act('skip'))
    case 'noticed':
      return button(busy ? t('Running…') : t('Skip 5 min'), () => tour.act('wait'))
    case 'reborn':
      return button(t('Power it back on'), () => {
        for (const node of off) void perform(desk, power(desk, node, true))
        tour.act('onward')
      })
    case 'short':
      return button(t('Add a node'), () => void addNode(desk))
    case 'landed':
    case 'undo':
      return button(
        <>
          <Undo2 size={15} aria-hidden="true" /> {undone === 0 ? t('Undo') : t('Undo once more')}
        </>,
        () => tour.act('undo'),
      )
    case 'doors':
      return <Doors onLeave={onLeave} />
    default:
      return null
  }
}

function Doors({ onLeave }: { onLeave(): void }) {
  const desk = useDesk()
  const lesson = async (): Promise<void> => {
    const { roomOf } = await import('../panels/lesson/room.ts')
    const room = roomOf(desk)
    const next = room.entries.find(({ meta }) => /who-does-what/.test(meta.id)) ?? room.entries[0]
    onLeave()
    if (next) room.begin(next)
  }
  const copy = (): void => {
    onLeave()
    desk.choices.setState({ dialog: 'share' })
  }
  return (
    <div className="doors">
      <button type="button" className="button primary" onClick={() => void lesson()}>
        <BookOpen size={15} aria-hidden="true" /> {t('Who does what (3 min)')}
      </button>
      <button type="button" className="button" onClick={onLeave}>
        <Compass size={15} aria-hidden="true" /> {t('Free play')}
      </button>
      <button type="button" className="button" onClick={copy}>
        <Link2 size={15} aria-hidden="true" /> {t('Copy this moment')}
      </button>
      <Ring />
    </div>
  )
}

/** How far one is, these first steps included: kept from here on. */
function Ring() {
  const desk = useDesk()
  const [{ done, all }, setCount] = useState({ done: 1, all: 0 })
  useEffect(() => {
    void Promise.all([import('../panels/lesson/room.ts'), import('#lessons/progress.ts')]).then(
      ([{ roomOf }, { FIRST_STEPS }]) => {
        const { progress, entries } = roomOf(desk)
        progress.finish(FIRST_STEPS)
        const finished = progress.done()
        const ids = [FIRST_STEPS, ...entries.map(({ meta }) => meta.id)]
        setCount({ done: ids.filter((id) => finished.has(id)).length, all: ids.length })
      },
    )
  }, [desk])
  if (all === 0) return null
  return (
    <span className="ring" title={t('{done} of {all} done; kept in this browser, without an account', { done, all })}>
      <svg viewBox="0 0 36 36" aria-hidden="true">
        <circle cx="18" cy="18" r="15" />
        <circle cx="18" cy="18" r="15" pathLength={all} strokeDasharray={`${done} ${all - done}`} className="done" />
      </svg>
      <span className="num">
        {done}/{all}
      </span>
    </span>
  )
}

/** The one number of the manifest that matters, to be changed in its place. */
function Manifest() {
  const desk = useDesk()
  const object = useObject(SHOP)
  const field = useRef<HTMLInputElement>(null)
  const wanted = String(object?.['spec']?.replicas ?? 3)
  const [text, setText] = useState(wanted)
  useEffect(() => setText(wanted), [wanted])
  useEffect(() => void field.current?.select(), [])
  useGhosts(Number(text), Number(wanted))
  const container = object?.['spec']?.template?.spec?.containers?.[0]
  const apply = (): void => void change(desk, Number(text))
  return (
    <form
      className="manifest"
      aria-label={t('The shop’s manifest')}
      onSubmit={(event) => {
        event.preventDefault()
        apply()
      }}
    >
      <pre>
        <span className="rest">{'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: shop\n'}</span>
        {'spec:\n  replicas: '}
        <input
          ref={field}
          className="num"
          type="number"
          min={0}
          max={20}
          aria-label="replicas"
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
        <span className="rest">
          {`\n  template:\n    spec:\n      containers:\n        - image: ${container?.image ?? ''}\n          resources:\n            requests:\n              cpu: ${container?.resources?.requests?.cpu ?? ''}`}
        </span>
      </pre>
      <button type="submit" className="button primary" disabled={text === wanted}>
        {t('Apply')}
      </button>
    </form>
  )
}

/** Whoever hesitates over the number sees what would come of it: tried on a copy, drawn as ghosts. */
function useGhosts(replicas: number, wanted: number): void {
  const desk = useDesk()
  useEffect(() => {
    if (!Number.isInteger(replicas) || replicas <= wanted || replicas > 20) return
    let gone = false
    const timer = setTimeout(async () => {
      const { foresee } = await import('../state/rehearsal.ts')
      const outlook = await foresee(desk, '', (copy) => scale(copy, SHOP, replicas)).catch(() => null)
      if (outlook && !gone) desk.choices.setState({ outlook: { ...outlook, lines: [] } })
    }, HESITATION_MS)
    return () => {
      gone = true
      clearTimeout(timer)
      desk.choices.setState({ outlook: null })
    }
  }, [desk, replicas, wanted])
}

const HESITATION_MS = 250
const SHOP = { table: 'deployments', key: 'default/shop' }

async function change(desk: Desk, replicas: number): Promise<void> {
  if (Number.isInteger(replicas) && replicas >= 0) await perform(desk, scale(desk, SHOP, replicas))
}
