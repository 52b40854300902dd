/**
 * The scheduler's default profile once more, as plainly as can be: every count is made anew from the objects, nothing is
 * remembered between Pods. What the real one decides with its running counts must come out the same.
 */
import { anyClash, hostPortsOf } from '#api/host-ports.ts'
import type { Container, Node, Pod, PodAffinityTerm, ResourceList, Service, TopologySpreadConstraint } from '#api/kinds.ts'
import { nodeMatches, termMatches } from '#api/node-selector.ts'
import { milliOf, wholeOf } from '#api/quantity.ts'
import { mapSelects, selects } from '#api/selector.ts'
import { tolerates, UNSCHEDULABLE_TAINT, untolerated } from '#api/taints.ts'

export interface PlainCluster {
  /** In the order they are looked at. */
  nodes: readonly Node[]
  /** Placed Pods. */
  pods: readonly Pod[]
  services: readonly Service[]
}

/** The names of the nodes that fit, and their totals. */
export type PlainDecision = Map<string, number>

const HOST = 'kubernetes.io/hostname'
const ZONE = 'topology.kubernetes.io/zone'
const WEIGHTS = { taints: 3, affinity: 2, spread: 2, pods: 2 }

type Labels = Record<string, string>
const labelsOf = (object: { metadata: { labels?: Labels } }): Labels => object.metadata.labels ?? {}
const domainOf = (node: Node, key: string): string | undefined => labelsOf(node)[key]

class Plain {
  readonly cluster: PlainCluster
  readonly pod: Pod

  constructor(cluster: PlainCluster, pod: Pod) {
    this.cluster = cluster
    this.pod = pod
  }

  podsOn(node: Node): Pod[] {
    return this.cluster.pods.filter((pod) => pod.spec.nodeName === node.metadata.name)
  }

  /** Placed Pods for which `counts` holds, in the node's domain. */
  inDomain(node: Node, key: string, counts: (pod: Pod) => boolean, eligible: (node: Node) => boolean = () => true): number {
    const domain = domainOf(node, key)
    const near = this.cluster.nodes.filter((other) => domainOf(other, key) === domain && eligible(other))
    return near.flatMap((other) => this.podsOn(other)).filter(counts).length
  }

