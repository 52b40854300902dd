/** Lesson 1.2: an image that cannot be pulled; its message, its waiting times, and the cure. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, anyOf, audit, both, event, eventually, held, not, now, obj } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const NAMES = ['menu', 'till', 'stock'] as const

const api = obj('deployment/api')
const image = api.path('spec.template.spec.containers.0.image')
const available = api.path('status.availableReplicas')
/** With or without a tag, and by its full name. */
const isApache = image.matches(/^(?:docker\.io\/)?(?:library\/)?httpd(?!:does-not-exist)(?:[:@]|$)/)
const isAnother = not(image.matches(/does-not-exist/))
const reason = answer('reason', ['tag'])

const deployment = (name: string): AnyObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'api', labels: { app: 'api' }, annotations: { purpose: name } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'api' } },
    template: { metadata: { labels: { app: 'api' } }, spec: { containers: [{ name: 'api', image: 'httpd:does-not-exist' }] } },
  },
})

const start = (seed: string): Start => ({ objects: [deployment(NAMES[pick(seed, NAMES.length)] ?? 'menu')], warmUp: 45_000 })

export default lesson({
  start,
  steps: [
    {
      id: 'read',
      goals: { reason },
      hints: { reason: reason.wrong() },
      solution: ['kubectl get pods', 'kubectl describe pod -l app=api', { answer: 'reason', is: 'tag' }],
      second: ['kubectl events', { answer: 'reason', is: 'tag' }],
      wrong: [
        { name: 'blames the machine', deeds: [{ answer: 'reason', is: 'machine' }], raises: 'reason' },
        { name: 'blames the program', deeds: [{ answer: 'reason', is: 'crash' }], raises: 'reason' },
      ],
    },
    {
      id: 'mend',
      goals: {
        changed: audit('learner', 'create|patch|update|apply', 'deployments/api'),
        runs: held(both(available.is(1), isApache), 10_000),
      },
      hints: {
        restarted: anyOf(
          eventually(both(api.path('spec.template.metadata.annotations').exists(), not(isAnother))),
          audit('learner', 'delete|deletecollection', 'pods/api-*'),
        ),
        pod: audit('learner', 'patch|update|apply', 'pods/api-*'),
        nowhere: after(eventually(both(api.exists(), isAnother)), event('Failed', 'pod/api-*', /pull/i)),
        other: now(both(api.exists(), not(isApache), available.is(1))),
        gone: now(not(api.exists())),
      },
      solution: ['kubectl set image deployment/api api=httpd:2.4'],
      second: [
        `kubectl patch deployment api -p '{"spec":{"template":{"spec":{"containers":[{"name":"api","image":"httpd:2.4-alpine"}]}}}}'`,
      ],
      wrong: [
        { name: 'only starts it again', deeds: ['kubectl rollout restart deployment/api'], raises: 'restarted' },
        { name: 'deletes the pod', deeds: ['kubectl delete pods -l app=api --wait=false'], raises: 'restarted' },
        { name: 'mends the pod alone', deeds: ['kubectl set image pods -l app=api api=httpd:2.4'], raises: 'pod' },
        { name: 'takes another program', deeds: ['kubectl set image deployment/api api=nginx:1.27'], raises: 'other' },
        { name: 'misspells it once more', deeds: ['kubectl set image deployment/api api=httpd:wrong'], raises: 'nowhere' },
        { name: 'deletes the deployment', deeds: ['kubectl delete deployment api'], raises: 'gone' },
      ],
    },
  ],
})
