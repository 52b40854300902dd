/** Which plan the graph follows: the one that fills its pane best, and not another as long as nothing would be gained by moving everything. */
import type { Scene } from '../../state/scene.ts'
import { COMPACT_BELOW, LEAST_ZOOM, type Size, zoomFor } from './fit.ts'
import type { Grid } from './grid.ts'
import { layoutOf, type Plan, plans, slimPlans } from './layout.ts'

/** How full the fullest machine is, in doublings: when cards have grown that much, another plan may fit better. */
export const bulkOf = (scene: Scene): number =>
  Math.round(Math.log2(12 + Math.max(0, ...scene.nodes().map((node) => scene.seats.row(node.metadata.name).length))))

/** The plan that was chosen, and for which room and how many cards of which size. */
export interface Chosen {
  plan: Plan
  room: string
}
/** While room and cards stay, and all can be read, another plan must be so much better: nobody likes it when everything moves. */
const WORTH_MOVING = 1.35

/** Small print that would be too small to read is worth giving up zones for. */
const WORTH_SLIMMING = 1.08

/** The plan that fills the room best; between equals the one with the outside to the left. */
export function bestPlan(scene: Scene, size: Size, grid: Grid, owners: boolean, before: Chosen | null): Chosen {
  const zoomOf = (plan: Plan): number => zoomFor(size, layoutOf(scene, plan, grid, owners).bounds)
  // Below each other the way in is long: only for much larger cards.
  const rate = (plan: Plan) => ({ plan, zoom: zoomOf(plan) * (plan.beside || plan.slim ? 1 : 0.88) })
  const found = plans(scene.nodes().length).map(rate)
  const slim = slimPlans(scene.nodes().length).map(rate)
  const wide = best(found)
  const narrow = best(slim)
  const cramped = wide.zoom < COMPACT_BELOW && narrow.zoom > wide.zoom * WORTH_SLIMMING
  const chosen = cramped ? narrow : wide
  const room = [size.width, size.height, scene.nodes().length, rowsOf(scene, owners), owners, grid.name, bulkOf(scene)].join(' ')
  const same = before?.room === room && [...found, ...slim].find((f) => JSON.stringify(f.plan) === JSON.stringify(before.plan))
  return same && same.zoom >= LEAST_ZOOM && same.zoom * WORTH_MOVING >= chosen.zoom
    ? { plan: same.plan, room }
    : { plan: chosen.plan, room }
}

interface Rated {
  plan: Plan
  zoom: number
}
const NONE: Rated = { plan: { beside: true, abreast: 1 }, zoom: 0 }
const best = (found: readonly Rated[]): Rated =>
  found.reduce((better, next) => (next.zoom > better.zoom * 1.02 ? next : better), found[0] ?? NONE)

/** Cards above the machines, in doublings: none, one, two, four. */
const rowsOf = (scene: Scene, owners: boolean): number =>
  Math.ceil(Math.log2((owners ? scene.workloads() : scene.services()).length + 1))