  fits(node: Node): boolean {
    const { pod } = this
    const { tolerations } = pod.spec
    if (node.spec.unschedulable && !tolerates(tolerations, UNSCHEDULABLE_TAINT)) return false
    const hard = (node.spec.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule')
    if (untolerated(hard, tolerations) || !nodeMatches(pod, node)) return false
    if (anyClash(hostPortsOf(pod), this.podsOn(node).flatMap(hostPortsOf))) return false
    return this.hasRoom(node) && this.spreads(node) && this.isWelcome(node)
  }

  hasRoom(node: Node): boolean {
    const present = this.podsOn(node)
    const room: ResourceList = node.status?.allocatable ?? {}
    if (present.length + 1 > wholeOf(room['pods'])) return false
    const names = new Set([this.pod, ...present].flatMap(containersOf).flatMap((c) => Object.keys(c.resources?.requests ?? {})))
    return [...names].every((name) => {
      const wanted = asked(this.pod, name)
      return wanted === 0 || wanted <= amount(name, room[name]) - sum(present.map((pod) => asked(pod, name)))
    })
  }

  spreads(node: Node): boolean {
    const constraints = constraintsOf(this.pod, 'DoNotSchedule')
    const keyed = (other: Node) => constraints.every(({ topologyKey }) => domainOf(other, topologyKey) !== undefined)
    if (!keyed(node)) return false
    return constraints.every((c) => {
      const counted = (other: Node) => keyed(other) && this.#countsNode(c, other)
      const domains = new Map<string, number>()
      for (const other of this.cluster.nodes.filter(counted)) {
        domains.set(domainOf(other, c.topologyKey) as string, this.inDomain(other, c.topologyKey, this.#counts(c), counted))
      }
      const least = domains.size < (c.minDomains ?? 1) ? 0 : Math.min(...domains.values())
      const self = selects(selectorOf(c, this.pod), this.pod.metadata.labels) ? 1 : 0
      const here = domains.get(domainOf(node, c.topologyKey) as string) ?? 0
      return here + self - (domains.size === 0 ? 0 : least) <= c.maxSkew
    })
  }

  #countsNode(c: TopologySpreadConstraint, node: Node): boolean {
    if (c.nodeAffinityPolicy !== 'Ignore' && !nodeMatches(this.pod, node)) return false
    const hard = (node.spec.taints ?? []).filter(({ effect }) => effect !== 'PreferNoSchedule')
    return c.nodeTaintsPolicy !== 'Honor' || !untolerated(hard, this.pod.spec.tolerations)
  }

  /** An empty selector is met by all, yet counts nobody. */
  #counts(c: TopologySpreadConstraint): (pod: Pod) => boolean {
    const selector = selectorOf(c, this.pod)
    const empty = Object.keys(selector?.matchLabels ?? {}).length + (selector?.matchExpressions?.length ?? 0) === 0
    return (pod) =>
      !empty &&
      pod.metadata.namespace === this.pod.metadata.namespace &&
      pod.metadata.deletionTimestamp === undefined &&
      selects(selector, pod.metadata.labels)
  }

  /** Affinity and anti-affinity, its own and the others'. */
  isWelcome(node: Node): boolean {
    const { pod } = this
    const near = pod.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    const apart = pod.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
    if (near.length > 0 && !this.#isNear(node, near)) return false
    const hit = (term: PodAffinityTerm) =>
      domainOf(node, term.topologyKey) !== undefined &&
      this.inDomain(node, term.topologyKey, (other) => isAbout(term, pod, other)) > 0
    if (apart.some(hit)) return false
    return !this.cluster.pods.some((other) => {
      const terms = other.spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
      return terms.some((term) => isAbout(term, other, pod) && this.#together(node, other, term.topologyKey))
    })
  }

  #isNear(node: Node, terms: readonly PodAffinityTerm[]): boolean {
    if (terms.some(({ topologyKey }) => domainOf(node, topologyKey) === undefined)) return false
    const all = (other: Pod) => terms.every((term) => isAbout(term, this.pod, other))
    if (terms.every(({ topologyKey }) => this.inDomain(node, topologyKey, all) > 0)) return true
    const anybody = this.cluster.nodes.some(
      (other) => terms.some(({ topologyKey }) => domainOf(other, topologyKey) !== undefined) && this.podsOn(other).some(all),
    )
    return !anybody && all(this.pod)
  }

  #together(node: Node, other: Pod, key: string): boolean {
    const its = this.cluster.nodes.find(({ metadata }) => metadata.name === other.spec.nodeName)
    return its !== undefined && domainOf(node, key) !== undefined && domainOf(its, key) === domainOf(node, key)
  }

  /** Totals of the nodes that fit. */
  scores(nodes: readonly Node[]): number[] {
    const columns = [
      nodes.map((node) => this.#leastAllocated(node)),
      this.#balanced(nodes),
      nodes.map((node) => this.#images(node)),
      scaled(
        nodes.map((node) => this.#softTaints(node)),
        true,
      ).map((score) => score * WEIGHTS.taints),
      this.#preferredNodes(nodes).map((score) => score * WEIGHTS.affinity),
      this.#softSpread(nodes).map((score) => score * WEIGHTS.spread),
      this.#pulls(nodes).map((score) => score * WEIGHTS.pods),
    ]
    return nodes.map((_, i) => sum(columns.map((column) => column[i] ?? 0)))
  }

  #leastAllocated(node: Node): number {
    const parts = (['cpu', 'memory'] as const).flatMap((name) => {
      const room = amount(name, node.status?.allocatable?.[name])
      if (room === 0) return []
      const used = sum([...this.podsOn(node), this.pod].map((pod) => askedAtLeast(pod, name)))
      return [used > room ? 0 : Math.trunc(((room - used) * 100) / room)]
    })
    return parts.length === 0 ? 0 : Math.trunc(sum(parts) / parts.length)
  }

  #balanced(nodes: readonly Node[]): number[] {
    if (asked(this.pod, 'cpu') === 0 && asked(this.pod, 'memory') === 0) return []
    return nodes.map((node) => {
      const after = balance(node, [...this.podsOn(node), this.pod])
      return 50 + Math.trunc((50 + after - balance(node, this.podsOn(node))) / 2)
    })
  }

  #images(node: Node): number {
    const sizes = containersOf(this.pod).map(({ image = '' }) => {
      const name = image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image
      const has = (each: Node) => each.status?.images?.find(({ names }) => names?.includes(name))
      const spread = this.cluster.nodes.filter(has).length / this.cluster.nodes.length
      return Math.trunc((has(node)?.sizeBytes ?? 0) * spread)
    })
    const [least, most] = [23 * 2 ** 20, 1000 * 2 ** 20 * containersOf(this.pod).length]
    return Math.trunc((100 * (Math.min(Math.max(sum(sizes), least), most) - least)) / (most - least))
  }

  #softTaints(node: Node): number {
    const tolerations = (this.pod.spec.tolerations ?? []).filter((t) => !t.effect || t.effect === 'PreferNoSchedule')
    const soft = (node.spec.taints ?? []).filter(({ effect }) => effect === 'PreferNoSchedule')
    return soft.filter((taint) => !tolerates(tolerations, taint)).length
  }

