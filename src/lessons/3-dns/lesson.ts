/** Lesson 3.4: names across namespaces, and what remains without the cluster's DNS. */
import type { AnyObject } from '#api/meta.ts'
import type { Flight } from '#api/request.ts'
import { after, answer, answered, audit, eventually, held, missing, not, now, obj, once, reach, traffic } from '../checks.ts'
import { lesson } from '../lesson.ts'

const namespace = 'kitchen'
const labels = { app: 'web' }
const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace, labels },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: { metadata: { labels }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
    },
  },
  { apiVersion: 'v1', kind: 'Service', metadata: { name: 'web', namespace }, spec: { selector: labels, ports: [{ port: 80 }] } },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'caller', labels: { app: 'caller' } },
    spec: { containers: [{ name: 'caller', image: 'busybox:1.36', command: ['sleep', '86400'] }] },
  },
] as unknown as AnyObject[]

const coredns = obj('deployment/kube-system/coredns')
const readyOnes = coredns.path('status.readyReplicas').map((n) => Number(n ?? 0))
const gone = after(eventually(readyOnes.is(2)), eventually(readyOnes.is(0)))
const back = after(gone, eventually(readyOnes.is(2)))
const name = answer('name', ['dotted'])
const answered200 = ({ status }: Flight): boolean => status === 200
const asksDns = ({ hops }: Flight): boolean => hops.some(({ at }) => at === 'dns')
const someOf = (is: (flight: Flight) => boolean) => traffic('kitchen/web', 'default/caller').where(is).atLeast(0.000001, 1)
const byName = someOf((flight) => answered200(flight) && asksDns(flight))
const byNumber = someOf((flight) => answered200(flight) && !asksDns(flight))
const call = (host: string): string => `kubectl exec caller -- wget -qO- -T 3 http://${host}`
const scale = (replicas: number): string => `kubectl -n kube-system scale deployment coredns --replicas=${replicas}`

export default lesson({
  start: { objects, warmUp: 45_000 },
  steps: [
    {
      id: 'across',
      goals: { name, reached: byName },
      hints: { bare: missing('caller'), name: name.wrong(), number: byNumber },
      solution: ['kubectl exec caller -- cat /etc/resolv.conf', call('web.kitchen'), { answer: 'name', is: 'dotted' }],
      second: [call('web.kitchen.svc.cluster.local'), { answer: 'name', is: 'full' }, { answer: 'name', is: 'dotted' }],
      wrong: [
        { name: 'takes the bare name', deeds: [call('web')], raises: 'bare' },
        {
          name: 'calls the number',
          deeds: [call("$(kubectl get service web -n kitchen -o jsonpath='{.spec.clusterIP}')")],
          raises: 'number',
        },
        { name: 'turns it around', deeds: [call('kitchen.web')], raises: 'bare' },
        { name: 'writes it with a slash', deeds: [{ answer: 'name', is: 'slash' }], raises: 'name' },
      ],
    },
    {
      id: 'silent',
      goals: {
        guess: answered('guess'),
        gone,
        failed: after(gone, once(missing('caller'))),
        revived: after(gone, now(readyOnes.is(2))),
        again: after(back, reach('caller', 'kitchen/web')),
      },
      hints: {
        restarted: audit('learner', 'delete|deletecollection', 'pods/coredns-*'),
        deleted: eventually(not(coredns.exists())),
        half: held(readyOnes.is(1), 10_000),
        service: now(not(obj('service/kube-system/kube-dns').exists())),
      },
      chain: {
        scaled: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/coredns/scale' },
        removed: { who: 'replicaset-controller', verb: 'delete', object: 'pods/coredns-*' },
      },
      solution: [
        { answer: 'guess', is: 'address' },
        scale(0),
        { wait: 15_000 },
        call('web.kitchen'),
        scale(2),
        { wait: 30_000 },
        call('web.kitchen'),
      ],
      second: [
        { answer: 'guess', is: 'nothing' },
        'kubectl -n kube-system scale deployment/coredns --replicas=0 --current-replicas=2',
        { wait: 15_000 },
        call('web.kitchen.svc.cluster.local'),
        scale(2),
        { wait: 30_000 },
        call('web.kitchen.svc.cluster.local'),
      ],
      wrong: [
        {
          name: 'deletes its pods',
          deeds: ['kubectl -n kube-system delete pods -l k8s-app=kube-dns --wait=false'],
          raises: 'restarted',
        },
        { name: 'brings back only one', deeds: [scale(0), { wait: 15_000 }, call('web.kitchen'), scale(1)], raises: 'half' },
        {
          name: 'deletes the Service',
          deeds: ['kubectl -n kube-system delete service kube-dns'],
          raises: 'service',
        },
        { name: 'deletes all of it', deeds: ['kubectl -n kube-system delete deployment coredns'], raises: 'deleted' },
      ],
    },
  ],
})
