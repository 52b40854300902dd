/** Lesson 2.9: a CronJob every five minutes, whose runs may not overlap; an hour in a moment. */
import type { AnyObject } from '#api/meta.ts'
import { answered, both, count, eventually, list, never, not, now, obj } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const report = obj('cronjob/report')
const schedule = report.path('spec.schedule')
const FIFTHS = Array.from({ length: 12 }, (_, i) => i * 5).join()
/** However it is written. */
const isFifth = schedule.map((text: string | undefined) => {
  const [minute = '', ...rest] = (text ?? '').trim().split(/\s+/)
  return rest.join(' ') === '* * * *' && ['*/5', '0/5', '0-59/5', '0-55/5', FIFTHS].includes(minute)
})
const policy = report.path('spec.concurrencyPolicy')
const isReport = ({ metadata }: AnyObject): boolean => metadata.ownerReferences?.some(({ name }) => name === 'report') === true
const running = list('jobs', { is: isReport }).map((jobs) => jobs.filter((job) => Number(job['status']?.active ?? 0) > 0).length)
const started = report.path('status.lastScheduleTime')

const manifest = (when: string, concurrency: string): string => `apiVersion: batch/v1
kind: CronJob
metadata:
  name: report
spec:
  schedule: "${when}"
  concurrencyPolicy: ${concurrency}
  successfulJobsHistoryLimit: 3
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
            - name: report
              image: busybox:1.36
              command: ["sh", "-c", "sleep 400; echo reported"]
`

const write = (when: string, concurrency: string): Deed => ({ write: 'manifest.yaml', text: manifest(when, concurrency) })

export default lesson({
  start: { warmUp: 25_000 },
  files: { 'manifest.yaml': manifest('___', 'Allow') },
  steps: [
    {
      id: 'plan',
      goals: {
        guess: answered('guess'),
        schedule: now(isFifth),
        policy: now(policy.is('Forbid')),
        first: eventually(started.exists()),
      },
      hints: {
        minute: now(both(report.exists(), not(isFifth))),
        overlap: now(both(isFifth, policy.is('Allow'))),
        replace: now(policy.is('Replace')),
      },
      chain: {
        wished: { who: 'learner', verb: 'create|patch|apply', object: 'cronjobs/report' },
        made: { who: 'cronjob-controller', verb: 'create', object: 'jobs' },
        asked: { who: 'job-controller', verb: 'create', object: 'pods' },
      },
      solution: [{ answer: 'guess', is: 'skip' }, write('*/5 * * * *', 'Forbid'), 'kubectl apply -f manifest.yaml'],
      second: [
        { answer: 'guess', is: 'both' },
        write('*/5 * * * *', 'Allow'),
        'kubectl apply -f manifest.yaml',
        `kubectl patch cronjob report -p '{"spec":{"concurrencyPolicy":"Forbid"}}'`,
      ],
      wrong: [
        {
          name: 'plans it at five past each hour',
          deeds: [{ answer: 'guess', is: 'skip' }, write('5 * * * *', 'Forbid'), 'kubectl apply -f manifest.yaml'],
          raises: 'minute',
        },
        {
          name: 'lets the runs overlap',
          deeds: [{ answer: 'guess', is: 'skip' }, write('*/5 * * * *', 'Allow'), 'kubectl apply -f manifest.yaml'],
          raises: 'overlap',
        },
        {
          name: 'lets the new one take over',
          deeds: [{ answer: 'guess', is: 'skip' }, write('*/5 * * * *', 'Replace'), 'kubectl apply -f manifest.yaml'],
          raises: 'replace',
        },
      ],
    },
    {
      id: 'hour',
      goals: {
        runs: answered('runs'),
        three: eventually(count('jobs', { is: (job) => isReport(job) && job['status']?.succeeded === 1 }).atLeast(3)),
        alone: never(eventually(running.atLeast(2))),
      },
      hints: { paused: now(report.path('spec.suspend').is(true)), gone: eventually(report.exists().is(false)) },
      solution: [{ answer: 'runs', is: 'nine' }, { wait: 1_900_000 }],
      second: [{ answer: 'runs', is: 'twelve' }, { wait: 1_000_000 }, { wait: 1_000_000 }],
      wrong: [
        {
          name: 'suspends it',
          deeds: [{ answer: 'runs', is: 'six' }, `kubectl patch cronjob report -p '{"spec":{"suspend":true}}'`],
          raises: 'paused',
        },
        { name: 'deletes it', deeds: [{ answer: 'runs', is: 'six' }, 'kubectl delete cronjob report'], raises: 'gone' },
      ],
    },
  ],
})
