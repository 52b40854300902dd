/** Lesson 3.5: a load balancer from the cloud, and a policy that keeps the customer's address. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, answered, both, count, direct, eventually, now, obj, said, traffic } from '../checks.ts'
import { lesson } from '../lesson.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        affinity: {
          podAntiAffinity: {
            requiredDuringSchedulingIgnoredDuringExecution: [
              { labelSelector: { matchLabels: { app: 'web' } }, topologyKey: 'kubernetes.io/hostname' },
            ],
          },
        },
        containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }],
      },
    },
  },
} as unknown as AnyObject
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
} as unknown as AnyObject

const web = obj('service/web')
const type = web.path('spec.type')
const address = web.path('status.loadBalancer.ingress.0.ip').exists()
const isLocal = web.path('spec.externalTrafficPolicy').is('Local')
const price = answer('price', ['uneven'])
const isOther = ({ metadata, ...rest }: AnyObject): boolean => metadata.name !== 'web' && rest['spec'].type === 'LoadBalancer'

export default lesson({
  start: {
    objects: [deployment, service],
    faults: [{ after: 30_000, fault: { kind: 'traffic', namespace: 'default', service: 'web', perSecond: 8 } }],
    warmUp: 2000,
  },
  steps: [
    {
      id: 'open',
      goals: {
        guess: answered('guess'),
        type: now(type.is('LoadBalancer')),
        address: now(address),
        served: after(eventually(address), traffic('web').ok().atLeast(0.9, 20)),
      },
      hints: {
        nodeport: now(type.is('NodePort')),
        second: now(both(count('services', { is: isOther }).atLeast(1), type.is('ClusterIP'))),
      },
      chain: {
        asked: { who: 'learner', verb: 'patch|update|apply', object: 'services/web' },
        given: { who: 'service-controller', verb: 'patch', object: 'services/web/status' },
      },
      solution: [
        { answer: 'guess', is: 'sent_on' },
        `kubectl patch service web -p '{"spec":{"type":"LoadBalancer"}}'`,
        { wait: 15_000 },
      ],
      second: [
        { answer: 'guess', is: 'never' },
        'kubectl delete service web',
        'kubectl expose deployment web --port=80 --type=LoadBalancer',
        'kubectl label service web open=yes',
      ],
      wrong: [
        {
          name: 'only opens a port',
          deeds: [{ answer: 'guess', is: 'sent_on' }, `kubectl patch service web -p '{"spec":{"type":"NodePort"}}'`],
          raises: 'nodeport',
        },
        {
          name: 'makes a second Service',
          deeds: [{ answer: 'guess', is: 'sent_on' }, 'kubectl expose deployment web --name=front --port=80 --type=LoadBalancer'],
          raises: 'second',
        },
      ],
    },
    {
      id: 'local',
      goals: {
        policy: now(isLocal),
        direct: after(eventually(isLocal), direct('web', 30)),
        source: after(eventually(isLocal), now(both(isLocal, said('web-*').matches(/203\.0\.113\.7/)))),
        price,
      },
      hints: { internal: now(web.path('spec.internalTrafficPolicy').is('Local')), price: price.wrong() },
      solution: [
        'kubectl logs -l app=web --tail=5',
        `kubectl patch service web -p '{"spec":{"externalTrafficPolicy":"Local"}}'`,
        { answer: 'price', is: 'uneven' },
        { wait: 20_000 },
      ],
      second: [
        { answer: 'price', is: 'uneven' },
        `kubectl patch service web --type=json -p '[{"op":"replace","path":"/spec/externalTrafficPolicy","value":"Local"}]'`,
      ],
      wrong: [
        {
          name: 'takes the other policy',
          deeds: [`kubectl patch service web -p '{"spec":{"internalTrafficPolicy":"Local"}}'`],
          raises: 'internal',
        },
        { name: 'thinks the way gets longer', deeds: [{ answer: 'price', is: 'hop' }], raises: 'price' },
      ],
    },
  ],
})
