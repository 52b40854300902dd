/** Where everything stands: columns are zones, machines go by name, pods sit in their seats. Pure geometry, in graph units. */
import type { Node } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { type Scene, tableOf } from '../../state/scene.ts'
import { systemRoom } from '../../state/seats.ts'
import { type Grid, heightOf, ROOMY, SMALL, seatIn, waitingCount, waitingGrid } from './grid.ts'

export interface Point {
  x: number
  y: number
}
export interface Box extends Point {
  w: number
  h: number
}

export const PAD = 14
/** Above the first row of tiles: room for edges to come in. */
export const TOP = 16
/** Name, state and bars stand at the foot, so that edges reach the tiles without crossing words. */
const FOOT = 76
const LOW_FOOT = 68
export const CARD_W = PAD * 2 + ROOMY.columns * ROOMY.sx - (ROOMY.sx - ROOMY.w)
const SYSTEM_HEAD = 24
const SERVICE_W = 196
const OUTSIDE_H = 96
export const SERVICE_H = 66
const GAP = 24
const LEFT_W = 196
const LEFT_GAP = 52
const ZONE_PAD = 12
/** A zone's name stands below its machines, where no edge passes. */
const ZONE_FOOT = 28
const ROW_GAP = 78
const LOW_GAP = 44
/** So many tiles stand in the waiting room; the others are counted. */
export const WAITING_SHOWN = 24
export const WAITING_HEAD = 46
/** Room for the verdict below the tiles. */
const WAITING_FOOT = 132

export interface Layout {
  outside: Box
  waiting: Box
  services: Map<string, Box>
  /** In the owners' lens they stand where the services stood; keys as `TABLE NAMESPACE/NAME`. */
  workloads: Map<string, Box>
  machines: Map<string, Box>
  zones: { name: string; box: Box }[]
  bounds: Box
  grid: Grid
  /** Zones have no frames: each card names its own. */
  slim: boolean
}

export const zoneOf = (node: Node): string => node.metadata.labels?.['topology.kubernetes.io/zone'] ?? ''

/** Height of a machine's card with so many seats taken up. */
export const cardHeight = (grid: Grid, seats: number, system: number): number =>
  TOP +
  heightOf(grid, seats) +
  (system > 0 && !grid.lean ? SYSTEM_HEAD + heightOf(SMALL, system) : 0) +
  (grid.lean ? LOW_FOOT : FOOT)

/** How the place is divided: the outside and the waiting room beside the rest or above it, and how many cards stand abreast. */
export interface Plan {
  beside: boolean
  abreast: number
  /** For little room: the outside beside the services, machines without the frames of their zones, the waiting room where a seat is left. */
  slim?: boolean
}

export const plans = (nodes: number): Plan[] => {
  const most = Math.max(1, Math.min(nodes, Math.ceil(Math.sqrt(nodes) * 2.5)))
  const steps = [
    ...new Set([1, 2, 3, 4, 5, 6, 8, 10, 13, 16, 20, 26, 34, 44, 60, 80, 110, 150].filter((n) => n < most).concat(most)),
  ]
  return steps.flatMap((abreast) => [
    { beside: true, abreast },
    { beside: false, abreast },
  ])
}

const BUTTON_H = 48
/** More machines than this stand by zones, however small. */
const SLIM_MOST = 9
export const slimPlans = (nodes: number): Plan[] =>
  nodes > SLIM_MOST ? [] : [2, 3, 4].filter((n) => n <= nodes).map((abreast) => ({ beside: false, abreast, slim: true }))

export function layoutOf(scene: Scene, plan: Plan, grid: Grid, owners = false): Layout {
  if (plan.slim) return slimLayout(scene, plan.abreast, grid, owners)
  const nodes = scene.nodes()
  const main = plan.beside ? LEFT_W + LEFT_GAP : 0
  const zoneNames = [...new Set(nodes.map(zoneOf))].sort()
  const pad = zoneNames.some((name) => name !== '') ? ZONE_PAD : 0
  const all = plan.abreast >= nodes.length
  const columns = all ? Math.max(1, nodes.length) : Math.max(1, Math.floor(plan.abreast / Math.max(1, zoneNames.length)))
  const zonesAbreast = Math.max(1, Math.min(zoneNames.length, Math.floor(plan.abreast / columns)))
  const cards = all ? columns * (CARD_W + GAP) + zoneNames.length * pad * 2 : zonesAbreast * (columns * (CARD_W + GAP) + pad * 2)
  const width = Math.max(plan.beside ? 0 : LEFT_W, cards - GAP)
  const waitingSeats = Math.min(waitingCount(scene), WAITING_SHOWN)
  const waitingHeight = WAITING_HEAD + (waitingSeats > 0 ? heightOf(waitingGrid(scene), waitingSeats) + WAITING_FOOT : 60)
  const head = plan.beside ? 0 : width >= LEFT_W * 2 + GAP ? Math.max(OUTSIDE_H, waitingHeight) : OUTSIDE_H + GAP + waitingHeight
  const keys = topKeys(scene, owners)
  const services = placeServices(keys, { x: main, y: plan.beside ? (grid.lean ? 6 : 14) : head + 56 }, width)
  // Without services there is no row for them; the waiting room still stands below the outside.
  const none = plan.beside ? OUTSIDE_H + GAP : head + GAP
  const top = keys.length > 0 ? services.bottom + (grid.lean ? LOW_GAP : ROW_GAP) : none
  const { machines, zones } = placeMachines(scene, nodes, { width, columns, grid }, { x: main, y: top })
  const aside = plan.beside
    ? { x: 0, y: top }
    : width >= LEFT_W * 2 + GAP
      ? { x: LEFT_W + GAP, y: 0 }
      : { x: 0, y: OUTSIDE_H + GAP }
  const waiting = { ...aside, w: LEFT_W, h: waitingHeight }
  const layout = { outside: OUTSIDE, waiting, ...topsOf(services.boxes, owners), machines, zones, grid, slim: false }
  // The ways in to services further off pass over the heads of the first.
  return { ...layout, bounds: boundsOf(layout, plan.beside && keys.length > 1 && !owners ? 40 : 6) }
}

