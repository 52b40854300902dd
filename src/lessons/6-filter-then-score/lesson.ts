/** Lesson 6.1: which machine drops out, and which of the others gets the pod; the machines' loads are dealt out by the seed. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, answered, audit, born, both, eventually, list, now, obj } from '../checks.ts'
import { type Deed, lesson, pick, type Start } from '../lesson.ts'

/** CPUs in thousandths: one machine is nearly full, one is fuller than the last. */
const LOADS = [
  { name: 'large', cpu: 3500 },
  { name: 'middle', cpu: 1500 },
  { name: 'small', cpu: 1000 },
] as const
const NODES = ['node-1', 'node-2', 'node-3']
const ROOM = 4000
const ASKED = 1000

/** Memory goes with the CPU, so that both say the same. */
const filler = (name: string, cpu: number, node: string): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name },
    spec: {
      nodeName: node,
      containers: [
        { name, image: 'registry.k8s.io/pause:3.10', resources: { requests: { cpu: `${cpu}m`, memory: `${2 * cpu}Mi` } } },
      ],
    },
  }) as unknown as AnyObject

function start(seed: string): Start {
  const turn = pick(seed, 6)
  const nodes = NODES.map((_, i) => NODES[(turn >= 3 ? turn - i + 3 : turn + i) % 3] as string)
  return { objects: LOADS.map(({ name, cpu }, i) => filler(name, cpu, nodes[i] as string)), warmUp: 15_000 }
}

const manifest = (name: string, extra = '', cpu = '"1"'): string => `apiVersion: v1
kind: Pod
metadata:
  name: ${name}
spec:
${extra}  containers:
    - name: web
      image: nginx:1.27
      resources:
        requests:
          cpu: ${cpu}
          memory: 2000Mi
`
const apply = (file: string, text: string): Deed[] => [{ write: file, text }, `kubectl apply -f ${file}`]

const thousandths = (cpu: unknown): number =>
  String(cpu ?? 0).endsWith('m') ? Number.parseInt(String(cpu), 10) : Number(cpu ?? 0) * 1000
/** What has been asked for on each machine. */
function loadsOf(pods: readonly AnyObject[]): Map<string, number> {
  const sums = new Map(NODES.map((node) => [node, 0]))
  for (const { metadata, ...rest } of pods) {
    const { nodeName, containers } = (rest as AnyObject)['spec']
    if (!nodeName || metadata.deletionTimestamp) continue
    for (const { resources } of containers) sums.set(nodeName, (sums.get(nodeName) ?? 0) + thousandths(resources?.requests?.cpu))
  }
  return sums
}
const machines = (pods: readonly AnyObject[], fits: (sum: number) => boolean): string[] =>
  [...loadsOf(pods)].filter(([, sum]) => fits(sum)).map(([node]) => node)
const full = list('pods').map((pods) => machines(pods, (sum) => sum + ASKED > ROOM))
/** Where it is, or else would go. */
const emptiest = list('pods').map((pods) => {
  const least = Math.min(...loadsOf(pods).values())
  return pods.find(({ metadata }) => metadata.name === 'second')?.['spec'].nodeName ?? machines(pods, (sum) => sum === least)
})

const out = answer('out', full)
const next = answer('next', emptiest)
const pod = (name: string) => obj(`pod/${name}`)
/** Placed by the scheduler, not by the one who wrote the manifest. */
const placed = (name: string) =>
  after(audit('scheduler', 'create', `pods/${name}/binding`), eventually(pod(name).condition('Ready').is('True')))
const pinned = (name: string) =>
  born('pods', { is: ({ metadata, ...rest }) => metadata.name === name && rest['spec'].nodeName !== undefined }, () => true)
const waits = (name: string) => now(both(pod(name).exists(), pod(name).condition('PodScheduled').is('False')))

const nodeOf = (name: string): string => `kubectl get pod ${name} -o jsonpath='{.spec.nodeName}'`
const PIN = '  nodeName: node-1\n'

export default lesson({
  start,
  files: { 'manifest.yaml': manifest('first') },
  steps: [
    {
      id: 'filter',
      goals: { out, guess: answered('guess'), placed: placed('first') },
      hints: { out: out.wrong(), pinned: pinned('first'), waits: waits('first') },
      chain: {
        asked: { who: 'learner', verb: 'create|patch|apply', object: 'pods/first' },
        bound: { who: 'scheduler', verb: 'create', object: 'pods/first/binding' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/first/status' },
      },
      solution: [
        'kubectl describe nodes',
        { answer: 'out', from: nodeOf('large') },
        { answer: 'guess', from: nodeOf('small') },
        'kubectl apply -f manifest.yaml',
      ],
      second: [
        ...apply('mine.yaml', manifest('first')),
        { answer: 'guess', from: nodeOf('middle') },
        { answer: 'out', from: nodeOf('large') },
      ],
      wrong: [
        { name: 'takes the emptiest for full', deeds: [{ answer: 'out', from: nodeOf('small') }], raises: 'out' },
        {
          name: 'places it by hand',
          deeds: [{ answer: 'out', from: nodeOf('large') }, ...apply('manifest.yaml', manifest('first', PIN))],
          raises: 'pinned',
        },
        {
          name: 'asks for too much',
          deeds: [{ answer: 'out', from: nodeOf('large') }, ...apply('manifest.yaml', manifest('first', '', '"4"'))],
          raises: 'waits',
        },
      ],
    },
    {
      id: 'score',
      goals: { next, placed2: placed('second') },
      hints: { next: next.wrong(), pinned2: pinned('second'), waits2: waits('second') },
      solution: [
        { answer: 'next', from: nodeOf('middle') },
        'sed s/first/second/ manifest.yaml > second.yaml',
        'kubectl apply -f second.yaml',
      ],
      second: [
        ...apply('second.yaml', manifest('second')),
        { wait: 5000 },
        'sleep 1',
        { answer: 'next', from: nodeOf('second') },
      ],
      wrong: [
        { name: 'thinks it goes where the first went', deeds: [{ answer: 'next', from: nodeOf('first') }], raises: 'next' },
        { name: 'takes the full one', deeds: [{ answer: 'next', from: nodeOf('large') }], raises: 'next' },
        { name: 'places it by hand', deeds: apply('second.yaml', manifest('second', PIN)), raises: 'pinned2' },
        { name: 'asks for too much', deeds: apply('second.yaml', manifest('second', '', '"3500m"')), raises: 'waits2' },
      ],
    },
  ],
})
