/** Where everything stands: columns are zones, machines go by name, pods sit in their seats. Pure geometry, in graph units. */
import type { Node } from '#api/kinds.ts'
import { type Scene, WAITING } from '../../state/scene.ts'
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
const SERVICE_W = 176
export const SERVICE_H = 64
const GAP = 24
const LEFT_W = 190
const LEFT_GAP = 56
const ZONE_HEAD = 30
const ZONE_PAD = 12
const ROW_GAP = 86

export interface Layout {
  outside: Box
  waiting: Box
  services: Map<string, Box>
  machines: Map<string, Box>
  zones: { name: string; box: Box; single: boolean }[]
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

export function layoutOf(scene: Scene): Layout {
  const nodes = scene.nodes()
  const names = [...new Set(nodes.map(zoneOf))].sort()
  const columns = Math.max(1, Math.ceil(Math.sqrt(nodes.length * 1.2) / Math.max(1, names.length)))
  const perZone = names.length > 1 ? columns : Math.max(Math.min(3, nodes.length), columns)
  const main = LEFT_W + LEFT_GAP
  const width = Math.max(CARD_W * 3, names.length * (perZone * (CARD_W + GAP) + ZONE_PAD * 2))
  const services = placeServices(
    scene.services().map((s) => `${s.metadata.namespace}/${s.metadata.name}`),
    main,
    width,
  )
  const top = services.height + ROW_GAP
  const { machines, zones } = placeMachines(scene, nodes, names, perZone, { x: main, y: top })
  const waitingSeats = scene.seats.row(WAITING).length
  const waiting = { x: 0, y: top, w: LEFT_W, h: 64 + rows(waitingSeats, 4, 1) * 40 + (waitingSeats > 0 ? 74 : 24) }
  const layout = { outside: { x: 0, y: 0, w: LEFT_W, h: 92 }, waiting, services: services.boxes, machines, zones }
  return { ...layout, bounds: boundsOf(layout) }
}

function placeServices(keys: string[], x: number, width: number): { boxes: Map<string, Box>; height: number } {
  const perRow = Math.max(3, Math.floor((width + GAP) / (SERVICE_W + GAP)))
  const boxes = new Map<string, Box>()
  keys.forEach((key, i) => {
    const row = Math.floor(i / perRow)
    boxes.set(key, { x: x + (i % perRow) * (SERVICE_W + GAP), y: 14 + row * (SERVICE_H + 30), w: SERVICE_W, h: SERVICE_H })
  })
  return { boxes, height: 14 + Math.max(1, Math.ceil(keys.length / perRow)) * (SERVICE_H + 30) - 30 }
}

function placeMachines(scene: Scene, nodes: Node[], zoneNames: string[], perZone: number, from: Point) {
  const machines = new Map<string, Box>()
  const zones: Layout['zones'] = []
  let x = from.x
  for (const name of zoneNames) {
    const members = nodes.filter((node) => zoneOf(node) === name)
    const framed = name !== ''
    const pad = framed ? ZONE_PAD : 0
    const columns = Math.min(perZone, members.length)
    let y = from.y + (framed ? ZONE_HEAD : 0)
    for (let i = 0; i < members.length; i += columns) {
      const row = members.slice(i, i + columns)
      const heights = row.map(({ metadata }) =>
        cardHeight(scene.seats.row(metadata.name).length, scene.seats.row(systemRoom(metadata.name)).length),
      )
      const h = Math.max(...heights)
      for (const [j, node] of row.entries())
        machines.set(node.metadata.name, { x: x + pad + j * (CARD_W + GAP), y, w: CARD_W, h })
      y += h + GAP
    }
    const w = columns * (CARD_W + GAP) - GAP + pad * 2
    if (framed) zones.push({ name, single: zoneNames.length === 1, box: { x, y: from.y, w, h: y - GAP - from.y + ZONE_PAD } })
    x += w + GAP
  }
  return { machines, zones }
}

function boundsOf(layout: Omit<Layout, 'bounds'>): Box {
  const boxes = [
    layout.outside,
    layout.waiting,
    ...layout.services.values(),
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
