/** Marks in motion: requests drawn on a canvas at the place simulated time puts them; circles arrive, diamonds are lost. */
import type { Flight } from '#api/request.ts'
import type { Desk } from '../../state/desk.ts'
import { uidOf } from '../../state/scene.ts'
import { isSystem } from '../../state/seats.ts'
import { isLost } from '../../state/traffic.ts'
import { type Curve, callCurves, outsideCurves, pointAlong, serviceCurves } from './curves.ts'
import { type Anchor, anchorOf, type Layout, type Point, SERVICE_H } from './layout.ts'

/** Wall milliseconds a mark takes from end to end at speed 1 and above; slower clocks slow it down. */
const TRAVEL_MS = 1100
const MOST = 200
const MOST_PER_EDGE = 12

export interface View {
  x: number
  y: number
  zoom: number
}
export interface Ink {
  ok: string
  lost: string
  rim: string
  text: string
}

/** How a request looks: requests are circles, look-ups of names squares; what fails turns into a diamond. */
type Shape = 'circle' | 'square'

interface Route {
  /** From the caller to the Service, and from there to the pod. */
  legs: Curve[][]
  edge: string
  shape: Shape
}

/** Draws one frame; returns how many marks are under way. */
export function drawMarks(context: CanvasRenderingContext2D, desk: Desk, layout: Layout, view: View, ink: Ink): number {
  const { width, height } = context.canvas
  const ratio = globalThis.devicePixelRatio || 1
  context.setTransform(1, 0, 0, 1, 0, 0)
  context.clearRect(0, 0, width, height)
  const speed = desk.clock.store.getState().status?.speed
  const span = TRAVEL_MS * Math.max(1, typeof speed === 'number' ? speed : 1)
  const now = desk.clock.now()
  context.setTransform(ratio * view.zoom, 0, 0, ratio * view.zoom, ratio * view.x, ratio * view.y)
  const flights = desk.traffic.since(now, span)
  // Above what can be told apart one mark stands for so many, always the same ones: marks must not flicker.
  const each = Math.max(1, Math.ceil(flights.length / MOST))
  const perEdge = new Map<string, number>()
  let drawn = 0
  for (const flight of flights) {
    if (flight.seq % each !== 0 && each > 1) continue
    const route = routeOf(desk, layout, flight)
    const busy = route ? (perEdge.get(route.edge) ?? 0) : MOST_PER_EDGE
    if (!route || busy >= MOST_PER_EDGE) continue
    perEdge.set(route.edge, busy + 1)
    drawn += 1
    draw(context, route, (now - flight.at) / span, isLost(flight), ink, each)
  }
  return drawn
}

/** The request whose mark is nearest to a place on the graph, within reach of a finger. */
export function flightNear(desk: Desk, layout: Layout, { x, y }: Point, reach: number): Flight | null {
  const speed = desk.clock.store.getState().status?.speed
  const span = TRAVEL_MS * Math.max(1, typeof speed === 'number' ? speed : 1)
  const now = desk.clock.now()
  let best: Flight | null = null
  let least = reach
  for (const flight of desk.traffic.since(now, span)) {
    const route = routeOf(desk, layout, flight)
    const at = route && placeOf(route, (now - flight.at) / span)
    const off = at ? Math.hypot(at.x - x, at.y - y) : reach
    if (off < least) [best, least] = [flight, off]
  }
  return best
}

function placeOf(route: Route, progress: number): Point | null {
  const along = progress * route.legs.length
  const leg = route.legs[Math.min(route.legs.length - 1, Math.floor(along))]
  if (!leg) return null
  const t = along - Math.floor(Math.min(along, route.legs.length - 1e-6))
  return pointAlong(leg, t * t * (3 - 2 * t))
}

function draw(context: CanvasRenderingContext2D, route: Route, progress: number, lost: boolean, ink: Ink, each: number): void {
  const at = placeOf(route, progress)
  if (!at) return
  // Red only once it is known that the request failed.
  const failed = lost && progress > 0.6
  context.beginPath()
  if (failed) diamond(context, at, 7)
  else if (route.shape === 'square') context.rect(at.x - 4.2, at.y - 4.2, 8.4, 8.4)
  else context.arc(at.x, at.y, 4.8, 0, Math.PI * 2)
  context.fillStyle = failed ? ink.lost : ink.ok
  context.strokeStyle = ink.rim
  context.lineWidth = 1.5
  context.fill()
  context.stroke()
  if (each > 1) {
    context.fillStyle = ink.text
    context.font = '600 10px sans-serif'
    context.fillText(`×${each}`, at.x + 7, at.y + 3)
  }
}

function diamond(context: CanvasRenderingContext2D, { x, y }: Point, r: number): void {
  context.moveTo(x, y - r)
  context.lineTo(x + r, y)
  context.lineTo(x, y + r)
  context.lineTo(x - r, y)
  context.closePath()
}

/** Caller to service, service to pod; a request that found no pod ends at the service. */
function routeOf(desk: Desk, layout: Layout, flight: Flight): Route | null {
  const box = layout.services.get(flight.service)
  if (!box) return null
  const caller = flight.from.includes('/') ? anchorOfPod(desk, layout, flight.from) : undefined
  const first = caller ? callCurves(caller, box) : outsideCurves(layout.outside, box)
  const goal = flight.pod ? anchorOfPod(desk, layout, flight.pod) : undefined
  const from = { x: box.x + box.w / 2, y: box.y + SERVICE_H }
  const shape = flight.hops.length > 0 && flight.hops.every((hop) => /dns/i.test(hop.at)) ? 'square' : 'circle'
  return { legs: goal ? [first, serviceCurves(from, goal, true)] : [first], edge: `${flight.service}>${flight.pod}`, shape }
}

function anchorOfPod(desk: Desk, layout: Layout, key: string): Anchor | undefined {
  const pod = desk.mirror.get('pods', key)
  return pod && anchorOf(layout, desk.scene, pod['spec']?.nodeName, uidOf(pod), isSystem(pod.metadata.namespace))
}