const OUTSIDE: Box = { x: 0, y: 0, w: LEFT_W, h: OUTSIDE_H }

/** What stands above the machines: services, or in the owners' lens what owns the pods. */
const topKeys = (scene: Scene, owners: boolean): string[] =>
  owners
    ? scene.workloads().map((o) => `${tableOf(o.kind)} ${keyOf(o.metadata)}`)
    : scene.services().map((s) => keyOf(s.metadata))

const topsOf = (boxes: Map<string, Box>, owners: boolean): Pick<Layout, 'services' | 'workloads'> =>
  owners ? { services: new Map(), workloads: boxes } : { services: boxes, workloads: new Map() }

function slimLayout(scene: Scene, columns: number, grid: Grid, owners: boolean): Layout {
  const nodes = [...scene.nodes()].sort((a, b) => zoneOf(a).localeCompare(zoneOf(b)))
  const width = Math.max(LEFT_W + GAP + SERVICE_W, columns * (CARD_W + GAP) - GAP)
  const keys = topKeys(scene, owners)
  const services = placeServices(keys, { x: LEFT_W + GAP, y: grid.lean ? 6 : 14 }, width - LEFT_W - GAP)
  const top = Math.max(OUTSIDE_H, keys.length > 0 ? services.bottom : 0) + LOW_GAP
  const machines = new Map<string, Box>()
  const left = Math.max(0, (width - (columns * (CARD_W + GAP) - GAP)) / 2)
  const bottom = placeZone(scene, nodes, { width, columns, grid }, { x: left, y: top }, machines)
  const seats = Math.min(waitingCount(scene), WAITING_SHOWN)
  const waiting = slimWaiting(scene, seats, columns, { x: left, y: bottom + GAP }, [...machines.values()])
  const layout = { outside: OUTSIDE, waiting, ...topsOf(services.boxes, owners), machines, zones: [], grid, slim: true }
  const bounds = boundsOf(layout, keys.length > 1 && !owners ? 40 : 6)
  // A button finds room below the cards where no seat is left.
  return { ...layout, bounds: { ...bounds, h: bounds.h + (waiting.w === 0 ? BUTTON_H : 0) } }
}

/** Beside the last machine where a seat is left; else below, and only while somebody waits. */
function slimWaiting(scene: Scene, seats: number, columns: number, below: Point, machines: Box[]): Box {
  const h = WAITING_HEAD + (seats > 0 ? heightOf(waitingGrid(scene), seats) + WAITING_FOOT : 60)
  const last = machines.at(-1)
  if (last && machines.length % columns !== 0) return { x: last.x + CARD_W + GAP, y: last.y, w: CARD_W, h }
  return seats > 0 ? { ...below, w: CARD_W, h } : { x: 0, y: 0, w: 0, h: 0 }
}

function placeServices(keys: string[], from: Point, width: number): { boxes: Map<string, Box>; bottom: number } {
  const perRow = Math.max(1, Math.floor((width + GAP) / (SERVICE_W + GAP)))
  const boxes = new Map<string, Box>()
  const pitch = SERVICE_H + 30
  keys.forEach((key, i) => {
    const at = { x: from.x + (i % perRow) * (SERVICE_W + GAP), y: from.y + Math.floor(i / perRow) * pitch }
    boxes.set(key, { ...at, w: SERVICE_W, h: SERVICE_H })
  })
  return { boxes, bottom: from.y + Math.max(1, Math.ceil(keys.length / perRow)) * pitch - 30 }
}

interface Room {
  width: number
  columns: number
  grid: Grid
}

