/** How busy a container is: requests counted in windows of 15 s, so that a rate can be had at any time without anybody ticking. */
import type { HttpRequest } from '../machinery/http.ts'
import type { Image } from './image.ts'

export interface Load {
  /** Which window `count` is of: whole 15 s since 1970. */
  window: number
  count: number
  /** Requests of the window before. */
  before: number
}

/** As metrics-server looks (--metric-resolution). */
export const WINDOW_MS = 15_000

const windowAt = (now: number): number => Math.floor(now / WINDOW_MS)

function counted(load: Load | undefined, now: number, times: number): Load {
  const window = windowAt(now)
  if (load?.window === window) return { ...load, count: load.count + times }
  return { window, count: times, before: load?.window === window - 1 ? load.count : 0 }
}

/** Requests per second in the last window that is over. */
function rateOf(load: Load | undefined, now: number): number {
  const age = load ? windowAt(now) - load.window : 2
  const count = age === 0 ? load?.before : age === 1 ? load?.count : 0
  return ((count ?? 0) * 1000) / WINDOW_MS
}

/** What a request costs a server that doesn't say. */
const CPU_MS_PER_REQUEST = 0.3

/** Milli-CPU that its requests cost it. */
export const workOf = ({ load }: { load?: Load }, { cpuMsPerRequest = CPU_MS_PER_REQUEST }: Image, now: number): number =>
  rateOf(load, now) * cpuMsPerRequest

export function countRequest(container: { hits: number; load?: Load }, { times = 1 }: HttpRequest, now: number): void {
  container.hits += times
  container.load = counted(container.load, now, times)
}
