/** Lesson 1.1: the conditions of a Pod come true one after another, while its phase says much less. */
import { answer, answered, both, count, event, eventually, not, now, obj, order } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const web = obj('pod/web')
const isTrue = (type: string) => eventually(web.condition(type).is('True'))
const phase = answer('phase', ['pending'])
const unready = answer('unready', ['running'])

const manifest = (image: string, path = '/'): string => `apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: ${image}
      readinessProbe:
        httpGet:
          path: ${path}
          port: 80
        initialDelaySeconds: 15
`

const write = (image: string, path?: string): Deed => ({ write: 'manifest.yaml', text: manifest(image, path) })

export default lesson({
  start: { warmUp: 25_000 },
  files: { 'manifest.yaml': manifest('nginx:1.27') },
  steps: [
    {
      id: 'watch',
      goals: {
        guess: answered('guess'),
        ordered: order(isTrue('PodScheduled'), isTrue('Initialized'), isTrue('ContainersReady'), isTrue('Ready')),
      },
      hints: {
        image: event('Failed', 'pod/web', /pull/i),
        probe: event('Unhealthy', 'pod/web'),
        other: now(both(count('pods').atLeast(1), not(web.exists()))),
      },
      chain: {
        placed: { who: 'scheduler', verb: 'create', object: 'pods/web/binding' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/web/status' },
      },
      solution: [{ answer: 'guess', is: 'ready' }, 'kubectl apply -f manifest.yaml'],
      second: [{ answer: 'guess', is: 'scheduled' }, 'kubectl create -f manifest.yaml', 'kubectl get pod web'],
      wrong: [
        {
          name: 'misspells the image',
          deeds: [{ answer: 'guess', is: 'ready' }, write('nginx:wrong'), 'kubectl apply -f manifest.yaml'],
          raises: 'image',
        },
        {
          name: 'probes a page that is not there',
          deeds: [{ answer: 'guess', is: 'ready' }, write('nginx:1.27', '/health'), 'kubectl apply -f manifest.yaml'],
          raises: 'probe',
        },
        {
          name: 'runs another pod',
          deeds: [{ answer: 'guess', is: 'ready' }, 'kubectl run site --image=nginx:1.27'],
          raises: 'other',
        },
      ],
    },
    {
      id: 'phase',
      goals: { phase, unready },
      hints: { phase: phase.wrong(), unready: unready.wrong() },
      solution: ['kubectl describe pod web', { answer: 'phase', is: 'pending' }, { answer: 'unready', is: 'running' }],
      second: [
        { answer: 'unready', is: 'running' },
        { answer: 'phase', is: 'pending' },
      ],
      wrong: [
        { name: 'takes a reason for a phase', deeds: [{ answer: 'phase', is: 'creating' }], raises: 'phase' },
        { name: 'thinks that running means ready', deeds: [{ answer: 'unready', is: 'unready' }], raises: 'unready' },
      ],
    },
  ],
})
