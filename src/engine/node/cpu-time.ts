/** The CPU time of a container: its rate over time, settled whenever the rate changes, and what its requests have cost. */
import type { ContainerState } from './container.ts'

/** What it had used at that moment, and the rate at which it goes on. */
export interface CpuTime {
  ms: number
  at: number
  milli: number
}

/** While it has never worked otherwise: a server that idles. */
const began = ({ startedAt }: ContainerState): CpuTime => ({ ms: 0, at: startedAt, milli: 1 })

const steady = ({ ms, at, milli }: CpuTime, now: number): number => ms + ((now - at) / 1000) * milli

/** Milliseconds of CPU since it began. It never becomes less. */
export const cpuTime = (container: ContainerState, now: number): number =>
  steady(container.cpu ?? began(container), now) + (container.load?.spent ?? 0)

/** It has ended: its pod's time, and its machine's, go on without it. */
export function leftCpu(container: ContainerState, record: { cpuMs?: number } | undefined, counts: Record<string, number>): void {
  const { startedAt, finishedAt } = container
  const ms = cpuTime(container, finishedAt)
  if (record) record.cpuMs = (record.cpuMs ?? 0) + ms
  counts['cpu'] = (counts['cpu'] ?? 0) + ms
  counts['ran'] = (counts['ran'] ?? 0) + finishedAt - startedAt
}

/** From now on it works at this rate. */
export function paceCpu(container: ContainerState, rate: number, now: number): void {
  const { cpu = began(container), cpuMost = rate } = container
  const milli = Math.min(rate, cpuMost)
  if (milli !== cpu.milli) container.cpu = { ms: steady(cpu, now), at: now, milli }
}
