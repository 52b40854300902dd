/** How a machine's processors are shared out when there is not enough for all: by weight among those who want more (cgroups' cpu.weight), down the kubelet's tree of classes, pods and containers. */
import type { CpuClaim, CpuShares } from './cpu-scarcity.ts'

interface Branch {
  weight: number
  /** Milli-CPU. */
  wants: number
  of: readonly Branch[] | string
}

/** `cpu.shares` of so many milli-CPU asked for; 2 for none (kubelet MilliCPUToShares). */
const weightOf = (milli: number): number => Math.max(2, Math.floor((milli * 1024) / 1000))

const sum = <T>(items: readonly T[], of: (item: T) => number): number => items.reduce((total, item) => total + of(item), 0)

function branch(weight: number, of: readonly Branch[]): Branch {
  return { weight, wants: sum(of, ({ wants }) => wants), of }
}

const leaf = ({ id, asks, wants }: CpuClaim): Branch => ({ weight: weightOf(asks), wants, of: id })

/** Guaranteed pods stand beside the two other classes; of these one weighs what its pods ask for, the other next to nothing. */
function tree(claims: readonly CpuClaim[]): Branch {
  const pods = new Map<string, CpuClaim[]>()
  for (const claim of claims) pods.set(claim.pod, [...(pods.get(claim.pod) ?? []), claim])
  const classes: Record<CpuClaim['quality'], Branch[]> = { Guaranteed: [], Burstable: [], BestEffort: [] }
  for (const of of pods.values()) {
    const asks = sum(of, (each) => each.asks)
    classes[of[0]?.quality ?? 'BestEffort'].push(branch(weightOf(asks), of.map(leaf)))
  }
  const { Guaranteed, Burstable, BestEffort } = classes
  return branch(2, [
    ...Guaranteed,
    branch(
      Math.max(
        2,
        sum(Burstable, ({ weight }) => weight),
      ),
      Burstable,
    ),
    branch(2, BestEffort),
  ])
}

/** Whoever wants less than the share of its weight gets what it wants, and the others share what it leaves. */
function pour(milli: number, branches: readonly Branch[], given: Map<string, number>): void {
  let [left, open] = [milli, branches.filter(({ wants }) => wants > 0)]
  for (;;) {
    const weights = sum(open, ({ weight }) => weight)
    const content = open.filter(({ wants, weight }) => wants <= (left * weight) / weights)
    for (const each of content.length > 0 ? content : open) {
      const part = content.length > 0 ? each.wants : (left * each.weight) / weights
      if (typeof each.of === 'string') given.set(each.of, part)
      else pour(part, each.of, given)
    }
    if (content.length === 0) return
    left -= sum(content, ({ wants }) => wants)
    open = open.filter((each) => !content.includes(each))
    if (open.length === 0) return
  }
}

export const cpuShares: CpuShares = {
  granted(milli, claims) {
    const given = new Map<string, number>()
    pour(milli, [tree(claims)], given)
    return given
  },

  most(milli, claims, id) {
    const greedy = claims.map((claim) => (claim.id === id ? { ...claim, wants: claim.most } : claim))
    return cpuShares.granted(milli, greedy).get(id) ?? 0
  },
}
