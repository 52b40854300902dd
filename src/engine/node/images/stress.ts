/** stress: takes the memory and processors it is told to, which its container may not be allowed. */
import { image } from '../image.ts'
import { flag } from '../web.ts'

interface State {
  memoryMi: number
  cpus: number
}

const UNITS: Record<string, number> = { K: 1 / 1024, M: 1, G: 1024, '': 1 / 1_048_576 }

const mebibytes = (text: string | undefined): number => {
  const m = /^(\d+)([KMG]?)i?[bB]?$/.exec(text ?? '')
  return m ? Number(m[1]) * (UNITS[m[2] ?? ''] ?? 0) : 0
}

export const stress = image<State>({
  name: 'stress',
  also: ['stress-ng'],
  sizeMb: 10,
  entrypoint: ['stress'],
  words: ['/stress', '/usr/bin/stress', 'stress-ng'],
  start(host) {
    const cpus = Number(flag(host.argv, 'cpu') ?? flag(host.argv, 'c') ?? flag(host.argv, 'cpus') ?? 0)
    const vms = Number(flag(host.argv, 'vm') ?? flag(host.argv, 'm') ?? 0)
    const each = mebibytes(flag(host.argv, 'vm-bytes')) || (vms > 0 ? 256 : 0)
    const memoryMi = vms * each || mebibytes(flag(host.argv, 'mem-total'))
    host.out(`stress: info: [1] dispatching hogs: ${cpus} cpu, 0 io, ${vms} vm, 0 hdd\n`)
    if (memoryMi > 0) host.memory(memoryMi)
    const seconds = Number.parseInt(flag(host.argv, 'timeout') ?? flag(host.argv, 't') ?? '', 10)
    if (seconds > 0) host.wake(seconds * 1000)
    return { memoryMi, cpus }
  },
  wake(state, host) {
    host.out('stress: info: [1] successful run completed\n')
    host.exit(0)
    return state
  },
  memoryMi: (state) => state.memoryMi + 1,
  cpuMilli: (state) => state.cpus * 1000,
})
