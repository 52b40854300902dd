/** Lesson 0.1: a pod of the shop is killed, and a controller replaces it. */
import type { AnyObject } from '#api/meta.ts'
import { after, again, answer, answered, audit, born, both, count, eventually, not, now, obj } from '../checks.ts'
import { lesson } from '../lesson.ts'

const shop = obj('deployment/shop')
const killed = audit('learner', 'delete', 'pods/shop-*')
const asked = shop.path('spec.replicas')
const wish = answer('field', ['replicas', 'spec.replicas', '.spec.replicas', 'replicas: 3'])

const wasRestarted = (pod: AnyObject): boolean => (pod['status']?.containerStatuses?.[0]?.restartCount ?? 0) > 0

const onePod = "$(kubectl get pods -l app=shop -o jsonpath='{.items[0].metadata.name}')"

export default lesson({
  steps: [
    {
      id: 'kill',
      goals: {
        guess: answered('guess'),
        killed,
        fresh: after(killed, born('pods', { labels: 'app=shop' })),
        healed: after(killed, again(both(shop.path('status.availableReplicas').is(3), asked.is(3)))),
      },
      hints: {
        scaled: now(both(shop.exists(), asked.isNot(3))),
        gone: eventually(not(shop.exists())),
        container: now(count('pods', { labels: 'app=shop', is: wasRestarted }).atLeast(1)),
        rolled: now(
          shop.path('metadata.annotations').map((notes) => Number(notes?.['deployment.kubernetes.io/revision'] ?? 1) > 1),
        ),
      },
      chain: {
        deleted: { who: 'learner', verb: 'delete', object: 'pods/shop-*' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/@asked/binding' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/@asked/status' },
        served: { who: 'endpointslice-controller', verb: 'update', object: 'endpointslices' },
      },
      solution: [{ answer: 'guess', is: 'new' }, `kubectl delete pod ${onePod}`],
      second: [{ answer: 'guess', is: 'two' }, 'kubectl delete pods -l app=shop --grace-period=1'],
      wrong: [
        {
          name: 'asks for fewer',
          deeds: [{ answer: 'guess', is: 'two' }, 'kubectl scale deployment shop --replicas=2'],
          raises: 'scaled',
        },
        {
          name: 'deletes the deployment',
          deeds: [{ answer: 'guess', is: 'new' }, 'kubectl delete deployment shop'],
          raises: 'gone',
        },
        {
          name: 'rolls it out anew',
          deeds: [{ answer: 'guess', is: 'new' }, 'kubectl rollout restart deployment/shop'],
          raises: 'rolled',
        },
      ],
    },
    {
      id: 'wish',
      goals: { field: wish },
      hints: { status: wish.wrong() },
      solution: ['kubectl get deployment shop -o yaml', { answer: 'field', is: 'replicas' }],
      second: [{ answer: 'field', from: "kubectl get deployment shop -o yaml | grep -o 'replicas' | head -1" }],
      wrong: [{ name: 'reads the status', deeds: [{ answer: 'field', is: 'availableReplicas' }], raises: 'status' }],
    },
  ],
})
