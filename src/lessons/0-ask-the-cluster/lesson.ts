/** Lesson 0.4: questions about a running pod whose answers differ from seed to seed. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, one } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const IMAGES = ['httpd:2.4', 'redis:7', 'nginx:1.27'] as const

const workload = (app: string, image: string, replicas: number): AnyObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: app, labels: { app } },
  spec: {
    replicas,
    selector: { matchLabels: { app } },
    template: { metadata: { labels: { app } }, spec: { containers: [{ name: app, image }] } },
  },
})

/** A pod of its own name keeps its seat and its restarts for the whole lesson. */
const ledgerPod = (image: string): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'ledger', labels: { app: 'ledger' } },
  spec: { containers: [{ name: 'ledger', image }] },
})

function start(seed: string): Start {
  const image = IMAGES[pick(seed, IMAGES.length)] ?? IMAGES[0]
  const crash = { kind: 'container-kill', namespace: 'default', pod: 'ledger', container: 'ledger' } as const
  const crashes = [40_000, 30_000, 60_000].slice(0, 2 + pick(`${seed} crashes`, 2))
  return {
    objects: [workload('archive', 'nginx:1.28', 2), ledgerPod(image)],
    faults: crashes.map((after) => ({ after, fault: crash })),
    warmUp: 90_000,
  }
}

const ledger = one('pods', { labels: 'app=ledger' })
const node = answer('node', ledger.path('spec.nodeName'))
const ip = answer('ip', ledger.path('status.podIP'))
const image = answer('image', ledger.path('spec.containers.0.image'))
const restarts = answer('restarts', ledger.path('status.containerStatuses.0.restartCount'))

const field = (path: string): string => `kubectl get pods -l app=ledger -o jsonpath='{.items[0].${path}}'`
const column = (path: string): string => `kubectl get pod ledger --no-headers -o custom-columns=X:.${path}`

export default lesson({
  start,
  steps: [
    {
      id: 'where',
      goals: { first: answered('first'), node, ip },
      hints: { node: node.wrong(), ip: ip.wrong(), host: answer('ip', ledger.path('status.hostIP')) },
      solution: [
        { answer: 'first', is: 'node-1' },
        'kubectl get pods -o wide',
        { answer: 'node', from: field('spec.nodeName') },
        { answer: 'ip', from: field('status.podIP') },
      ],
      second: [
        { answer: 'first', is: 'node-2' },
        { answer: 'ip', from: column('status.podIP') },
        { answer: 'node', from: column('spec.nodeName') },
      ],
      wrong: [
        { name: 'reads the address of the machine', deeds: [{ answer: 'ip', from: field('status.hostIP') }], raises: 'host' },
        { name: 'makes an address up', deeds: [{ answer: 'ip', is: '10.0.0.1' }], raises: 'ip' },
        { name: 'guesses a machine', deeds: [{ answer: 'node', is: 'node-9' }], raises: 'node' },
      ],
    },
    {
      id: 'what',
      goals: { image, restarts },
      hints: { image: image.wrong(), restarts: restarts.wrong() },
      solution: [
        'kubectl describe pod -l app=ledger',
        { answer: 'image', from: field('spec.containers[0].image') },
        { answer: 'restarts', from: field('status.containerStatuses[0].restartCount') },
      ],
      second: [
        { answer: 'restarts', from: column('status.containerStatuses[0].restartCount') },
        { answer: 'image', from: column('spec.containers[0].image') },
      ],
      wrong: [
        { name: 'leaves out the tag', deeds: [{ answer: 'image', is: 'ledger' }], raises: 'image' },
        { name: 'sees no restarts', deeds: [{ answer: 'restarts', is: '0' }], raises: 'restarts' },
      ],
    },
  ],
})
