/** Lesson 0.3: a Pod written by hand, and what becomes of it when it is deleted. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, audit, both, count, either, event, eventually, held, not, now, obj } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const hello = obj('pod/hello')
const deleted = audit('learner', 'delete', 'pods/hello')

const isOwned = ({ metadata }: AnyObject): boolean => metadata.ownerReferences !== undefined

const manifest = (kind: string, name: string, image: string): string => `apiVersion: v1
kind: ${kind}
metadata:
  name: ${name}
spec:
  containers:
    - name: web
      image: ${image}
`

const write = (name: string, image: string): Deed => ({ write: 'manifest.yaml', text: manifest('Pod', name, image) })

export default lesson({
  start: { warmUp: 25_000 },
  files: { 'manifest.yaml': manifest('___', '___', '___') },
  steps: [
    {
      id: 'fill',
      goals: {
        guess: answered('guess'),
        named: now(hello.exists()),
        image: now(hello.path('spec.containers.0.image').is('nginx:1.27')),
        ready: now(hello.condition('Ready').is('True')),
      },
      hints: {
        name: now(
          both(count('pods', { is: (pod) => pod.metadata.name !== 'hello' && !isOwned(pod) }).atLeast(1), not(hello.exists())),
        ),
        kind: now(
          both(
            not(hello.exists()),
            either(count('pods', { is: isOwned }).atLeast(1), count('deployments').atLeast(1), count('jobs').atLeast(1)),
          ),
        ),
        image: event('Failed', 'pod/hello', /pull/i),
        other: now(both(hello.exists(), hello.path('spec.containers.0.image').isNot('nginx:1.27'))),
      },
      chain: {
        created: { who: 'learner', verb: 'create|patch|apply', object: 'pods/hello' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/hello/binding' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/hello/status' },
      },
      solution: [{ answer: 'guess', is: 'picked' }, write('hello', 'nginx:1.27'), 'kubectl apply -f manifest.yaml'],
      second: [
        { answer: 'guess', is: 'waits' },
        write('hello', 'nginx:1.28'),
        'kubectl create -f manifest.yaml',
        { wait: 5000 },
        'kubectl set image pod/hello web=nginx:1.27',
      ],
      wrong: [
        {
          name: 'takes another name',
          deeds: [{ answer: 'guess', is: 'picked' }, write('hallo', 'nginx:1.27'), 'kubectl apply -f manifest.yaml'],
          raises: 'name',
        },
        {
          name: 'misspells the image',
          deeds: [{ answer: 'guess', is: 'picked' }, write('hello', 'nginx:nope'), 'kubectl apply -f manifest.yaml'],
          raises: 'image',
        },
        {
          name: 'takes another image',
          deeds: [{ answer: 'guess', is: 'picked' }, write('hello', 'httpd:2.4'), 'kubectl apply -f manifest.yaml'],
          raises: 'other',
        },
        {
          name: 'makes a Deployment',
          deeds: [{ answer: 'guess', is: 'picked' }, 'kubectl create deployment hello --image=nginx:1.27'],
          raises: 'kind',
        },
      ],
    },
    {
      id: 'alone',
      goals: {
        guess2: answered('guess2'),
        deleted,
        away: after(deleted, held(not(hello.exists()), 20_000)),
      },
      hints: { back: after(deleted, after(audit('learner', 'create|patch|apply', 'pods/hello'), eventually(hello.exists()))) },
      solution: [{ answer: 'guess2', is: 'no' }, 'kubectl delete pod hello'],
      second: [{ answer: 'guess2', is: 'yes' }, 'kubectl delete -f manifest.yaml'],
      wrong: [
        {
          name: 'brings it back',
          deeds: [{ answer: 'guess2', is: 'yes' }, 'kubectl delete pod hello', 'kubectl apply -f manifest.yaml'],
          raises: 'back',
        },
      ],
    },
  ],
})
