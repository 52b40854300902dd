/** Measuring: CPU seconds with those of the garbage collector's threads, wall seconds, and the heap after a full collection. */

export type Numbers = Record<string, number>

export interface Cost {
  cpu_s: number
  wall_s: number
}

export const round = (value: number, digits = 3): number => Number(value.toFixed(digits))

export function measure(work: () => void): Cost {
  const cpu = process.cpuUsage()
  const wall = performance.now()
  work()
  return { ...cpuSince(cpu), wall_s: round((performance.now() - wall) / 1000) }
}

export function cpuSince(before: NodeJS.CpuUsage): { cpu_s: number } {
  const { user, system } = process.cpuUsage(before)
  return { cpu_s: round((user + system) / 1e6) }
}

/** Bytes in use once everything unreachable is gone; needs `--expose-gc`. */
export function heap(): number {
  const collect = (globalThis as { gc?: () => void }).gc
  if (!collect) throw new Error('run with --expose-gc')
  collect()
  collect()
  return process.memoryUsage().heapUsed
}
