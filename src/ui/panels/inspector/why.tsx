/** Why it is so: who owns it, what the cluster's parts did to it last and for which reason, and how its last request went. */
import { useStore } from 'zustand'
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import { select } from '../../state/choices.ts'
import { clockText } from '../../state/clock.ts'
import { refOf } from '../../state/focus.ts'
import { useClock, useDesk, usePage, useScene } from '../../state/hooks.ts'
import { tableOf } from '../../state/scene.ts'
import { isLost } from '../../state/traffic.ts'

export function Why({ object }: { object: AnyObject }) {
  const desk = useDesk()
  useScene('workloads')
  const told = useStore(desk.story.store, (s) => s.told)
  const start = useClock((s) => (s ? s.now - s.elapsed : 0))
  const table = tableOf(object.kind) ?? ''
  const now = useClock((s) => (s?.present === undefined ? Number.POSITIVE_INFINITY : s.now))
  const all = told.length > 0 ? desk.story.about(table, object.metadata.namespace ?? '', object.metadata.name) : []
  const lines = all.filter((line) => line.at <= now).slice(0, 6)
  return (
    <div className="why">
      <Owners object={object} />
      <ol>
        {lines.map((line) => (
          <li key={line.seq} data-tone={line.tone}>
            <time className="num">{clockText(Math.max(0, line.at - start))}</time> {line.text}
          </li>
        ))}
      </ol>
      {lines.length === 0 && <p className="empty">Nothing has been done to it lately.</p>}
      {object.kind === 'Pod' && <LastRequest pod={keyOf(object.metadata)} />}
    </div>
  )
}

function Owners({ object }: { object: AnyObject }) {
  const { scene, choices } = useDesk()
  const chain = scene.owners(object).reverse()
  if (chain.length === 0) return object.kind === 'Pod' ? <p>Nobody owns this pod: if it goes, nobody brings it back.</p> : null
  return (
    <p className="chain">
      {chain.map((owner) => (
        <span key={owner.kind + owner.metadata.name}>
          <button type="button" className="link" onClick={() => select(choices, refOf(owner))}>
            {owner.kind} {owner.metadata.name}
          </button>
          <i aria-hidden="true"> owns </i>
        </span>
      ))}
      <b>this {object.kind}</b>
    </p>
  )
}

function LastRequest({ pod }: { pod: string }) {
  const { traffic } = useDesk()
  usePage('traffic')
  const flight = traffic.last(pod)
  if (!flight) return null
  return (
    <div className="flight" data-lost={isLost(flight) || undefined}>
      <b>
        Last request: {flight.status || 'no answer'} in {flight.ms} ms
      </b>
      <ol>
        {flight.hops.map((hop, i) => (
          <li key={`${i} ${hop.at}`}>
            <span className="mono">{hop.at}</span> {hop.did}
            {hop.why && <i> ({hop.why})</i>}
          </li>
        ))}
      </ol>
    </div>
  )
}
