/** What a Pod or a machine uses, over simulated time: two small graphs, each against what was asked for and what is the most. */
import { useStore } from 'zustand'
import type { Node, Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { podTotals } from '#api/pod-resources.ts'
import { amount, asks } from '../../state/asks.ts'
import { clockText } from '../../state/clock.ts'
import { useCalmScene, useClock, useDesk, usePage } from '../../state/hooks.ts'
import { uidOf } from '../../state/scene.ts'
import type { Point } from '../../state/use-history.ts'
import { historyOf, nodeKey } from '../../state/watch-usage.ts'
import { t, type Word } from '../../words/index.ts'
import { amountText } from '../pool/figures.ts'
import { plotOf } from './plot.ts'
import { Section } from './section.tsx'

type What = 'cpu' | 'memory'

interface Marks {
  asked: number
  /** The limit, or what a machine can give; none when there is none. */
  most: number | undefined
}

export function UseOverTime({ object }: { object: AnyObject }) {
  const desk = useDesk()
  usePage('usage')
  useCalmScene('mirror', 1000)
  const served = useStore(desk.usage, (usage) => usage.served)
  const now = useClock((status) => Math.floor((status?.now ?? Date.now()) / 1000) * 1000)
  const epoch = useClock((status) => (status ? status.now - status.elapsed : 0))
  const isNode = object.kind === 'Node'
  const points = historyOf(desk).until(isNode ? nodeKey(object) : `pod ${uidOf(object)}`, now)
  if (served === undefined) return null
  return (
    <Section title={t('Use over time')} open>
      {points.length === 0 ? (
        <Nothing served={served} runs={isNode || object['status']?.phase === 'Running'} />
      ) : (
        <div className="uses">
          {(['cpu', 'memory'] as const).map((what) => (
            <Graph
              key={what}
              what={what}
              points={points}
              now={now}
              epoch={epoch}
              isNode={isNode}
              marks={isNode ? ofNode(desk.scene.podsOn(object.metadata.name), object, what) : ofPod(object, what)}
            />
          ))}
        </div>
      )}
    </Section>
  )
}

const ofNode = (pods: Pod[], node: AnyObject, what: What): Marks => ({
  asked: pods.reduce((sum, pod) => sum + asks(pod, what), 0),
  most: amount((node as unknown as Node).status?.allocatable?.[what]),
})

function ofPod(object: AnyObject, what: What): Marks {
  const { spec } = object as unknown as Pod
  // One container without a limit, and the Pod has none.
  const bounded = spec.resources?.limits?.[what] !== undefined || spec.containers.every((c) => c.resources?.limits?.[what])
  const limit = bounded ? podTotals(spec, 'limits')[what] : undefined
  return { asked: asks(object as unknown as Pod, what), most: limit === undefined ? undefined : amount(limit) }
}

/** Why there is nothing to be seen, and what would help. */
function Nothing({ served, runs }: { served: boolean; runs: boolean }) {
  const { choices, simulation } = useDesk()
  if (!runs) return <p className="empty">{t('What does not run uses nothing.')}</p>
  if (served) return <p className="empty">{t('Measured every 15 seconds: the first figure is on its way.')}</p>
  return (
    <p className="empty">
      {t('Nobody measures here: that is what the addon metrics-server does.')}{' '}
      {simulation && (
        <button type="button" className="link" onClick={() => choices.setState({ dialog: 'begin' })}>
          {t('Begin a cluster with it')}
        </button>
      )}
    </p>
  )
}

const NAMES: Record<What, Word> = { cpu: 'CPU', memory: 'Memory' }

interface GraphProps {
  what: What
  points: readonly Point[]
  now: number
  epoch: number
  isNode: boolean
  marks: Marks
}

function Graph({ what, points, now, epoch, isNode, marks: { asked, most } }: GraphProps) {
  const text = (n: number): string => usedText(what, n)
  const readings = points.map((point) => ({ at: point.at, value: point[what] }))
  const [first, last] = [readings[0]?.at ?? now, readings.at(-1)?.value ?? 0]
  const plot = plotOf(
    readings,
    first,
    Math.max(now, first + 60_000),
    [asked, ...(most === undefined ? [] : [most])].filter((n) => n > 0),
  )
  const high = Math.max(...readings.map(({ value }) => value))
  const bounds = [
    asked > 0 ? t('{amount} asked for', { amount: text(asked) }) : t('nothing asked for'),
    most === undefined
      ? t('no limit')
      : isNode
        ? t('{amount} can be given', { amount: text(most) })
        : t('limit {amount}', { amount: text(most) }),
  ].join(' · ')
  const said = t('{what} since {start}: now {now}, most {high}; {bounds}', {
    what: t(NAMES[what]),
    start: clockText(first - epoch),
    now: text(last),
    high: text(high),
    bounds,
  })
  return (
    <figure>
      <figcaption>
        <b>{t(NAMES[what])}</b> <span className="num">{text(last)}</span>
        {readings.length > 1 && <span className="high num">{t('most {high}', { high: text(high) })}</span>}
        <i>{bounds}</i>
      </figcaption>
      <div className="plot" role="img" aria-label={said}>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
          <path className="area" d={plot.area} />
          <Mark at={asked > 0 ? plot.heightOf(asked) : null} kind="asked" />
          <Mark at={most === undefined ? null : plot.heightOf(most)} kind="most" />
          <path className="line" d={plot.line} />
        </svg>
        <span className="dot" style={{ left: `${plot.end.x}%`, top: `${plot.end.y}%` }} />
        {asked > 0 && plot.heightOf(asked) === null && (
          <span className="above num">↑ {t('{amount} asked for', { amount: text(asked) })}</span>
        )}
      </div>
      <div className="axis num" aria-hidden="true">
        <span>{clockText(first - epoch)}</span>
        <span>{clockText(now - epoch)}</span>
      </div>
    </figure>
  )
}

const Mark = ({ at, kind }: { at: number | null; kind: 'asked' | 'most' }) =>
  at === null ? null : <path className={kind} d={`M0 ${at.toFixed(2)}H100`} />

/** As `kubectl top` has it: thousandths of a CPU while there are few. */
const usedText = (what: What, n: number): string => (what === 'cpu' && n < 1 ? `${Math.round(n * 1000)}m` : amountText(what, n))