  #preferredNodes(nodes: readonly Node[]): number[] {
    const terms = this.pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution
    if (!terms) return []
    return scaled(
      nodes.map((node) => sum(terms.filter(({ preference }) => termMatches(preference, node)).map(({ weight }) => weight))),
      false,
    )
  }

  #softSpread(nodes: readonly Node[]): number[] {
    const own = (this.pod.spec.topologySpreadConstraints ?? []).length > 0
    const constraints = own ? constraintsOf(this.pod, 'ScheduleAnyway') : this.#defaultConstraints()
    if (constraints.length === 0) return []
    const keyed = (node: Node) => !own || constraints.every(({ topologyKey }) => domainOf(node, topologyKey) !== undefined)
    const raw = nodes.map((node) =>
      keyed(node) ? Math.round(this.#spreadOf(node, constraints, nodes.filter(keyed), keyed)) : -1,
    )
    const known = raw.filter((score) => score >= 0)
    const [least, most] = [Math.min(...known), Math.max(0, ...known)]
    return raw.map((score) => (score < 0 ? 0 : most === 0 ? 100 : Math.trunc((100 * (most + least - score)) / most)))
  }

  #spreadOf(
    node: Node,
    constraints: readonly TopologySpreadConstraint[],
    scored: readonly Node[],
    keyed: (node: Node) => boolean,
  ): number {
    return sum(
      constraints.map((c) => {
        if (domainOf(node, c.topologyKey) === undefined) return 0
        const onHost = c.topologyKey === HOST
        const domains = onHost ? scored.length : new Set(scored.map((each) => domainOf(each, c.topologyKey))).size
        const counted = (other: Node) => keyed(other) && this.#countsNode(c, other)
        const count = onHost
          ? this.podsOn(node).filter(this.#counts(c)).length
          : this.inDomain(node, c.topologyKey, this.#counts(c), counted)
        return count * Math.log(domains + 2) + (c.maxSkew - 1)
      }),
    )
  }

  #defaultConstraints(): TopologySpreadConstraint[] {
    const { namespace, labels } = this.pod.metadata
    const mine = this.cluster.services.filter(
      ({ metadata, spec }) => metadata.namespace === namespace && mapSelects(spec.selector, labels),
    )
    const matchLabels = Object.assign({}, ...mine.map(({ spec }) => spec.selector))
    if (Object.keys(matchLabels).length === 0) return []
    const common = { whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels } } as const
    return [
      { ...common, topologyKey: HOST, maxSkew: 3 },
      { ...common, topologyKey: ZONE, maxSkew: 5 },
    ]
  }

  /** What the Pod would like to be near to or far from, and what placed Pods would like of it. */
  #pulls(nodes: readonly Node[]): number[] {
    const own = weightedTerms(this.pod)
    const raw = nodes.map((node) => {
      let score = 0
      for (const { term, weight } of own) {
        if (domainOf(node, term.topologyKey) === undefined) continue
        score += weight * this.inDomain(node, term.topologyKey, (other) => isAbout(term, this.pod, other))
      }
      for (const other of this.cluster.pods) {
        const required = other.spec.affinity?.podAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []
        for (const { term, weight } of [...weightedTerms(other), ...required.map((term) => ({ term, weight: 1 }))]) {
          if (isAbout(term, other, this.pod) && this.#together(node, other, term.topologyKey)) score += weight
        }
      }
      return score
    })
    const [least, most] = [Math.min(...raw), Math.max(...raw)]
    return raw.map((score) => (most > least ? Math.trunc(100 * ((score - least) / (most - least))) : 0))
  }
}

