/** Lesson 11.2: a debugging container joins a pod that has no shell; the port that it finds differs from seed to seed. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, both, count, either, eventually, not, now, obj, reach, Value } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const PORTS = ['8443', '9090', '5000', '3000']

const start = (seed: string): Start => ({
  objects: [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name: 'api' },
      data: { WHOAMI_PORT_NUMBER: PORTS[pick(seed, PORTS.length)] },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'api' },
      spec: { selector: { app: 'api' }, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'api', labels: { app: 'api' } },
      spec: { containers: [{ name: 'api', image: 'traefik/whoami:v1.10', envFrom: [{ configMapRef: { name: 'api' } }] }] },
    },
    {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'caller' },
      spec: {
        containers: [
          {
            name: 'caller',
            image: 'busybox:1.36',
            command: ['sh', '-c', 'while true; do wget -qO- -T 2 http://$API_SERVICE_HOST >/dev/null; sleep 2; done'],
          },
        ],
      },
    },
  ] as unknown as AnyObject[],
  warmUp: 30_000,
})

const api = obj('pod/api')
const service = obj('service/api')
const port = service.path('spec.ports.0.port')
const target = service.path('spec.ports.0.targetPort')
const listens = obj('configmap/api').path('data.WHOAMI_PORT_NUMBER')
const found = answer('port', listens)
interface Status {
  state?: { running?: object; terminated?: object; waiting?: { reason?: string } }
}
const guests = api.path('status.ephemeralContainerStatuses').map((all: Status[] | undefined) => all ?? [])
const joined = guests.map((all) => all.some(({ state }) => state?.running ?? state?.terminated))
const unpulled = guests.map((all) =>
  all.some(({ state }) => /^(?:ErrImagePull|ImagePullBackOff)$/.test(state?.waiting?.reason ?? '')),
)
const copies = count('pods', { is: ({ metadata }) => metadata.name !== 'api' && metadata.name !== 'caller' })
const misses = new Value([...target.needs, ...listens.needs], (view) => String(target.read(view)) !== listens.read(view))

const LOOK = 'kubectl debug api --image=busybox:1.36 --target=api -- netstat -tln'
const READ =
  "kubectl logs api -c $(kubectl get pod api -o jsonpath='{.spec.ephemeralContainers[0].name}') | grep -o '0:[0-9]*' | cut -d: -f2"
const send = (value: string): string => `kubectl patch service api -p '{"spec":{"ports":[{"port":80,"targetPort":'${value}'}]}}'`

export default lesson({
  start,
  steps: [
    {
      id: 'look',
      goals: { guess: answered('guess'), joined: eventually(joined), port: found },
      hints: { port: found.wrong(), copy: now(copies.atLeast(1)), image: now(unpulled) },
      chain: { added: { who: 'learner', verb: 'patch', object: 'pods/api/ephemeralcontainers' } },
      solution: [{ answer: 'guess', is: 'fails' }, LOOK, 'sleep 4', { answer: 'port', from: READ }],
      second: [
        { answer: 'guess', is: 'brings' },
        'kubectl exec api -- sh',
        'kubectl debug -i api --image=busybox:1.36 -- netstat -tln > seen',
        { answer: 'port', from: "grep -o '0:[0-9]*' seen | cut -d: -f2" },
      ],
      wrong: [
        {
          name: 'believes the Service',
          deeds: [{ answer: 'guess', is: 'fails' }, LOOK, { answer: 'port', is: '8080' }],
          raises: 'port',
        },
        {
          name: 'looks into a copy',
          deeds: [
            { answer: 'guess', is: 'fails' },
            'kubectl debug api --image=busybox:1.36 --share-processes --copy-to=api-copy -- sleep 600',
          ],
          raises: 'copy',
        },
        {
          name: 'takes a tag that is not there',
          deeds: [
            { answer: 'guess', is: 'fails' },
            'kubectl debug api --image=busybox:does-not-exist -- netstat -tln',
            { wait: 5000 },
          ],
          raises: 'image',
        },
      ],
    },
    {
      id: 'mend',
      goals: { answered: reach('caller', 'api') },
      hints: {
        called: now(both(service.exists(), port.isNot(80))),
        still: now(both(service.exists(), misses, either(target.isNot(8080), port.isNot(80)))),
        lost: eventually(not(service.exists())),
      },
      solution: [send("$(kubectl get configmap api -o jsonpath='{.data.WHOAMI_PORT_NUMBER}')"), { wait: 6000 }],
      second: [
        'kubectl delete pod api',
        'kubectl run api --image=traefik/whoami:v1.10 --labels=app=api --env=WHOAMI_PORT_NUMBER=8080',
        { wait: 10_000 },
      ],
      wrong: [
        {
          name: 'changes where it is called',
          deeds: [`kubectl patch service api --type=json -p '[{"op":"replace","path":"/spec/ports/0/port","value":8080}]'`],
          raises: 'called',
        },
        { name: 'takes the port of the caller', deeds: [send('80')], raises: 'still' },
        { name: 'deletes the Service', deeds: ['kubectl delete service api'], raises: 'lost' },
      ],
    },
  ],
})
