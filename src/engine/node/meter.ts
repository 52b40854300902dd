/** How busy a container is: requests counted in windows of 15 s, so that a rate can be had at any time without anybody ticking. */
import type { HttpRequest } from '../machinery/http.ts'
import type { ContainerState } from './container.ts'
import type { Image } from './image.ts'

export interface Load {
  /** Which window `count` is of: whole 15 s since 1970. */
  window: number
  count: number
  /** Requests of the window before. */
  before: number
  /** CPU milliseconds of all requests, and those of the windows before. */
  spent: number
  settled: number
}

/** As metrics-server looks (--metric-resolution). */
export const WINDOW_MS = 15_000

const windowAt = (now: number): number => Math.floor(now / WINDOW_MS)

function counted(load: Load | undefined, now: number, times: number): Load {
  const window = windowAt(now)
  if (load?.window === window) return { ...load, count: load.count + times }
  const spent = load?.spent ?? 0
  return { window, count: times, before: load?.window === window - 1 ? load.count : 0, spent, settled: spent }
}

/** Requests per second in the last window that is over. */
function rateOf(load: Load | undefined, now: number): number {
  const age = load ? windowAt(now) - load.window : 2
  const count = age === 0 ? load?.before : age === 1 ? load?.count : 0
  return ((count ?? 0) * 1000) / WINDOW_MS
}

/** What a request costs a server that doesn't say. */
const CPU_MS_PER_REQUEST = 0.3

export const costOf = ({ cpuMsPerRequest = CPU_MS_PER_REQUEST }: Image): number => cpuMsPerRequest

/** Milli-CPU that its requests cost it. */
export const workOf = ({ load }: { load?: Load }, image: Image, now: number): number => rateOf(load, now) * costOf(image)

export function countRequest(container: ContainerState, image: Image, { times = 1 }: HttpRequest, now: number): void {
  container.hits += times
  const load = counted(container.load, now, times)
  // In a window no more is used than its limit leaves, however much there is to do.
  const most = load.settled + (((container.cpuMost ?? Infinity) - (container.cpu?.milli ?? 1)) * WINDOW_MS) / 1000
  load.spent = Math.min(load.spent + times * costOf(image), Math.max(load.spent, most))
  container.load = load
}
