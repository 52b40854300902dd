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

/** What the unit costs on the machines that our bounds were set on, in microseconds. */
const REFERENCE_US = 22.5
const ROUNDS = 20_000

/** A Pod as long as a usual one: 3,831 bytes of JSON. */
function usualPod(): object {
  const conditions = Array.from({ length: 24 }, (_, i) => ({
    type: `Condition${i}`,
    status: 'True',
    lastTransitionTime: '2026-01-01T00:00:00Z',
    reason: 'AsUsual',
    observedGeneration: i,
  }))
  const pod = { kind: 'Pod', metadata: { name: 'web', annotations: { note: '' } }, status: { conditions } }
  pod.metadata.annotations.note = 'x'.repeat(3831 - JSON.stringify(pod).length)
  return pod
}

/** The unit of this machine, now: CPU microseconds for writing and reading a usual Pod as JSON; the least of three. */
export function calibration(): number {
  const pod = usualPod()
  const once = (): number => {
    const { cpu_s } = measure(() => {
      for (let i = 0; i < ROUNDS; i++) JSON.parse(JSON.stringify(pod))
    })
    return (cpu_s * 1e6) / ROUNDS
  }
  return Math.min(once(), once(), once())
}

/** The numbers with the unit beside them, and CPU seconds (and Pods in one) as on a machine whose unit is the reference. */
export function calibrated(numbers: Numbers, unitUs: number): Numbers {
  const next: Numbers = { ...numbers }
  for (const [name, value] of Object.entries(numbers)) {
    if (!name.endsWith('cpu_s')) continue
    const isRate = name.endsWith('per_cpu_s')
    const scaled = isRate ? Math.round((value * unitUs) / REFERENCE_US) : round((value * REFERENCE_US) / unitUs)
    next[`${name}_at_reference`] = scaled
  }
  return { ...next, json_pod_us: round(unitUs, 1) }
}
