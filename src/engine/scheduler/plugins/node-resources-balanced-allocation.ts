/** Prefers nodes whose CPU and memory would be used more evenly with the Pod than without. */
import { MAX_SCORE, plugin, skip } from '../framework.ts'

/** 100 when CPU and memory are used to the same degree, down to 50 when one is full and the other empty. */
function balance(cpu: number, roomCpu: number, memory: number, roomMemory: number): number {
  if (roomCpu === 0 || roomMemory === 0) return MAX_SCORE
  const deviation = Math.abs((Math.min(1, cpu / roomCpu) - Math.min(1, memory / roomMemory)) / 2)
  return Math.trunc((1 - deviation) * MAX_SCORE)
}

export const nodeResourcesBalancedAllocation = plugin<null, null>({
  name: 'NodeResourcesBalancedAllocation',
  weight: 1,
  local: true,
  // Pods that ask for nothing change no balance; scoring them would heap them on one node.
  preScore: ({ requests }) => (requests.cpu === 0 && requests.memory === 0 ? skip : { state: null }),
  score({ requests }, node) {
    const after = balance(node.usedCpu + requests.cpu, node.cpu, node.usedMemory + requests.memory, node.memory)
    const before = balance(node.usedCpu, node.cpu, node.usedMemory, node.memory)
    return MAX_SCORE / 2 + Math.trunc((MAX_SCORE / 2 + after - before) / 2)
  },
})
