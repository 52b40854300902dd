/** How pods sit on a card: large tiles with their names while there is room, small ones when machines fill up, tiny ones when they are full. */
import { type Scene, WAITING } from '../../state/scene.ts'
import type { Point } from './layout.ts'

export interface Grid {
  name: 'roomy' | 'dense' | 'packed'
  /** Size of a tile, and from one to the next. */
  w: number
  h: number
  sx: number
  sy: number
  columns: number
  /** Rows that are kept free even when nobody sits there. */
  least: number
  /** Where there is little room: system pods are counted, not shown, and cards have a low foot. */
  lean: boolean
}

export const ROOMY: Grid = { name: 'roomy', w: 66, h: 52, sx: 74, sy: 62, columns: 3, least: 1, lean: false }
export const DENSE: Grid = { name: 'dense', w: 30, h: 30, sx: 36, sy: 38, columns: 6, least: 2, lean: false }
/** System pods, and those of a crowded waiting room. */
export const SMALL: Grid = { name: 'dense', w: 24, h: 24, sx: 31, sy: 31, columns: 7, least: 1, lean: false }
/** A hundred and more on one machine: its card stays as wide as it is tall. Only on canvases. */
export const PACKED: Grid = { name: 'packed', w: 15, h: 15, sx: 18, sy: 18, columns: 12, least: 4, lean: false }
const ROOMY_LEAN: Grid = { ...ROOMY, lean: true }
const DENSE_LEAN: Grid = { ...DENSE, lean: true }
const PACKED_LEAN: Grid = { ...PACKED, lean: true }

const ROOMY_SEATS = 9
const ROOMY_NODES = 14
const DENSE_SEATS = 48
/** Once small, tiles stay small until far fewer are left: sizes must not go to and fro. */
const AGAIN = 2 / 3

/** `many`: pods are drawn on canvases, however small. */
export function gridFor(scene: Scene, before: Grid = ROOMY, lean = false, many = false): Grid {
  const nodes = scene.nodes()
  const most = Math.max(0, ...nodes.map((node) => scene.seats.row(node.metadata.name).length))
  if (many && most > DENSE_SEATS * (before.name === 'packed' ? AGAIN : 1)) return lean ? PACKED_LEAN : PACKED
  const roomy = most <= ROOMY_SEATS * (before.name === 'roomy' ? 1 : AGAIN) && nodes.length <= ROOMY_NODES
  return roomy ? (lean ? ROOMY_LEAN : ROOMY) : lean ? DENSE_LEAN : DENSE
}

/** In the waiting room: few with names, many small. */
export const WAITING_ROOMY: Grid = { ...ROOMY, columns: 2, least: 0 }
export const WAITING_SMALL: Grid = { ...DENSE, columns: 4, least: 0 }
const FEW_WAITING = 4
export const waitingGrid = (scene: Scene): Grid => (waitingCount(scene) <= FEW_WAITING ? WAITING_ROOMY : WAITING_SMALL)

/** It is a queue, not a row of seats: who is left moves up. */
export const waitingCount = (scene: Scene): number => scene.seats.row(WAITING).filter(Boolean).length

export const rowsOf = (grid: Grid, seats: number): number => Math.max(grid.least, Math.ceil(seats / grid.columns))
export const heightOf = (grid: Grid, seats: number): number => Math.max(0, rowsOf(grid, seats) * grid.sy - (grid.sy - grid.h))

/** Top left corner of a seat, from the top left seat's. */
export const seatIn = (grid: Grid, slot: number): Point => ({
  x: (slot % grid.columns) * grid.sx,
  y: Math.floor(slot / grid.columns) * grid.sy,
})

/** Which seat lies at a point, if any. */
export function slotAt(grid: Grid, { x, y }: Point): number | null {
  const [column, row] = [Math.floor(x / grid.sx), Math.floor(y / grid.sy)]
  const inside = x >= 0 && y >= 0 && column < grid.columns && x - column * grid.sx <= grid.w && y - row * grid.sy <= grid.h
  return inside ? row * grid.columns + column : null
}
