/** Lesson 6.2: a pod that fits on no machine; what it lacks differs from seed to seed, and every honest way to make it fit counts. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, both, eventually, held, not, now, obj, one } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const workload = (app: string, replicas: number, requests: Record<string, string>): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, labels: { app } },
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: { containers: [{ name: app, image: 'nginx:1.27', resources: { requests } }] },
      },
    },
  }) as unknown as AnyObject

/** Of 4 CPUs and 8 GiB each machine keeps 1.5 and not quite 3. */
const start = (seed: string): Start => ({
  objects: [
    workload('batch', 3, { cpu: '2500m', memory: '5Gi' }),
    workload('report', 0, pick(seed, 2) === 0 ? { cpu: '2', memory: '1Gi' } : { cpu: '500m', memory: '4Gi' }),
  ],
  warmUp: 40_000,
})

const report = obj('deployment/report')
const pod = one('pods', { labels: 'app=report', is: ({ metadata }) => !metadata.deletionTimestamp })
const requests = report.path('spec.template.spec.containers.0.resources.requests')
const waits = both(pod.exists(), pod.condition('PodScheduled').is('False'))
const message = pod.path('status.conditions').map((all: { message?: string }[] | undefined) => all?.[0]?.message ?? '')
/** As the scheduler says it; when it fits already, as the template shows it. */
const lacking = message.map((text) => /Insufficient (\w+)/.exec(text)?.[1])
const lacks = answer('lacks', lacking)
const moment = answer('moment', 'hears')
const isWish = (value: unknown): boolean => typeof value === 'string' && !/^0+[A-Za-z]*$/.test(value)
const says = requests.map((wish: Record<string, string> | undefined) => isWish(wish?.['cpu']) && isWish(wish?.['memory']))
/** The template has been changed since the lesson began. */
const changed = report.path('metadata.annotations').map((all) => Number(all?.['deployment.kubernetes.io/revision'] ?? 1) > 1)
const replicas = report.path('spec.replicas')

export default lesson({
  start,
  steps: [
    {
      id: 'ask',
      goals: { guess: answered('guess'), waits: eventually(waits), lacks },
      hints: { lacks: lacks.wrong(), early: now(pod.condition('Ready').is('True')) },
      solution: [
        { answer: 'guess', is: 'wait' },
        'kubectl scale deployment report --replicas=1',
        'sleep 2',
        'kubectl describe pod -l app=report',
        { answer: 'lacks', from: "kubectl describe pod -l app=report | grep -o 'Insufficient [a-z]*' | head -1 | cut -d' ' -f2" },
      ],
      second: [
        { answer: 'guess', is: 'move' },
        `kubectl patch deployment report -p '{"spec":{"replicas":1}}'`,
        'sleep 2',
        { answer: 'lacks', from: "kubectl get events | grep -o 'Insufficient [a-z]*' | head -1 | cut -d' ' -f2" },
      ],
      wrong: [
        {
          name: 'blames the image',
          deeds: ['kubectl scale deployment report --replicas=1', { wait: 2000 }, { answer: 'lacks', is: 'image' }],
          raises: 'lacks',
        },
        {
          name: 'adds a machine before asking why',
          deeds: ['kubectl scale deployment report --replicas=1', { wait: 2000 }, { fault: { kind: 'node-add' } }],
          raises: 'early',
        },
      ],
    },
    {
      id: 'fix',
      goals: { moment, runs: held(pod.condition('Ready').is('True'), 3000), says: now(says) },
      hints: {
        again: eventually(both(report.exists(), not(pod.exists()), replicas.atLeast(1))),
        still: held(both(changed, waits, says, replicas.is(1)), 3000),
        nothing: now(both(report.exists(), not(says))),
        more: now(both(replicas.atLeast(2), waits)),
        moment: moment.wrong(),
      },
      chain: {
        bound: { who: 'scheduler', verb: 'create', object: 'pods/report-*/binding' },
      },
      solution: [{ answer: 'moment', is: 'hears' }, 'kubectl set resources deployment report --requests=cpu=500m,memory=1Gi'],
      second: [{ answer: 'moment', is: 'hears' }, { fault: { kind: 'node-add' } }],
      wrong: [
        {
          name: 'deletes the pod',
          deeds: [{ answer: 'moment', is: 'hears' }, 'kubectl delete pod -l app=report --wait=false'],
          raises: 'again',
        },
        {
          name: 'asks for a little less',
          deeds: [
            { answer: 'moment', is: 'hears' },
            'kubectl set resources deployment report --requests=cpu=1900m,memory=3500Mi',
          ],
          raises: 'still',
        },
        {
          name: 'asks for nothing',
          deeds: [{ answer: 'moment', is: 'hears' }, 'kubectl set resources deployment report --requests=cpu=0,memory=0'],
          raises: 'nothing',
        },
        { name: 'asks for more of them', deeds: ['kubectl scale deployment report --replicas=2'], raises: 'more' },
        { name: 'thinks the clock does it', deeds: [{ answer: 'moment', is: 'minute' }], raises: 'moment' },
      ],
    },
  ],
})
