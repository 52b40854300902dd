/** The two places that are no machine: the outside, whose visitors come in, and the waiting room of unscheduled pods. */
import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import { useStore } from 'zustand'
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { focusOn } from '../../state/focus.ts'
import { useChoice, useDesk, usePage, useScene } from '../../state/hooks.ts'
import { uidOf, WAITING } from '../../state/scene.ts'
import { waitingGrid } from './grid.ts'
import { WAITING_SHOWN, waitingSeatAt } from './layout.ts'
import { Tile } from './tile.tsx'

export const Outside = memo(function Outside(_: NodeProps) {
  const { traffic } = useDesk()
  usePage('traffic')
  const { ok, lost, rate } = traffic.total()
  return (
    <section className="card outside" aria-label={`The outside: ${ok} requests served, ${lost} lost`}>
      <header>
        <svg className="sign" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8M1.8 8h12.4M8 1.8c2.6 2.6 2.6 9.8 0 12.4M8 1.8c-2.6 2.6-2.6 9.8 0 12.4" />
        </svg>
        <b>Outside</b>
        <span className="num rate">{rate > 0 ? `${rate.toFixed(1)}/s` : 'quiet'}</span>
      </header>
      <dl className="tally">
        <div>
          <dt>served</dt>
          <dd className="num">{ok.toLocaleString('en')}</dd>
        </div>
        <div data-bad={lost > 0 || undefined}>
          <dt>lost</dt>
          <dd className="num">{lost.toLocaleString('en')}</dd>
        </div>
      </dl>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </section>
  )
})

export const WaitingRoom = memo(function WaitingRoom(_: NodeProps) {
  const desk = useDesk()
  const selected = useChoice((c) => c.selected)
  useScene('waiting')
  useScene('nodes')
  const pods = desk.scene.podsOn(WAITING)
  const seats = desk.scene.seats.row(WAITING)
  const grid = waitingGrid(desk.scene)
  const shown = seats.slice(0, WAITING_SHOWN).flatMap((uid) => (uid && desk.scene.pod(uid)) || [])
  const focus = focusOn(desk.scene, selected)
  useScene('mirror')
  const nowhere = desk.scene.nodes().length === 0 && desk.mirror.state('nodes') === 'live'
  const asked = pods.find((pod) => selected?.table === 'pods' && selected.key === keyOf(pod.metadata)) ?? pods[0]
  return (
    <section
      className="card waiting"
      data-empty={pods.length === 0 || undefined}
      aria-label={`Waiting room: ${pods.length} unscheduled pods`}
    >
      <header>
        <b>Waiting room</b>
        <span className="num">
          {pods.length > shown.length ? `${shown.length} of ${pods.length}` : pods.length > 0 ? pods.length : ''}
        </span>
      </header>
      {shown.map((pod) => (
        <Tile
          key={uidOf(pod)}
          pod={pod}
          at={waitingSeatAt(grid, Math.max(0, seats.indexOf(uidOf(pod))))}
          size={grid.name}
          dim={!focus.pod(pod)}
          selected={selected?.table === 'pods' && selected.key === keyOf(pod.metadata)}
        />
      ))}
      {asked && <Wait pod={asked} />}
      {nowhere && (
        <p className="verdict">
          Nowhere to run.{' '}
          <button
            type="button"
            className="link"
            onClick={() => void import('../../state/actions.ts').then(({ addNode }) => addNode(desk))}
          >
            + Add a node
          </button>
        </p>
      )}
      {!asked && !nowhere && <p className="empty">Every pod has a machine.</p>}
    </section>
  )
})

/** The scheduler's own words, and the smallest change that would help. */
function Wait({ pod }: { pod: Pod }) {
  const desk = useDesk()
  const verdict = useStore(desk.verdict, (v) => v.verdict)
  const fix = verdict?.pod === keyOf(pod.metadata) ? verdict.fixes[0] : undefined
  return (
    <div className="verdict">
      <p title={verdictOn(pod)}>{verdictOn(pod)}</p>
      {fix && (
        <p className="fix">
          <b>Smallest change:</b> {fix.text}
        </p>
      )}
    </div>
  )
}

function verdictOn(pod: Pod): string {
  const verdict = pod.status?.conditions?.find((c) => c.type === 'PodScheduled' && c.status === 'False')
  const words = verdict?.message?.split(' preemption:')[0]?.replace(/\. no new claims to deallocate,?$/, '.')
  return words || 'It waits for the scheduler.'
}