const containersOf = ({ spec }: Pod): Container[] => [...(spec.initContainers ?? []), ...spec.containers]
const sum = (numbers: readonly number[]): number => numbers.reduce((a, b) => a + b, 0)
const amount = (name: string, value: string | number | undefined): number => (name === 'cpu' ? milliOf(value) : wholeOf(value))

/** Containers run together, and beside those init containers that stay; each other init container runs before them alone. */
function asks({ spec }: Pod, of: (container: Container) => number): number {
  let sidecars = 0
  let peak = 0
  for (const container of spec.initContainers ?? []) {
    if (container.restartPolicy === 'Always') sidecars += of(container)
    peak = Math.max(peak, sidecars + (container.restartPolicy === 'Always' ? 0 : of(container)))
  }
  return Math.max(sum(spec.containers.map(of)) + sidecars, peak)
}

const asked = (pod: Pod, name: string): number => asks(pod, ({ resources }) => amount(name, resources?.requests?.[name]))

/** For scoring, a container that asks for nothing counts as a small one. */
const askedAtLeast = (pod: Pod, name: 'cpu' | 'memory'): number =>
  asks(pod, ({ resources }) => {
    const value = resources?.requests?.[name]
    return value === undefined ? { cpu: 100, memory: 200 * 2 ** 20 }[name] : amount(name, value)
  })

function balance(node: Node, pods: readonly Pod[]): number {
  const [cpu, memory] = (['cpu', 'memory'] as const).map((name) => {
    const room = amount(name, node.status?.allocatable?.[name])
    return room === 0 ? null : Math.min(1, sum(pods.map((pod) => asked(pod, name))) / room)
  }) as [number | null, number | null]
  return cpu === null || memory === null ? 100 : Math.trunc((1 - Math.abs((cpu - memory) / 2)) * 100)
}

function scaled(scores: readonly number[], reverse: boolean): number[] {
  const most = Math.max(0, ...scores)
  return scores.map((score) => {
    const part = most === 0 ? 0 : Math.trunc((100 * score) / most)
    return reverse ? 100 - part : part
  })
}

const constraintsOf = ({ spec }: Pod, action: string): TopologySpreadConstraint[] =>
  (spec.topologySpreadConstraints ?? []).filter(({ whenUnsatisfiable }) => whenUnsatisfiable === action)

function selectorOf(c: TopologySpreadConstraint, pod: Pod): TopologySpreadConstraint['labelSelector'] {
  if (!c.labelSelector) return c.labelSelector
  const more = (c.matchLabelKeys ?? []).filter((key) => labelsOf(pod)[key] !== undefined)
  return {
    ...c.labelSelector,
    matchLabels: {
      ...c.labelSelector.matchLabels,
      ...Object.fromEntries(more.map((key) => [key, labelsOf(pod)[key] as string])),
    },
  }
}

/** Whether the term of `holder` is about `other`. */
function isAbout(term: PodAffinityTerm, holder: Pod, other: Pod): boolean {
  const namespaces = term.namespaces?.length || term.namespaceSelector ? (term.namespaces ?? []) : [holder.metadata.namespace]
  const every = term.namespaceSelector && Object.keys(term.namespaceSelector).length === 0
  if (!every && !namespaces.includes(other.metadata.namespace as string)) return false
  return term.labelSelector !== undefined && selects(term.labelSelector, other.metadata.labels)
}

function weightedTerms({ spec }: Pod): { term: PodAffinityTerm; weight: number }[] {
  const near = spec.affinity?.podAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  const apart = spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []
  return [
    ...near.map(({ podAffinityTerm, weight }) => ({ term: podAffinityTerm, weight })),
    ...apart.map(({ podAffinityTerm, weight }) => ({ term: podAffinityTerm, weight: -weight })),
  ]
}

/** Looks at all nodes; below 100 of them the real one does so too. */
export function decide(cluster: PlainCluster, pod: Pod): PlainDecision {
  const plain = new Plain(cluster, pod)
  const feasible = cluster.nodes.filter((node) => plain.fits(node))
  const totals = plain.scores(feasible)
  return new Map(feasible.map((node, i) => [node.metadata.name, totals[i] as number]))
}
