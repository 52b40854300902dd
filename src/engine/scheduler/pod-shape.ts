/** What is the same for all Pods of one template: parsed once, and the key under which verdicts about nodes are kept. */
import { equal } from '#api/equal.ts'
import { type HostPort, hostPortsOf } from '#api/host-ports.ts'
import type { Container, Pod } from '#api/kinds.ts'
import { type PodTerms, parseTerms } from './affinity-terms.ts'
import { type Requests, requestsOf } from './resources.ts'
import { type Constraints, parseConstraints } from './spread-constraints.ts'

/** Shapes remembered; beyond, the older half is forgotten and made anew when such a Pod comes again. */
const LIMIT = 2048

const KEYLESS = ''

export class PodShape {
  /** Before anything of the Pod runs: what its status says is left out. */
  readonly requests: Requests
  /** The same without what the Pod asks for as a whole: LeastAllocated does not look at that (enablePodLevelResources unset). */
  readonly ofContainers: Requests
  readonly ports: readonly HostPort[]
  /** Names of all images, as a node would list them. */
  readonly images: readonly string[]
  readonly #spec: Pod['spec']
  readonly #labelKeys: readonly string[]
  readonly #terms = new Map<string, PodTerms | null>()
  readonly #constraints = new Map<string, Constraints>()

  constructor(pod: Pod) {
    this.#spec = pod.spec
    const fresh = pod.status ? { ...pod, status: {} } : pod
    this.requests = requestsOf(fresh)
    const { resources, ...spec } = fresh.spec
    this.ofContainers = resources?.requests ? requestsOf({ ...fresh, spec }) : this.requests
    this.ports = hostPortsOf(pod)
    this.images = imagesOf(pod)
    this.#labelKeys = (pod.spec.topologySpreadConstraints ?? []).flatMap((c) => c.matchLabelKeys ?? [])
  }

  /** The affinity terms for other Pods; `null`: none. */
  terms(namespace = ''): PodTerms | null {
    if (!this.#spec.affinity) return null
    let terms = this.#terms.get(namespace)
    if (terms === undefined) {
      terms = parseTerms(this.#spec.affinity, namespace)
      this.#terms.set(namespace, terms)
    }
    return terms
  }

  /** The Pod's own topology spread constraints. */
  constraints(labels: Record<string, string> | undefined): Constraints {
    const keys = this.#labelKeys
    const key = keys.length === 0 ? KEYLESS : JSON.stringify(keys.map((name) => labels?.[name] ?? null))
    let parsed = this.#constraints.get(key)
    if (!parsed) {
      parsed = parseConstraints(this.#spec.topologySpreadConstraints, labels)
      if (this.#constraints.size >= 256) this.#constraints.clear()
      this.#constraints.set(key, parsed)
    }
    return parsed
  }
}

/** With the tag `latest` when the name has none, as in a node's list. */
const fullName = (image: string): string => (image.lastIndexOf(':') <= image.lastIndexOf('/') ? `${image}:latest` : image)

function imagesOf({ spec }: Pod): string[] {
  const names: string[] = []
  for (const container of spec.initContainers ?? []) if (container.image) names.push(fullName(container.image))
  for (const container of spec.containers) if (container.image) names.push(fullName(container.image))
  for (const volume of spec.volumes ?? []) if (volume.image?.reference) names.push(fullName(volume.image.reference))
  return names
}

/** The images among the volumes. The names of volumes may be any: those of tokens are made for each Pod. */
function mounted({ volumes }: Pod['spec']): string {
  let names = ''
  for (const { image } of volumes ?? []) if (image?.reference) names += `${image.reference} `
  return names
}

const shapes = new Map<string, PodShape>()

/** Everything in a container that a plugin looks at. */
const part = ({ name, image, resources, ports, restartPolicy }: Container): unknown[] => [
  name,
  image,
  resources?.requests,
  ports,
  restartPolicy,
]

function keyOf({ spec }: Pod): string {
  return JSON.stringify([
    spec.containers.map(part),
    spec.initContainers?.map(part),
    spec.tolerations,
    spec.affinity,
    spec.nodeSelector,
    spec.topologySpreadConstraints,
    spec.overhead,
    spec.resources?.requests,
    mounted(spec),
  ])
}

const sameContainers = (a: Container[] = [], b: Container[] = []): boolean =>
  a === b ||
  (a.length === b.length &&
    a.every((one, i) => {
      const other = b[i] as Container
      if (one.name !== other.name || one.image !== other.image || one.restartPolicy !== other.restartPolicy) return false
      return equal(one.resources?.requests, other.resources?.requests) && equal(one.ports, other.ports)
    }))

const mayDiffer = ['tolerations', 'affinity', 'nodeSelector', 'topologySpreadConstraints', 'overhead', 'resources'] as const

/** Whether the specs ask for the same; said of most Pods and the one before them, faster than a key is made. */
function sameAsk(a: Pod['spec'], b: Pod['spec']): boolean {
  if (!sameContainers(a.containers, b.containers) || !sameContainers(a.initContainers, b.initContainers)) return false
  for (const key of mayDiffer) if (!equal(a[key], b[key])) return false
  return mounted(a) === mounted(b)
}

let last: { spec: Pod['spec']; shape: PodShape } | null = null

/** The one shape of all Pods whose specs ask for the same. */
export function readShape(pod: Pod): PodShape {
  if (last && sameAsk(last.spec, pod.spec)) return last.shape
  const key = keyOf(pod)
  let shape = shapes.get(key)
  if (!shape) {
    if (shapes.size >= LIMIT) for (const old of [...shapes.keys()].slice(0, LIMIT / 2)) shapes.delete(old)
    shape = new PodShape(pod)
    shapes.set(key, shape)
  }
  last = { spec: pod.spec, shape }
  return shape
}

const known = new WeakMap<Pod['spec'], PodShape>()

/** The same for Pods that are asked about again and again: remembered for each spec. */
export function shapeOf(pod: Pod): PodShape {
  let shape = known.get(pod.spec)
  if (!shape) known.set(pod.spec, (shape = readShape(pod)))
  return shape
}
