/** A machine (Node) as a card: name, state, how full it is, and its pods in their seats. */
import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo, useMemo } from 'react'
import type { Node, Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { focusOn, staleReplicaSets } from '../../state/focus.ts'
import { useChoice, useDesk, useObject, useScene } from '../../state/hooks.ts'
import { lookOf, nodeLook } from '../../state/look.ts'
import { uidOf } from '../../state/scene.ts'
import { systemRoom } from '../../state/seats.ts'
import { fullness } from './bars.ts'
import { seatAt, systemSeatAt } from './layout.ts'
import { Tile } from './tile.tsx'

export const Machine = memo(function Machine({ id }: NodeProps) {
  const name = id.slice('machine:'.length)
  const { scene } = useDesk()
  const node = useObject({ table: 'nodes', key: name }) as Node | undefined
  const selected = useChoice((c) => c.selected)
  const off = useChoice((c) => c.off.includes(name))
  useScene(`node:${name}`)
  const focus = focusOn(scene, selected)
  if (!node) return null
  const look = nodeLook(node)
  const pods = scene.podsOn(name)
  return (
    <section
      className="card machine"
      aria-label={`Machine ${name}: ${look.word}, ${pods.length} pods`}
      data-state={look.ready ? 'ready' : look.family}
      data-cordoned={look.cordoned || undefined}
      data-off={off || undefined}
      data-dim={!focus.node(name) || undefined}
      data-selected={(selected?.table === 'nodes' && selected.key === name) || undefined}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} />
      <button type="button" className="card-head" data-ref={`nodes ${name}`} tabIndex={-1}>
        <span className="power" aria-hidden="true" />
        <b className="mono">{name}</b>
        <span className="state">{off ? `off · API: ${look.word}` : look.cordoned ? `${look.word}, cordoned` : look.word}</span>
        <Bar label="CPU" {...fullness(node, pods, 'cpu')} />
        <Bar label="Mem" {...fullness(node, pods, 'memory')} />
      </button>
      <Stack pods={pods} />
      <Seats name={name} pods={pods} />
    </section>
  )
})

function Bar({ label, asked, room }: { label: string; asked: number; room: number }) {
  const percent = room > 0 ? Math.round((asked / room) * 100) : 0
  return (
    <span className="bar" title={`${label}: ${percent}% asked for`} data-full={percent >= 90 || undefined}>
      <i>{label}</i>
      <span>
        <em style={{ width: `${Math.min(100, percent)}%` }} />
      </span>
      <i className="num">{percent}%</i>
    </span>
  )
}

/** Zoomed far out: one stacked bar of the four families, and the count. */
function Stack({ pods }: { pods: Pod[] }) {
  const counts = { bad: 0, waiting: 0, good: 0, done: 0 }
  for (const pod of pods) counts[lookOf(pod).family] += 1
  return (
    <div className="stack" aria-hidden="true">
      <b>{pods.length}</b>
      <span>
        {Object.entries(counts).map(([family, count]) =>
          count > 0 ? <i key={family} data-family={family} style={{ flex: count }} /> : null,
        )}
      </span>
    </div>
  )
}

function Seats({ name, pods }: { name: string; pods: Pod[] }) {
  const { scene } = useDesk()
  const selected = useChoice((c) => c.selected)
  const focus = focusOn(scene, selected)
  const hint = useChoice((c) => c.hint)
  // Only a living selection of something that owns or is owned draws hulls.
  const about = selected !== null && selected.table !== 'nodes' && scene.mirror.get(selected.table, selected.key) !== undefined
  const workloads = useScene('workloads')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when the workloads have changed
  const stale = useMemo(() => staleReplicaSets(scene), [scene, workloads])
  const byUid = useMemo(() => new Map(pods.map((pod) => [uidOf(pod), pod])), [pods])
  const own = scene.seats.row(name)
  const system = scene.seats.row(systemRoom(name))
  const tile = (uid: string | undefined, at: { x: number; y: number }, small: boolean) => {
    const pod = uid ? byUid.get(uid) : undefined
    if (!pod || !uid) return null
    const lit = focus.pod(pod)
    const key = keyOf(pod.metadata)
    const owner = controllerOf(pod.metadata)?.uid
    const hull = about && lit ? (stale.has(owner ?? '') ? 'old' : 'new') : undefined
    return (
      <Tile
        key={uid}
        pod={pod}
        at={at}
        small={small}
        dim={!lit}
        hint={hint === uid}
        hull={hull}
        selected={selected?.table === 'pods' && selected.key === key}
      />
    )
  }
  return (
    <div className="seats">
      {own.map((uid, i) => tile(uid, seatAt(i), false))}
      {system.length > 0 && (
        <span className="system-label" style={{ top: systemSeatAt(0, own.length).y - 19 }}>
          kube-system
        </span>
      )}
      {system.map((uid, i) => tile(uid, systemSeatAt(i, own.length), true))}
    </div>
  )
}
