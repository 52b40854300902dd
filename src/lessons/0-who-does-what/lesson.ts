/** Lesson 0.2: one Deployment, and everybody who writes something before its pod runs. */
import { after, answer, answered, audit, born, both, count, event, now } from '../checks.ts'
import { lesson } from '../lesson.ts'

const wished = audit('learner', 'create|patch|apply', 'deployments/*')
const stores = answer('stores', 'etcd')
const decides = answer('decides', 'scheduler')
const starts = answer('starts', 'kubelet')

const manifest = `kubectl apply -f - <<END
apiVersion: apps/v1
kind: Deployment
metadata:
  name: greeter
spec:
  selector:
    matchLabels: {app: greeter}
  template:
    metadata:
      labels: {app: greeter}
    spec:
      containers:
        - name: web
          image: nginx:1.27
END`

export default lesson({
  start: { warmUp: 25_000 },
  steps: [
    {
      id: 'follow',
      goals: {
        guess: answered('guess'),
        wished,
        running: after(wished, born('pods')),
      },
      hints: {
        image: event('Failed', 'pod/*'),
        pod: now(both(count('pods').atLeast(1), count('deployments').is(0))),
      },
      chain: {
        wished: { who: 'learner', verb: 'create|patch|apply', object: 'deployments/*' },
        replicaset: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
        pod: { who: 'replicaset-controller', verb: 'create', object: 'pods' },
        place: { who: 'scheduler', verb: 'create', object: 'pods/@pod/binding' },
        start: { who: 'kubelet', verb: 'patch', object: 'pods/@pod/status' },
      },
      solution: [{ answer: 'guess', is: 'four' }, 'kubectl create deployment hello --image=nginx:1.27'],
      second: [{ answer: 'guess', is: 'none' }, manifest],
      wrong: [
        {
          name: 'misspells the image',
          deeds: [{ answer: 'guess', is: 'four' }, 'kubectl create deployment hello --image=nginx:nope'],
          raises: 'image',
        },
        {
          name: 'runs a pod by itself',
          deeds: [{ answer: 'guess', is: 'four' }, 'kubectl run hello --image=nginx:1.27'],
          raises: 'pod',
        },
      ],
    },
    {
      id: 'parts',
      goals: { stores, decides, starts },
      hints: { stores: stores.wrong(), decides: decides.wrong(), starts: starts.wrong() },
      solution: [
        { answer: 'stores', is: 'etcd' },
        { answer: 'decides', is: 'scheduler' },
        { answer: 'starts', is: 'kubelet' },
      ],
      wrong: [
        { name: 'thinks the kubelet remembers', deeds: [{ answer: 'stores', is: 'kubelet' }], raises: 'stores' },
        { name: 'thinks the API server decides', deeds: [{ answer: 'decides', is: 'apiserver' }], raises: 'decides' },
        { name: 'thinks the scheduler starts', deeds: [{ answer: 'starts', is: 'scheduler' }], raises: 'starts' },
      ],
    },
  ],
})
