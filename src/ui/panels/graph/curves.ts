/** The curves that edges follow and marks travel along: one cubic each. */
import type { Box, Point } from './layout.ts'

export type Curve = readonly [Point, Point, Point, Point]

const round = (n: number): number => Math.round(n * 10) / 10

export const pathOf = ([a, b, c, d]: Curve): string =>
  `M${round(a.x)} ${round(a.y)}C${round(b.x)} ${round(b.y)} ${round(c.x)} ${round(c.y)} ${round(d.x)} ${round(d.y)}`

/** From a service down to a tile; a stub only sets out for it. */
export function serviceCurve(from: Point, to: Point, ready: boolean): Curve {
  const bend = Math.max(30, (to.y - from.y) * 0.6)
  const whole: Curve = [from, { x: from.x, y: from.y + bend }, { x: to.x, y: to.y - bend }, to]
  return ready ? whole : part(whole, 0.3)
}

/** From the outside's right edge over the heads of the other services into this one. */
export function outsideCurve(outside: Box, service: Box): Curve {
  const from = { x: outside.x + outside.w, y: outside.y + 34 }
  const to = { x: service.x + service.w / 2, y: service.y }
  const lift = to.y - 46
  return [from, { x: from.x + 50, y: lift }, { x: to.x - 40, y: lift - 8 }, to]
}

/** From one pod up to the service it calls. */
export function callCurve(from: Point, service: Box): Curve {
  const to = { x: service.x + service.w / 2 + 14, y: service.y + service.h }
  const bend = Math.max(40, (from.y - to.y) * 0.5)
  return [from, { x: from.x, y: from.y - bend }, { x: to.x, y: to.y + bend }, to]
}

const mix = (a: Point, b: Point, t: number): Point => ({ x: a.x + (b.x - a.x) * t, y: a.y + (b.y - a.y) * t })

export function pointAt([a, b, c, d]: Curve, t: number): Point {
  const [ab, bc, cd] = [mix(a, b, t), mix(b, c, t), mix(c, d, t)]
  return mix(mix(ab, bc, t), mix(bc, cd, t), t)
}

/** The beginning of a curve up to `t` (de Casteljau). */
function part([a, b, c, d]: Curve, t: number): Curve {
  const [ab, bc, cd] = [mix(a, b, t), mix(b, c, t), mix(c, d, t)]
  const [abc, bcd] = [mix(ab, bc, t), mix(bc, cd, t)]
  return [a, ab, abc, mix(abc, bcd, t)]
}
