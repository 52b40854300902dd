/** A picture of the usual scene: what a page asks of it first, answered when the page was built, and moved to the page's own time. */
import type { ApiResponse, SimulationNews } from '#api/request.ts'
import type { Beginning } from './port-messages.ts'

export interface Picture {
  /** When it was taken as if it were: simulated milliseconds since 1970 at the cluster's beginning. */
  epoch: number
  /** By path: lists, from whose versions watches begin. */
  answers: Record<string, ApiResponse>
  /** How a watch is opened. */
  opened: ApiResponse
  news: SimulationNews
}

type Fresh = Extract<Beginning, { kind: 'fresh' }>

/** What a visitor finds who asks for nothing else. Only the time differs from visit to visit. */
export const USUAL = { kind: 'fresh', seed: '1', nodes: 3, scene: 'shop' } as const

/** When pictures are taken, and for how long after it a number is a time of the picture: nothing else is as large. */
export const TAKEN_AT = 1_767_225_600_000
const LASTS_MS = 3_600_000

export const isUsual = (beginning: Beginning): beginning is Fresh => {
  if (beginning.kind !== 'fresh' || beginning.addons || beginning.controlPlanes) return false
  return beginning.seed === USUAL.seed && beginning.nodes === USUAL.nodes && beginning.scene === USUAL.scene
}

/** The same picture of a cluster that began at another time: nothing else in it depends on when that was. */
export function moved(picture: Picture, epoch: number): Picture {
  const by = epoch - picture.epoch
  return { ...(movedValue(picture, by) as Picture), epoch }
}

function movedValue(value: unknown, by: number): unknown {
  if (typeof value === 'string') return movedText(value, by)
  if (typeof value === 'number') return value >= TAKEN_AT && value < TAKEN_AT + LASTS_MS ? value + by : value
  if (Array.isArray(value)) return value.map((item) => movedValue(item, by))
  if (typeof value !== 'object' || value === null) return value
  const next: Record<string, unknown> = {}
  for (const [key, item] of Object.entries(value)) next[key] = movedValue(item, by)
  return next
}

const TIMESTAMP = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?Z$/
/** Names of Events end with the nanoseconds of their making, in hexadecimal digits. */
const EVENT = /^(.+\.)(1[0-9a-f]{15})$/
const NS_PER_MS = 1_000_000n

function movedText(text: string, by: number): string {
  const [, seconds, fraction = ''] = TIMESTAMP.exec(text) ?? []
  // A cluster begins at a whole second.
  if (seconds) return `${new Date(Date.parse(`${seconds}Z`) + by).toISOString().slice(0, 19)}${fraction}Z`
  const [, name, nanoseconds] = EVENT.exec(text) ?? []
  return name ? name + (BigInt(`0x${nanoseconds}`) + BigInt(by) * NS_PER_MS).toString(16) : text
}
