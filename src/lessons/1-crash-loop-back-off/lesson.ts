/** Lesson 1.3: a container that ends right after its start, its last words, and the missing variable behind it. */
import type { AnyObject } from '#api/meta.ts'
import { answer, anyOf, both, either, eventually, held, not, now, obj, one } from '../checks.ts'
import { lesson } from '../lesson.ts'

const db = obj('deployment/db')
const env = db.path('spec.template.spec.containers.0.env')
const pod = one('pods', { labels: 'app=db', is: ({ metadata }) => !metadata.deletionTimestamp })
const restarts = pod.path('status.containerStatuses.0.restartCount')
const cause = answer('cause', ['POSTGRES_PASSWORD', '$POSTGRES_PASSWORD'])

const deployment: AnyObject = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'db', labels: { app: 'db' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'db' } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'postgres:16' }] } },
  },
} as unknown as AnyObject

interface Variable {
  name: string
  value?: string
  valueFrom?: unknown
}
const variables = env.map((list: Variable[] | undefined) => list ?? [])
const named = (name: string) => variables.map((list) => list.some((one) => one.name === name))
const isEmpty = variables.map((list) =>
  list.some(({ name, value, valueFrom }) => name === 'POSTGRES_PASSWORD' && !value && !valueFrom),
)
/** The log names a second way, and all variables may come from a ConfigMap or a Secret at once. */
const given = either(
  both(named('POSTGRES_PASSWORD'), not(isEmpty)),
  named('POSTGRES_HOST_AUTH_METHOD'),
  db.path('spec.template.spec.containers.0.envFrom').exists(),
)

const isRestarted = db.path('spec.template.metadata.annotations').exists()

export default lesson({
  start: { objects: [deployment], warmUp: 60_000 },
  steps: [
    {
      id: 'listen',
      goals: { cause },
      hints: { cause: cause.wrong() },
      solution: ['kubectl get pods', 'kubectl logs -l app=db', { answer: 'cause', is: 'POSTGRES_PASSWORD' }],
      second: [{ answer: 'cause', from: "kubectl logs -l app=db --tail=20 | grep -o 'POSTGRES_PASSWORD' | head -1" }],
      wrong: [
        { name: 'names the image', deeds: [{ answer: 'cause', is: 'postgres' }], raises: 'cause' },
        { name: 'names the exit code', deeds: [{ answer: 'cause', is: '1' }], raises: 'cause' },
      ],
    },
    {
      id: 'mend',
      goals: {
        given: now(given),
        stays: held(both(pod.condition('Ready').is('True'), restarts.is(0)), 60_000),
      },
      hints: {
        deleted: anyOf(eventually(not(pod.exists())), now(both(isRestarted, not(given)))),
        empty: now(isEmpty),
        misspelled: now(both(env.exists(), not(named('POSTGRES_PASSWORD')), not(given))),
      },
      solution: ['kubectl set env deployment/db POSTGRES_PASSWORD=example'],
      second: [
        `kubectl patch deployment db -p '{"spec":{"template":{"spec":{"containers":[{"name":"db","env":[{"name":"POSTGRES_PASSWORD","value":"example"}]}]}}}}'`,
      ],
      wrong: [
        { name: 'deletes the pod', deeds: ['kubectl delete pod -l app=db --wait=false'], raises: 'deleted' },
        { name: 'restarts it', deeds: ['kubectl rollout restart deployment/db'], raises: 'deleted' },
        {
          name: 'misspells the variable',
          deeds: ['kubectl set env deployment/db POSTGRES_PASWORD=example'],
          raises: 'misspelled',
        },
        { name: 'gives it nothing', deeds: ['kubectl set env deployment/db POSTGRES_PASSWORD='], raises: 'empty' },
      ],
    },
  ],
})
