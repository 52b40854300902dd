/** Ghosts: what would come of a deed, or what the goal is, drawn beside what is there: pods that would come, and those that would go. */
import { useStore, ViewportPortal } from '@xyflow/react'
import { Eye, X } from 'lucide-react'
import type { Pod } from '#api/kinds.ts'
import type { Outlook } from '../../state/choices.ts'
import { useChoice, useDesk, useScene } from '../../state/hooks.ts'
import { suffixOf } from '../../state/look.ts'
import { type Scene, WAITING } from '../../state/scene.ts'
import { isSystem } from '../../state/seats.ts'
import { t } from '../../words/index.ts'
import { waitingGrid } from './grid.ts'
import { type Layout, type Point, seatAt, waitingSeatAt } from './layout.ts'

interface Ghost extends Point {
  id: string
  name: string
  kind: 'goes' | 'comes'
  w: number
  h: number
}

export function Ghosts({ layout }: { layout: Layout }) {
  const { scene } = useDesk()
  const outlook = useChoice((c) => c.outlook)
  useScene('seats')
  const zoom = useStore((s) => s.transform[2])
  if (!outlook) return null
  return (
    <>
      <ViewportPortal>
        <div className="ghosts" aria-hidden="true">
          {ghostsOf(scene, layout, outlook).map(({ id, name, kind, x, y, w, h }) => (
            <span key={id} data-kind={kind} style={{ left: x, top: y, width: w, height: h }}>
              <b>{kind === 'goes' ? '−' : '+'}</b>
              {zoom > 0.5 && w > 40 && <i className="mono">{suffixOf(name)}</i>}
            </span>
          ))}
        </div>
      </ViewportPortal>
      {outlook.title !== '' && <Words outlook={outlook} />}
    </>
  )
}

function Words({ outlook }: { outlook: Outlook }) {
  const { choices } = useDesk()
  return (
    <section className="outlook" aria-label={t('What would come of it')} aria-live="polite">
      <Eye size={16} aria-hidden="true" />
      <div>
        <b>{outlook.title}</b>
        <p>{outlook.lines.join(' ')}</p>
      </div>
      <button
        type="button"
        className="icon"
        aria-label={t('Close the preview')}
        onClick={() => choices.setState({ outlook: null })}
      >
        <X size={15} />
      </button>
    </section>
  )
}

/** Those that would go stand where they are; those that would come take the seats they would be given. */
function ghostsOf(scene: Scene, layout: Layout, { gone, come }: Outlook): Ghost[] {
  const left = new Set(gone)
  const pods = gone.flatMap((uid) => scene.pod(uid) ?? [])
  const own = pods.filter((pod) => !isSystem(pod.metadata.namespace))
  const goes = own.flatMap((pod) => seatOf(scene, layout, pod) ?? [])
  const taken = new Map<string, Set<number>>()
  const comes = come.flatMap(({ name, node }): Ghost[] => {
    const row = scene.seats.row(node === '' ? WAITING : node)
    const used = taken.get(node) ?? new Set()
    taken.set(node, used)
    let slot = 0
    while (used.has(slot) || (row[slot] !== undefined && !left.has(row[slot] ?? ''))) slot += 1
    used.add(slot)
    const place = placeOf(scene, layout, node, slot)
    return place ? [{ ...place, id: name, name, kind: 'comes' }] : []
  })
  return [...goes, ...comes]
}

function seatOf(scene: Scene, layout: Layout, pod: Pod): Ghost | undefined {
  const node = pod.spec.nodeName ?? ''
  const uid = pod.metadata.uid ?? ''
  const slot = node === '' ? scene.podsOn(WAITING).indexOf(pod) : scene.seats.row(node).indexOf(uid)
  const place = slot < 0 ? undefined : placeOf(scene, layout, node, slot)
  return place && { ...place, id: uid, name: pod.metadata.name, kind: 'goes' }
}

function placeOf(scene: Scene, layout: Layout, node: string, slot: number): Omit<Ghost, 'id' | 'name' | 'kind'> | undefined {
  const box = node === '' ? layout.waiting : layout.machines.get(node)
  if (!box || box.w === 0) return undefined
  const grid = node === '' ? waitingGrid(scene) : layout.grid
  const { x, y } = node === '' ? waitingSeatAt(grid, slot) : seatAt(grid, slot)
  return { x: box.x + x, y: box.y + y, w: grid.w, h: grid.h }
}
