/** Lesson 2.4: a rollout that stops because of a bad image; what protects the old version, and the way back. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, answered, audit, both, eventually, held, not, now, obj } from '../checks.ts'
import { lesson } from '../lesson.ts'

const deployment: AnyObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 4,
    progressDeadlineSeconds: 60,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
} as unknown as AnyObject

const web = obj('deployment/web')
const image = web.path('spec.template.spec.containers.0.image')
const progressing = web
  .path('status.conditions')
  .map(
    (conditions: { type: string; reason?: string }[] | undefined) =>
      conditions?.find(({ type }) => type === 'Progressing')?.reason,
  )
const late = eventually(progressing.is('ProgressDeadlineExceeded'))
/** As READY shows it, too. */
const serving = answer(
  'serving',
  web.path('status.availableReplicas').map((n) => [n, `${n}/4`]),
)
/** Than the stuck rollout leaves. */
const fewer = web.path('status.availableReplicas').map((n) => Number(n ?? 0) < 3)
const back = held(
  both(image.is('nginx:1.27'), web.path('status.updatedReplicas').is(4), web.path('status.availableReplicas').is(4)),
  5000,
)

const changed = audit('learner', 'create|patch|update|apply', 'deployments/web')

export default lesson({
  start: { objects: [deployment], warmUp: 45_000 },
  steps: [
    {
      id: 'stuck',
      goals: { guess: answered('guess'), rolled: now(image.is('nginx:does-not-exist')), late, serving },
      hints: { serving: serving.wrong(), good: now(both(image.isNot('nginx:1.27'), image.isNot('nginx:does-not-exist'))) },
      solution: [
        { answer: 'guess', is: 'some' },
        'kubectl set image deployment/web web=nginx:does-not-exist',
        'kubectl rollout status deployment/web',
        { answer: 'serving', from: "kubectl get deployment web -o jsonpath='{.status.availableReplicas}'" },
      ],
      second: [
        { answer: 'guess', is: 'all' },
        'kubectl set image deployment/web web=nginx:does-not-exist',
        { wait: 20_000 },
        { answer: 'serving', is: '3' },
      ],
      wrong: [
        {
          name: 'rolls out what exists',
          deeds: [{ answer: 'guess', is: 'some' }, 'kubectl set image deployment/web web=nginx:1.28'],
          raises: 'good',
        },
        {
          name: 'counts all that were asked for',
          deeds: [
            { answer: 'guess', is: 'some' },
            'kubectl set image deployment/web web=nginx:does-not-exist',
            { wait: 20_000 },
            { answer: 'serving', is: '5' },
          ],
          raises: 'serving',
        },
      ],
    },
    {
      id: 'undo',
      goals: {
        asked: changed,
        back: after(changed, back),
      },
      hints: {
        pods: eventually(both(fewer, not(image.is('nginx:1.27')))),
        gone: now(not(web.exists())),
        again: now(both(image.matches(/does-not-exist/), web.path('spec.template.metadata.annotations').exists())),
      },
      chain: {
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/web' },
        scaled: { who: 'deployment-controller', verb: 'update', object: 'replicasets' },
      },
      solution: ['kubectl rollout history deployment/web', 'kubectl rollout undo deployment/web'],
      second: ['kubectl set image deployment/web web=nginx:1.27'],
      wrong: [
        { name: 'deletes the pods that hang', deeds: ['kubectl delete pods -l app=web --wait=false'], raises: 'pods' },
        { name: 'restarts it', deeds: ['kubectl rollout restart deployment/web'], raises: 'again' },
        { name: 'deletes the deployment', deeds: ['kubectl delete deployment web'], raises: 'gone' },
      ],
    },
  ],
})
