/** Lesson 3.3: a selector that fits nobody, and a port on which nobody listens. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, audit, both, count, eventually, list, not, now, obj, traffic } from '../checks.ts'
import { lesson } from '../lesson.ts'

const deployment = (name: string): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas: 2,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name, team: 'shop' } },
        spec: { containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
      },
    },
  }) as unknown as AnyObject
const service = (name: string, app: string, targetPort: number): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name },
    spec: { selector: { app }, ports: [{ port: 80, targetPort }] },
  }) as unknown as AnyObject

const till = obj('service/till')
const pods = (name: string) =>
  list('endpointslices', { labels: `kubernetes.io/service-name=${name}` }).map((slices) =>
    slices
      .flatMap((slice) => (slice['endpoints'] ?? []) as { targetRef?: { name: string } }[])
      .map((e) => e.targetRef?.name ?? ''),
  )
const inOrder = both(pods('menu').map((names) => names.length > 0 && names.every((name) => name.startsWith('menu-'))))
const isOther = ({ metadata }: AnyObject): boolean => !['kubernetes', 'menu', 'till'].includes(metadata.name)
const target = till.path('spec.ports.0.targetPort')
const link = answer('link', ['selector'])
const door = answer('door', ['80', '80/TCP', 'port 80'])
const traffics = (name: string, after_ms: number) => ({
  after: after_ms,
  fault: { kind: 'traffic', namespace: 'default', service: name, perSecond: 5 } as const,
})

export default lesson({
  start: {
    objects: [deployment('menu'), deployment('till'), service('menu', 'menue', 80), service('till', 'till', 8080)],
    faults: [traffics('menu', 30_000), traffics('till', 10)],
    warmUp: 3000,
  },
  steps: [
    {
      id: 'selector',
      goals: { link, served: after(eventually(inOrder), traffic('menu').ok().atLeast(0.9, 30)) },
      hints: {
        link: link.wrong(),
        labels: audit('learner', 'patch|update|apply', 'pods'),
        second: now(both(not(inOrder), count('services', { is: isOther }).atLeast(1))),
        restarted: audit('learner', 'patch|update|apply|delete', 'deployments/menu'),
        wide: now(pods('menu').map((names) => names.some((name) => name.startsWith('till-')))),
      },
      chain: {
        corrected: { who: 'learner', verb: 'patch|update|apply', object: 'services/menu' },
        filled: { who: 'endpointslice-controller', verb: 'update|create', object: 'endpointslices' },
      },
      solution: [
        'kubectl describe service menu',
        { answer: 'link', is: 'selector' },
        'kubectl set selector service menu app=menu',
      ],
      second: [
        'kubectl delete service menu',
        'kubectl expose deployment menu --port=80',
        { answer: 'link', is: 'selector' },
        'kubectl annotate service menu by=hand',
      ],
      wrong: [
        { name: 'blames the pods', deeds: [{ answer: 'link', is: 'pods' }], raises: 'link' },
        { name: 'changes the pods instead', deeds: ['kubectl label pods -l app=menu app=menue --overwrite'], raises: 'labels' },
        { name: 'makes another Service', deeds: ['kubectl expose deployment menu --port=80 --name=menu2'], raises: 'second' },
        { name: 'restarts what is well', deeds: ['kubectl rollout restart deployment/menu'], raises: 'restarted' },
        { name: 'selects the whole shop', deeds: ['kubectl set selector service menu team=shop'], raises: 'wide' },
      ],
    },
    {
      id: 'port',
      goals: {
        door,
        paid: after(
          eventually(both(till.exists(), target.isNot(8080), till.path('spec.ports.0.port').is(80))),
          traffic('till').ok().atLeast(0.9, 30),
        ),
      },
      hints: {
        door: door.wrong(),
        container: eventually(obj('deployment/till').path('spec.template.spec.containers.0.ports.0.containerPort').is(8080)),
        outer: now(both(till.exists(), till.path('spec.ports.0.port').isNot(80))),
      },
      chain: {
        changed: { who: 'learner', verb: 'patch|update|apply', object: 'services/till' },
        rewritten: { who: 'endpointslice-controller', verb: 'update|create', object: 'endpointslices' },
      },
      solution: [
        {
          answer: 'door',
          from: "kubectl get pods -l app=till -o jsonpath='{.items[0].spec.containers[0].ports[0].containerPort}'",
        },
        `kubectl patch service till -p '{"spec":{"ports":[{"port":80,"targetPort":80}]}}'`,
      ],
      second: [
        { answer: 'door', is: '80' },
        `kubectl patch service till --type=json -p '[{"op":"remove","path":"/spec/ports/0/targetPort"}]'`,
      ],
      wrong: [
        { name: 'asks the Service', deeds: [{ answer: 'door', is: '8080' }], raises: 'door' },
        {
          name: 'changes the pods instead',
          deeds: [
            `kubectl patch deployment till --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/ports/0/containerPort","value":8080}]'`,
          ],
          raises: 'container',
        },
        {
          name: 'changes the other port',
          deeds: [`kubectl patch service till --type=json -p '[{"op":"replace","path":"/spec/ports/0/port","value":8080}]'`],
          raises: 'outer',
        },
      ],
    },
  ],
})
