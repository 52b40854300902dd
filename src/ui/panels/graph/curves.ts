/** The curves that edges follow and marks travel along: one or two cubics each. */
import type { Anchor, Box, Point } from './layout.ts'

export type Curve = readonly [Point, Point, Point, Point]

const round = (n: number): number => Math.round(n * 10) / 10
const at = ({ x, y }: Point): string => `${round(x)} ${round(y)}`

/** As an SVG path. */
export const pathOf = (curves: readonly Curve[]): string =>
  curves.map(([a, b, c, d], i) => `${i === 0 ? `M${at(a)}` : ''}C${at(b)} ${at(c)} ${at(d)}`).join('')

export const endOf = (curves: readonly Curve[]): Point => (curves.at(-1) as Curve)[3]

const line = (a: Point, b: Point): Curve => [a, mix(a, b, 1 / 3), mix(a, b, 2 / 3), b]

/** From a service down to a tile: into its head, or down the lane beside it; past machines that stand above. A stub only sets out for it. */
export function serviceCurves(from: Point, { top, at: head, lane, gutter }: Anchor, ready: boolean): Curve[] {
  const to = lane ? { x: lane.x, y: top + 8 } : head
  const entry = gutter ?? to
  const bend = Math.max(24, (entry.y - from.y) * 0.55)
  const first: Curve = [from, { x: from.x, y: from.y + bend }, { x: entry.x, y: entry.y - bend }, entry]
  if (!ready) return [part(first, 0.3)]
  const curves = gutter ? [first, ...past(gutter, to, top)] : [first]
  if (!lane) return curves
  const corner = { x: lane.x, y: lane.side.y - 6 }
  return [...curves, line(to, corner), [corner, { x: lane.x, y: lane.side.y }, lane.side, lane.side]]
}

/** Straight down beside the cards above, then over to the tile. */
function past(entry: Point, to: Point, top: number): Curve[] {
  const corner = { x: entry.x, y: top - 16 }
  return [line(entry, corner), [corner, { x: entry.x, y: top + 2 }, { x: to.x, y: top - 16 }, to]]
}

/** Many edges to one machine are drawn as one, to its upper edge. */
export function bundleCurves(from: Point, box: Box): Curve[] {
  const to = { x: box.x + box.w / 2, y: box.y }
  const bend = Math.max(24, (to.y - from.y) * 0.55)
  return [[from, { x: from.x, y: from.y + bend }, { x: to.x, y: to.y - bend }, to]]
}

/** From the outside's right edge over the heads of the other services into this one. */
export function outsideCurves(outside: Box, service: Box): Curve[] {
  const beside = Math.abs(outside.y - service.y) < outside.h
  if (beside && service.x - outside.x - outside.w < 90) {
    const [a, b] = [
      { x: outside.x + outside.w, y: outside.y + 36 },
      { x: service.x, y: service.y + service.h / 2 },
    ]
    return [[a, { x: a.x + 26, y: a.y }, { x: b.x - 26, y: b.y }, b]]
  }
  const from = { x: outside.x + outside.w, y: outside.y + 34 }
  const to = { x: service.x + service.w / 2, y: service.y }
  const lift = to.y - 46
  return [[from, { x: from.x + 50, y: lift }, { x: to.x - 40, y: lift - 8 }, to]]
}

/** From one pod up to the service it calls. */
export function callCurves({ at: from }: Anchor, service: Box): Curve[] {
  const to = { x: service.x + service.w / 2 + 14, y: service.y + service.h }
  const bend = Math.max(40, (from.y - to.y) * 0.5)
  return [[from, { x: from.x, y: from.y - bend }, { x: to.x, y: to.y + bend }, to]]
}

const mix = (a: Point, b: Point, t: number): Point => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t })

export function pointAt([a, b, c, d]: Curve, t: number): Point {
  const [ab, bc, cd] = [mix(a, b, t), mix(b, c, t), mix(c, d, t)]
  return mix(mix(ab, bc, t), mix(bc, cd, t), t)
}

/** A place along several curves, the long ones taking longer; `t` from 0 to 1. */
export function pointAlong(curves: readonly Curve[], t: number): Point {
  const lengths = curves.map(([a, , , d]) => Math.hypot(d.x - a.x, d.y - a.y))
  let left = t * lengths.reduce((sum, length) => sum + length, 0)
  for (const [i, curve] of curves.entries()) {
    const length = lengths[i] ?? 0
    if (left <= length || i === curves.length - 1) return pointAt(curve, length > 0 ? Math.min(1, left / length) : 1)
    left -= length
  }
  return { x: 0, y: 0 }
}

/** The beginning of a curve up to `t` (de Casteljau). */
function part([a, b, c, d]: Curve, t: number): Curve {
  const [ab, bc, cd] = [mix(a, b, t), mix(b, c, t), mix(c, d, t)]
  const [abc, bcd] = [mix(ab, bc, t), mix(bc, cd, t)]
  return [a, ab, abc, mix(abc, bcd, t)]
}
