/** What machines use, as metrics.k8s.io tells it where it is served; it is asked now and then, and never where it is not. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import { parseQuantity } from '#api/quantity.ts'
import type { Stop, Transport } from '#api/request.ts'

export interface Usage {
  /** By node: CPUs and bytes. */
  nodes: ReadonlyMap<string, { cpu: number; memory: number }>
}

export const createUsage = (): StoreApi<Usage> => createStore<Usage>()(() => ({ nodes: new Map() }))

const EVERY_MS = 5000
const METRICS = '/apis/metrics.k8s.io/v1beta1/nodes'

interface NodeMetrics {
  metadata: { name: string }
  usage: { cpu: string; memory: string }
}

const amount = (text: string): number => Number(parseQuantity(text)?.nano ?? 0n) / 1e9

export function watchUsage(usage: StoreApi<Usage>, transport: Transport): Stop {
  let timer: ReturnType<typeof setInterval> | undefined
  const ask = async (): Promise<boolean> => {
    const answer = await transport.request({ method: 'GET', path: METRICS })
    if (answer.status !== 200) return false
    const { items = [] } = answer.body as { items?: NodeMetrics[] }
    usage.setState({
      nodes: new Map(items.map((n) => [n.metadata.name, { cpu: amount(n.usage.cpu), memory: amount(n.usage.memory) }])),
    })
    return true
  }
  const begin = async (): Promise<void> => {
    // Asking for what is not served would leave an error in the browser's console for each try.
    const groups = await transport.request({ method: 'GET', path: '/apis' })
    const served = (groups.body as { groups?: { name: string }[] })?.groups?.some((g) => g.name === 'metrics.k8s.io')
    if (served && (await ask())) timer = setInterval(() => void ask().catch(() => {}), EVERY_MS)
  }
  void begin().catch(() => {})
  return () => clearInterval(timer)
}