/** Zone after zone from left to right, wrapping where the width ends; inside a zone its machines by name. */
function placeMachines(scene: Scene, nodes: Node[], room: Room, from: Point) {
  const machines = new Map<string, Box>()
  const zones: Layout['zones'] = []
  const names = [...new Set(nodes.map(zoneOf))].sort()
  let at = from
  let below = from.y
  for (const name of names) {
    const members = nodes.filter((node) => zoneOf(node) === name)
    const pad = name === '' ? 0 : ZONE_PAD
    const columns = Math.min(room.columns, members.length)
    const w = columns * (CARD_W + GAP) - GAP + pad * 2
    if (at.x > from.x && at.x + w > from.x + room.width + 1) at = { x: from.x, y: below + GAP }
    const bottom =
      placeZone(scene, members, { ...room, columns }, { x: at.x + pad, y: at.y + pad }, machines) + (pad > 0 ? ZONE_FOOT : 0)
    if (name !== '') zones.push({ name, box: { ...at, w, h: bottom - at.y } })
    below = Math.max(below, bottom)
    at = { x: at.x + w + GAP, y: at.y }
  }
  return { machines, zones }
}

/** Returns where the zone's last row ends. */
function placeZone(scene: Scene, members: Node[], room: Room, from: Point, machines: Map<string, Box>): number {
  const { columns, grid } = room
  let { y } = from
  for (let i = 0; i < members.length; i += columns) {
    const row = members.slice(i, i + columns)
    const heights = row.map(({ metadata: { name } }) =>
      cardHeight(grid, scene.seats.row(name).length, scene.seats.row(systemRoom(name)).length),
    )
    const h = Math.max(...heights)
    for (const [j, node] of row.entries()) machines.set(node.metadata.name, { x: from.x + j * (CARD_W + GAP), y, w: CARD_W, h })
    y += h + GAP
  }
  return y - GAP
}

function boundsOf(layout: Omit<Layout, 'bounds'>, head: number): Box {
  const boxes = [
    layout.outside,
    layout.waiting,
    ...layout.services.values(),
    ...layout.workloads.values(),
    ...layout.machines.values(),
    ...layout.zones.map((z) => z.box),
  ]
  const right = Math.max(...boxes.map((b) => b.x + b.w))
  const bottom = Math.max(...boxes.map((b) => b.y + b.h))
  return { x: 0, y: -head, w: right, h: bottom + head }
}

/** Top left corner of a seat inside its card. */
export function seatAt(grid: Grid, slot: number): Point {
  const { x, y } = seatIn(grid, slot)
  return { x: PAD + x, y: TOP + y }
}

/** Top left corner of a system pod's seat, below the seats of the others. */
export function systemSeatAt(grid: Grid, slot: number, seats: number): Point {
  const { x, y } = seatIn(SMALL, slot)
  return { x: PAD + x, y: TOP + heightOf(grid, seats) + SYSTEM_HEAD + y }
}

export function waitingSeatAt(grid: Grid, slot: number): Point {
  const { x, y } = seatIn(grid, slot)
  return { x: PAD + x, y: WAITING_HEAD + y }
}

/** Where an edge meets a tile. */
export interface Anchor {
  /** Upper edge of the card. */
  top: number
  /** Middle of the tile's upper edge. */
  at: Point
  /** For tiles of later rows: the lane beside the tile, and the tile's side where the edge ends. */
  lane: { x: number; side: Point } | null
  /** Where other machines stand above this one: where the way down beside them begins. */
  gutter: Point | null
}

const gutters = new WeakMap<Layout['machines'], Map<string, Point>>()
/** Of so many machines only bundles are drawn. */
const GUTTERS_MOST = 60

/** For machines below others, the way down at their left; worked out once per layout. */
function guttersOf({ machines }: Layout): Map<string, Point> {
  const known = gutters.get(machines)
  if (known) return known
  const found = new Map<string, Point>()
  if (machines.size <= GUTTERS_MOST)
    for (const [name, box] of machines) {
      const above = [...machines.values()].filter((b) => b.y < box.y && b.x < box.x + box.w && box.x < b.x + b.w)
      if (above.length > 0) found.set(name, { x: box.x - ZONE_PAD / 2, y: Math.min(...above.map((b) => b.y)) })
    }
  gutters.set(machines, found)
  return found
}

/** `undefined` when the pod has no place on the graph. */
export function anchorOf(
  layout: Layout,
  scene: Scene,
  node: string | undefined,
  uid: string,
  system: boolean,
): Anchor | undefined {
  if (!node) return undefined
  const box = layout.machines.get(node)
  if (system && layout.grid.lean) return undefined
  const own = scene.seats.row(node)
  const slot = (system ? scene.seats.row(systemRoom(node)) : own).indexOf(uid)
  if (!box || slot < 0) return undefined
  const grid = system ? SMALL : layout.grid
  const seat = system ? systemSeatAt(layout.grid, slot, own.length) : seatAt(grid, slot)
  const [x, y] = [box.x + seat.x, box.y + seat.y]
  const first = !system && slot < grid.columns
  const lane = first ? null : { x: x - (grid.sx - grid.w) / 2, side: { x, y: y + grid.h / 2 } }
  return { top: box.y, at: { x: x + grid.w / 2, y }, lane, gutter: guttersOf(layout).get(node) ?? null }
}
