/** Where everything stands: columns are zones, machines go by name, pods sit in their seats. Pure geometry, in graph units. */
import type { Node } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { type Scene, tableOf, WAITING } from '../../state/scene.ts'
import { systemRoom } from '../../state/seats.ts'

export interface Point {
  x: number
  y: number
}
export interface Box extends Point {
  w: number
  h: number
}

export const TILE = 30
export const STEP = 36
export const COLUMNS = 6
export const PAD = 14
export const HEAD = 74
export const SMALL_STEP = 30
export const SMALL_COLUMNS = 7
export const CARD_W = PAD * 2 + COLUMNS * STEP - (STEP - TILE)
const SYSTEM_HEAD = 26
const SERVICE_W = 184
const OUTSIDE_H = 92
export const SERVICE_H = 64
const GAP = 24
const LEFT_W = 190
const LEFT_GAP = 56
const ZONE_HEAD = 30
const ZONE_PAD = 12
const ROW_GAP = 86
/** So many tiles stand in the waiting room; the others are counted. */
export const WAITING_SHOWN = 24

export interface Layout {
  outside: Box
  waiting: Box
  services: Map<string, Box>
  /** In the owners' lens they stand where the services stood; keys as `TABLE NAMESPACE/NAME`. */
  workloads: Map<string, Box>
  machines: Map<string, Box>
  zones: { name: string; box: Box }[]
  bounds: Box
}

export const zoneOf = (node: Node): string => node.metadata.labels?.['topology.kubernetes.io/zone'] ?? ''

const rows = (count: number, columns: number, least: number): number => Math.max(least, Math.ceil(count / columns))

/** Height of a machine's card with so many seats taken up. */
export function cardHeight(seats: number, system: number): number {
  const own = rows(seats, COLUMNS, 2) * STEP - (STEP - TILE)
  const below = system > 0 ? SYSTEM_HEAD + rows(system, SMALL_COLUMNS, 1) * SMALL_STEP : PAD
  return HEAD + own + below
}

/** How the place is divided: the outside and the waiting room beside the rest or above it, and how many cards stand abreast. */
export interface Plan {
  beside: boolean
  abreast: number
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

export function layoutOf(scene: Scene, plan: Plan, owners = false): Layout {
  const nodes = scene.nodes()
  const main = plan.beside ? LEFT_W + LEFT_GAP : 0
  const zoneNames = [...new Set(nodes.map(zoneOf))].sort()
  const pad = zoneNames.some((name) => name !== '') ? ZONE_PAD : 0
  const columns = Math.max(1, Math.floor(plan.abreast / Math.max(1, zoneNames.length)))
  const zonesAbreast = Math.max(1, Math.min(zoneNames.length, Math.floor(plan.abreast / columns)))
  const width = Math.max(plan.beside ? 0 : LEFT_W, zonesAbreast * (columns * (CARD_W + GAP) + pad * 2) - GAP)
  const waitingSeats = Math.min(scene.seats.row(WAITING).length, WAITING_SHOWN)
  const waitingHeight = 64 + rows(waitingSeats, 4, 1) * 40 + (waitingSeats > 0 ? 74 : 24)
  const head = plan.beside ? 0 : width >= LEFT_W * 2 + GAP ? Math.max(OUTSIDE_H, waitingHeight) : OUTSIDE_H + GAP + waitingHeight
  const keys = owners
    ? scene.workloads().map((o) => `${tableOf(o.kind)} ${keyOf(o.metadata)}`)
    : scene.services().map((s) => keyOf(s.metadata))
  const services = placeServices(keys, { x: main, y: plan.beside ? 14 : head + 56 }, width)
  const top = services.bottom + ROW_GAP
  const { machines, zones } = placeMachines(scene, nodes, { width, columns }, { x: main, y: top })
  const aside = plan.beside
    ? { x: 0, y: top }
    : width >= LEFT_W * 2 + GAP
      ? { x: LEFT_W + GAP, y: 0 }
      : { x: 0, y: OUTSIDE_H + GAP }
  const waiting = { ...aside, w: LEFT_W, h: waitingHeight }
  const nothing = new Map<string, Box>()
  const tops = owners ? { services: nothing, workloads: services.boxes } : { services: services.boxes, workloads: nothing }
  const layout = { outside: { x: 0, y: 0, w: LEFT_W, h: OUTSIDE_H }, waiting, ...tops, machines, zones }
  return { ...layout, bounds: boundsOf(layout) }
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

/** Zone after zone from left to right, wrapping where the width ends; inside a zone its machines by name. */
function placeMachines(scene: Scene, nodes: Node[], room: { width: number; columns: number }, from: Point) {
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
    const bottom = placeZone(scene, members, columns, { x: at.x + pad, y: at.y + (pad > 0 ? ZONE_HEAD : 0) }, machines) + pad
    if (name !== '') zones.push({ name, box: { ...at, w, h: bottom - at.y } })
    below = Math.max(below, bottom)
    at = { x: at.x + w + GAP, y: at.y }
  }
  return { machines, zones }
}

/** Returns where the zone's last row ends. */
function placeZone(scene: Scene, members: Node[], columns: number, from: Point, machines: Map<string, Box>): number {
  let { y } = from
  for (let i = 0; i < members.length; i += columns) {
    const row = members.slice(i, i + columns)
    const heights = row.map(({ metadata: { name } }) =>
      cardHeight(scene.seats.row(name).length, scene.seats.row(systemRoom(name)).length),
    )
    const h = Math.max(...heights)
    for (const [j, node] of row.entries()) machines.set(node.metadata.name, { x: from.x + j * (CARD_W + GAP), y, w: CARD_W, h })
    y += h + GAP
  }
  return y - GAP
}

function boundsOf(layout: Omit<Layout, 'bounds'>): Box {
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
  return { x: 0, y: -40, w: right, h: bottom + 40 }
}

/** Top left corner of a seat inside its card. */
export const seatAt = (slot: number): Point => ({
  x: PAD + (slot % COLUMNS) * STEP,
  y: HEAD + Math.floor(slot / COLUMNS) * STEP,
})

/** Top left corner of a system pod's seat, below the seats of the others. */
export const systemSeatAt = (slot: number, seats: number): Point => ({
  x: PAD + (slot % SMALL_COLUMNS) * SMALL_STEP,
  y: HEAD + rows(seats, COLUMNS, 2) * STEP - (STEP - TILE) + SYSTEM_HEAD - 2 + Math.floor(slot / SMALL_COLUMNS) * SMALL_STEP,
})

export const waitingSeatAt = (slot: number): Point => ({ x: PAD + (slot % 4) * 41, y: 52 + Math.floor(slot / 4) * 40 })

/** Middle of the upper edge of a pod's tile, or `undefined` when it has no place on the graph. */
export function tileTop(layout: Layout, scene: Scene, node: string | undefined, uid: string, system: boolean): Point | undefined {
  if (!node) return undefined
  const box = layout.machines.get(node)
  const own = scene.seats.row(node)
  const slot = (system ? scene.seats.row(systemRoom(node)) : own).indexOf(uid)
  if (!box || slot < 0) return undefined
  const seat = system ? systemSeatAt(slot, own.length) : seatAt(slot)
  return { x: box.x + seat.x + (system ? 12 : TILE / 2), y: box.y + seat.y }
}
