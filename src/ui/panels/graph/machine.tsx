/** A machine (Node) as a card: its pods in their seats, and at its foot its name, its state, and how full it is. */

import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo, useMemo } from 'react'
import { useStore } from 'zustand'
import type { Node, Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { RELEASE } from '#api/release.ts'
import { later } from '../../parts/later.tsx'
import { passesOf } from '../../state/filter.ts'
import { focusOn } from '../../state/focus.ts'
import { useCalmScene, useChoice, useDesk, useObject, useScene } from '../../state/hooks.ts'
import { lookOf, type NodeLook, nodeLook } from '../../state/look.ts'
import { revisions } from '../../state/rollouts.ts'
import { uidOf } from '../../state/scene.ts'
import { systemRoom } from '../../state/seats.ts'
import { t } from '../../words/index.ts'
import { type Fullness, fullness } from './bars.ts'
import { type Grid, ROOMY } from './grid.ts'
import { seatAt, systemSeatAt, zoneOf } from './layout.ts'
import { Tile } from './tile.tsx'

const PodsCanvas = later(() => import('./extras.tsx'), 'PodsCanvas')

/** Pods by the thousand are drawn, not built; their machine's figures then follow twice a second. */
const CALM_MS = 500

export const Machine = memo(function Machine({ id, data }: NodeProps) {
  const name = id.slice('machine:'.length)
  const { grid = ROOMY, many = false, slim } = data as { grid?: Grid; many?: boolean; slim?: boolean }
  const { scene } = useDesk()
  const node = useObject({ table: 'nodes', key: name }) as Node | undefined
  const selected = useChoice((c) => c.selected)
  const off = useChoice((c) => c.off.includes(name))
  const cut = useChoice((c) => c.broken.cut.includes(name))
  const still = useChoice((c) => c.broken.kubelets.includes(name))
  const hinted = useChoice((c) => c.hint !== null && node !== undefined && c.hint === uidOf(node))
  useCalmScene(`node:${name}`, many ? CALM_MS : 0)
  const focus = focusOn(scene, selected)
  if (!node) return null
  const look = nodeLook(node)
  const pods = scene.podsOn(name)
  return (
    <section
      className="card machine"
      aria-label={t('Machine {name}: {word}, {pods} pods', { name, word: look.word, pods: pods.length })}
      data-state={look.ready ? 'ready' : look.family}
      data-lean={grid.lean || undefined}
      data-cordoned={look.cordoned || undefined}
      data-off={off || undefined}
      data-cut={cut || still || undefined}
      data-dim={!focus.node(name) || undefined}
      data-selected={(selected?.table === 'nodes' && selected.key === name) || undefined}
    >
      <Handle type="target" position={Position.Top} isConnectable={false} />
      {slim && <span className="zone-tag">{zoneOf(node)}</span>}
      <Stack pods={pods} />
      {many ? <PodsCanvas name={name} grid={grid} /> : <Seats name={name} pods={pods} grid={grid} />}
      <button
        type="button"
        className={hinted ? 'card-foot nopan pulse' : 'card-foot nopan'}
        data-ref={`nodes ${name}`}
        tabIndex={-1}
      >
        <span className="power" aria-hidden="true" />
        <b className="mono">
          <bdi>{name}</bdi>
        </b>
        {grid.lean && <SystemCount name={name} />}
        <State name={name}>{withVersion(grid.lean ? {} : node, stateOf(look, { off, cut, still }))}</State>
        <Bars name={name} node={node} pods={pods} />
      </button>
    </section>
  )
})

/** Another kubelet than the usual is told where all else is well: there is no room for both words. */
function withVersion({ status }: Pick<Node, 'status'>, state: string): string {
  const version = (status?.nodeInfo as { kubeletVersion?: string } | undefined)?.kubeletVersion ?? RELEASE
  return version === RELEASE || state !== 'Ready' ? state : version
}

/** What is so below, and what the API believes. */
function stateOf({ word, cordoned }: NodeLook, { off, cut, still }: Record<'off' | 'cut' | 'still', boolean>): string {
  // Both say so: no need to tell them apart.
  if (off && word === 'NotReady') return t('off · NotReady')
  if (off) return t('off · API: {word}', { word })
  if (cut) return t('cut off · API: {word}', { word })
  if (still) return t('kubelet stopped · API: {word}', { word })
  return cordoned ? t('{word}, cordoned', { word }) : word
}

/** What is not shown is counted. */
function SystemCount({ name }: { name: string }) {
  const count = useDesk().scene.seats.row(systemRoom(name)).filter(Boolean).length
  if (count === 0) return null
  return (
    <span className="more num" title={t('{count} pods of the system', { count })}>
      +{count}
    </span>
  )
}

function Bars({ name, node, pods }: { name: string; node: Node; pods: Pod[] }) {
  const used = useStore(useDesk().usage, (u) => u.nodes.get(name))
  return (
    <>
      <Bar label="CPU" used={used?.cpu} {...fullness(node, pods, 'cpu')} text={cpuText} />
      <Bar label="Mem" used={used?.memory} {...fullness(node, pods, 'memory')} text={memoryText} />
    </>
  )
}

const trim = (n: number): string => String(Number(n.toFixed(n < 10 ? 1 : 0)))
const cpuText = (n: number): string => trim(n)
const memoryText = (n: number): string => `${trim(n / 2 ** 30)}Gi`
/** Of what is measured alike the unit stands once. */
const ofRoom = (asked: string, room: string): string => `${asked.replace(/Gi$/, '')}/${room}`

interface BarProps extends Fullness {
  label: string
  used: number | undefined
  text(n: number): string
}

/** Requested against allocatable; what is really used as a thin line within, where somebody measures it. */
function Bar({ label, asked, room, used, text }: BarProps) {
  const percent = room > 0 ? Math.round((asked / room) * 100) : 0
  const usedPercent = used === undefined || room <= 0 ? null : Math.min(100, (used / room) * 100)
  return (
    <span
      className="bar"
      title={t('{label}: {asked} of {room} asked for ({percent}%){used}', {
        label,
        asked: text(asked),
        room: text(room),
        percent,
        used: usedPercent === null ? '' : t(', {used}% used', { used: Math.round(usedPercent) }),
      })}
      data-full={percent >= 90 || undefined}
    >
      <i>{label}</i>
      <span>
        <em style={{ width: `${Math.min(100, percent)}%` }} />
        {usedPercent !== null && <u style={{ width: `${usedPercent}%` }} />}
      </span>
      <i className="num">{ofRoom(text(asked), text(room))}</i>
    </span>
  )
}

/** How the machine is; or, while a pod waits, the scheduler's word on it. */
function State({ name, children }: { name: string; children: string }) {
  const word = useStore(useDesk().verdict, ({ verdict }) => verdict?.byNode.get(name))
  return word ? (
    <span className="word" title={`${children} · ${word.long}`}>
      {word.short}
    </span>
  ) : (
    <span className="state" title={children}>
      {children}
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

function Seats({ name, pods, grid }: { name: string; pods: Pod[]; grid: Grid }) {
  const { scene } = useDesk()
  const selected = useChoice((c) => c.selected)
  const focus = focusOn(scene, selected)
  const hint = useChoice((c) => c.hint)
  const passes = passesOf(useChoice((c) => c.filter))
  const owners = useChoice((c) => c.lens === 'ownership')
  const workloads = useScene('workloads')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the version says when the workloads have changed
  const rollouts = useMemo(() => revisions(scene, owners), [scene, owners, workloads])
  const byUid = useMemo(() => new Map(pods.map((pod) => [uidOf(pod), pod])), [pods])
  const own = scene.seats.row(name)
  const system = grid.lean ? [] : scene.seats.row(systemRoom(name))
  const seen = new Set<string>()
  const tile = (uid: string | undefined, at: { x: number; y: number }, small: boolean) => {
    const pod = uid ? byUid.get(uid) : undefined
    if (!pod || !uid || !passes(pod)) return null
    const owner = controllerOf(pod.metadata)?.uid ?? ''
    const revision = rollouts.get(owner)
    const first = revision !== undefined && !seen.has(owner)
    seen.add(owner)
    return (
      <Tile
        key={uid}
        pod={pod}
        {...at}
        size={small || grid.name === 'packed' ? 'small' : grid.name}
        dim={!focus.pod(pod)}
        hint={hint === uid}
        hull={revision ? (revision.stale ? 'old' : 'new') : undefined}
        revision={first && !small ? revision.number : undefined}
        selected={selected?.table === 'pods' && selected.key === keyOf(pod.metadata)}
      />
    )
  }
  return (
    <div className="seats">
      {own.map((uid, i) => tile(uid, seatAt(grid, i), false))}
      {system.length > 0 && (
        <span className="system-label" style={{ top: systemSeatAt(grid, 0, own.length).y - 17 }}>
          kube-system
        </span>
      )}
      {system.map((uid, i) => tile(uid, systemSeatAt(grid, i, own.length), true))}
    </div>
  )
}
