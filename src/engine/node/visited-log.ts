/** A log with the lines of probes, which are a formula of time and were never written one by one. */
import type { World } from '../sim/world.ts'
import { type ContainerState, LOG_LIMIT, type LogLine, type ProcessState } from './container.ts'
import { type Around, ProcessHost } from './process-host.ts'
import type { Program } from './programs/program.ts'

export function visitedLog(
  around: Around,
  world: World,
  container: ContainerState,
  main: { process: ProcessState; program: Program } | null,
): LogLine[] {
  const http = main?.program.http
  if (!main || !http || container.visits.length === 0) return container.logs
  const lines: LogLine[] = []
  for (const visit of container.visits) {
    const end = Math.min(visit.until ?? world.now, world.now)
    const count = Math.floor((end - visit.first) / visit.every)
    for (let k = Math.max(0, count - LOG_LIMIT); k <= count; k++) {
      const host = new ProcessHost(around, world, container, main.process)
      host.at = visit.first + k * visit.every
      host.lines = lines
      http(visit.request, main.process.state, host, visit.port)
    }
  }
  return [...container.logs, ...lines].sort((a, b) => a.at - b.at).slice(-LOG_LIMIT)
}

/** When the next probe will come by; Infinity: none will. */
export const nextVisit = (container: ContainerState, now: number): number =>
  Math.min(
    ...container.visits
      .filter((visit) => visit.until === null)
      .map(({ first, every }) => first + Math.max(0, Math.floor((now - first) / every) + 1) * every),
    Number.POSITIVE_INFINITY,
  )
