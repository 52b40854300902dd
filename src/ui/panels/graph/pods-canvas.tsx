/** A machine's pods on one canvas: drawn anew when something on it has changed, without a render of its own. */
import { useStoreApi } from '@xyflow/react'
import { type MouseEvent, memo, useEffect, useRef } from 'react'
import type { Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { nextFrame } from '#client/mirror.ts'
import type { Desk } from '../../state/desk.ts'
import { passesOf } from '../../state/filter.ts'
import { type Focus, focusOn } from '../../state/focus.ts'
import { useDesk } from '../../state/hooks.ts'
import { lookOf } from '../../state/look.ts'
import { type Revision, revisions } from '../../state/rollouts.ts'
import { systemRoom } from '../../state/seats.ts'
import { stampPod } from './draw-pods.ts'
import { type Grid, heightOf, SMALL, slotAt } from './grid.ts'
import { CARD_W, PAD, type Point, seatAt, systemSeatAt, TOP } from './layout.ts'

/** Room around the tiles for outlines. */
const RIM = 4
/** Below this the card shows a stacked bar instead. */
const SHOWN_FROM_PX = 5

interface PodsProps {
  name: string
  grid: Grid
}

export const PodsCanvas = memo(function PodsCanvas({ name, grid }: PodsProps) {
  const desk = useDesk()
  const flow = useStoreApi()
  const canvas = useRef<HTMLCanvasElement>(null)
  useEffect(() => {
    const element = canvas.current
    if (!element) return
    let waiting = false
    const wake = (): void => {
      if (waiting) return
      waiting = true
      nextFrame(() => {
        waiting = false
        if (element.isConnected) paint(element, desk, name, grid, flow.getState().transform[2])
      })
    }
    let [scale, theme] = [scaleFor(flow.getState().transform[2]), document.documentElement.dataset['theme']]
    const stops = [
      desk.scene.topics.subscribe(`node:${name}`, wake),
      desk.choices.subscribe((now, before) => {
        if (
          now.selected !== before.selected ||
          now.filter !== before.filter ||
          now.theme !== before.theme ||
          now.lens !== before.lens
        )
          wake()
      }),
      flow.subscribe(({ transform }) => {
        const next = scaleFor(transform[2])
        const dress = document.documentElement.dataset['theme']
        if (next === scale && theme === dress) return
        ;[scale, theme] = [next, dress]
        wake()
      }),
    ]
    wake()
    return () => {
      for (const stop of stops) stop()
    }
  }, [desk, flow, name, grid])
  const onMove = (event: MouseEvent<HTMLCanvasElement>): void => {
    const pod = podAt(desk, name, grid, placeIn(event))
    const element = event.currentTarget
    element.title = pod ? `${pod.metadata.name}\n${lookOf(pod).word}` : ''
    // The graph's one listener for clicks reads what was clicked from here.
    if (pod) element.dataset['ref'] = `pods ${keyOf(pod.metadata)}`
    else delete element.dataset['ref']
  }
  return <canvas ref={canvas} className="pods" onMouseMove={onMove} onPointerDown={onMove} />
})

/** So many canvas pixels per unit: steps, so that a zoom does not draw everything anew at every notch. */
const scaleFor = (zoom: number): number => {
  const wanted = zoom * (globalThis.devicePixelRatio || 1)
  return wanted < 0.3 ? 0.3 : wanted < 0.6 ? 0.6 : wanted < 1.1 ? 1.1 : 2
}

function placeIn(event: MouseEvent<HTMLCanvasElement>): Point {
  const { left, top, width } = event.currentTarget.getBoundingClientRect()
  const unit = (CARD_W - (PAD - RIM) * 2) / width
  return { x: (event.clientX - left) * unit - RIM, y: (event.clientY - top) * unit - RIM }
}

function podAt({ scene }: Desk, name: string, grid: Grid, at: Point): Pod | undefined {
  const own = scene.seats.row(name)
  const slot = slotAt(grid, at)
  const uid = slot === null ? undefined : own[slot]
  if (uid) return scene.pod(uid)
  if (grid.lean) return undefined
  const below = systemSeatAt(grid, 0, own.length).y - TOP
  const small = slotAt(SMALL, { x: at.x, y: at.y - below })
  const system = small === null ? undefined : scene.seats.row(systemRoom(name))[small]
  return system ? scene.pod(system) : undefined
}

function paint(element: HTMLCanvasElement, desk: Desk, name: string, grid: Grid, zoom: number): void {
  const { scene, choices } = desk
  if (grid.h * zoom < SHOWN_FROM_PX) return
  const [own, system] = [scene.seats.row(name), grid.lean ? [] : scene.seats.row(systemRoom(name))]
  const bottom =
    system.length > 0 ? systemSeatAt(grid, 0, own.length).y + heightOf(SMALL, system.length) : TOP + heightOf(grid, own.length)
  const [w, h, scale] = [CARD_W - (PAD - RIM) * 2, bottom - TOP + RIM * 2, scaleFor(zoom)]
  const [pw, ph] = [Math.ceil(w * scale), Math.ceil(h * scale)]
  if (element.width !== pw || element.height !== ph) [element.width, element.height] = [pw, ph]
  element.style.width = `${w}px`
  element.style.height = `${h}px`
  const context = element.getContext('2d')
  if (!context) return
  context.setTransform(scale, 0, 0, scale, (RIM - PAD) * scale, (RIM - TOP) * scale)
  context.clearRect(0, 0, w + PAD, h + TOP)
  const { selected, lens, filter } = choices.getState()
  const passes = passesOf(filter)
  const focus = focusOn(scene, selected)
  const rollouts = revisionsOnce(desk, lens === 'ownership')
  const draw = (uid: string | undefined, at: Point, on: Grid): void => {
    const pod = uid ? scene.pod(uid) : undefined
    if (!pod || !passes(pod)) return
    const chosen = selected?.table === 'pods' && selected.key === keyOf(pod.metadata)
    stampPod(context, pod, at, on, stateOf(pod, focus, rollouts, chosen), { px: on.h * zoom, scale })
  }
  own.forEach((uid, i) => void draw(uid, seatAt(grid, i), grid))
  system.forEach((uid, i) => void draw(uid, systemSeatAt(grid, i, own.length), SMALL))
}

function stateOf(pod: Pod, focus: Focus, rollouts: ReadonlyMap<string, Revision>, selected: boolean) {
  const revision = rollouts.get(controllerOf(pod.metadata)?.uid ?? '')
  return { dim: !focus.pod(pod), selected, hull: revision ? (revision.stale ? ('old' as const) : ('new' as const)) : undefined }
}

const cache = new WeakMap<Desk, { version: number; owners: boolean; found: ReadonlyMap<string, Revision> }>()
/** Asked for by every card of a frame, found once. */
function revisionsOnce(desk: Desk, owners: boolean): ReadonlyMap<string, Revision> {
  const version = desk.scene.topics.version('workloads')
  const known = cache.get(desk)
  if (known?.version === version && known.owners === owners) return known.found
  const found = revisions(desk.scene, owners)
  cache.set(desk, { version, owners, found })
  return found
}
