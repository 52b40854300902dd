/** Lesson 2.8: a Job of twelve parts, three at a time, and one that can only fail. */
import { always, answered, both, event, eventually, now, obj } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const job = obj('job/parts')
const spec = (field: string) => job.path(`spec.${field}`)
const done = job.path('status.succeeded').is(12)
const active = job.path('status.active').map((n) => Number(n ?? 0))
const failures = job.path('status.failed').map((n) => Number(n ?? 0))
const complete = job.condition('Complete').is('True')

const SCRIPT = 'sleep 10; echo part done'

const manifest = (fields: string, script = SCRIPT): string => `apiVersion: batch/v1
kind: Job
metadata:
  name: parts
spec:
${fields}  backoffLimit: 3
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: part
          image: busybox:1.36
          command: ["sh", "-c", "${script}"]
`

const write = (fields: string, script?: string): Deed => ({ write: 'manifest.yaml', text: manifest(fields, script) })
const BOTH = '  completions: 12\n  parallelism: 3\n'

export default lesson({
  start: { warmUp: 25_000 },
  files: { 'manifest.yaml': manifest(''), 'broken.yaml': manifest('', 'exit 1').replace('name: parts', 'name: broken') },
  steps: [
    {
      id: 'twelve',
      goals: {
        guess: answered('guess'),
        completions: now(spec('completions').is(12)),
        pace: always(active.atMost(3)),
        done: eventually(both(done, complete)),
      },
      hints: {
        one: now(both(job.exists(), spec('completions').isNot(12))),
        slow: now(both(spec('completions').is(12), spec('parallelism').is(1))),
        fast: eventually(active.atLeast(4)),
      },
      chain: {
        wished: { who: 'learner', verb: 'create|patch|apply', object: 'jobs/parts' },
        asked: { who: 'job-controller', verb: 'create', object: 'pods' },
      },
      solution: [{ answer: 'guess', is: 'new' }, write(BOTH), 'kubectl apply -f manifest.yaml'],
      second: [
        { answer: 'guess', is: 'stays' },
        write('  parallelism: 2\n  completions: 12\n'),
        'kubectl create -f manifest.yaml',
      ],
      wrong: [
        { name: 'applies it as it is', deeds: [{ answer: 'guess', is: 'new' }, 'kubectl apply -f manifest.yaml'], raises: 'one' },
        {
          name: 'runs them all at once',
          deeds: [
            { answer: 'guess', is: 'new' },
            write('  completions: 12\n  parallelism: 12\n'),
            'kubectl apply -f manifest.yaml',
          ],
          raises: 'fast',
        },
        {
          name: 'runs one after the other',
          deeds: [
            { answer: 'guess', is: 'new' },
            write('  completions: 12\n  parallelism: 1\n'),
            'kubectl apply -f manifest.yaml',
          ],
          raises: 'slow',
        },
      ],
    },
    {
      id: 'failing',
      goals: {
        limit: answered('limit'),
        failed: eventually(both(obj('job/broken').exists(), obj('job/broken').condition('Failed').is('True'))),
        told: event('BackoffLimitExceeded', 'job/broken'),
      },
      hints: {
        good: eventually(obj('job/broken').condition('Complete').is('True')),
        other: now(both(obj('job/parts').exists(), failures.atLeast(1))),
      },
      solution: [{ answer: 'limit', is: 'four' }, 'kubectl apply -f broken.yaml'],
      second: [{ answer: 'limit', is: 'one' }, 'kubectl create -f broken.yaml', 'kubectl get pods'],
      wrong: [
        {
          name: 'makes one that works',
          deeds: [{ answer: 'limit', is: 'one' }, 'kubectl create job broken --image=busybox:1.36 -- sh -c "exit 0"'],
          raises: 'good',
        },
        {
          name: 'breaks the first one',
          deeds: [
            { answer: 'limit', is: 'one' },
            'kubectl delete job parts',
            write('', 'exit 1'),
            'kubectl apply -f manifest.yaml',
          ],
          raises: 'other',
        },
      ],
    },
  ],
})
