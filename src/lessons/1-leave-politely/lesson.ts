/** Lesson 1.7: why a restart loses customers, and the pause before the end that saves them. */
import type { AnyObject } from '#api/meta.ts'
import { after, allOf, answered, audit, both, each, eventually, not, now, obj, refused, traffic } from '../checks.ts'
import { lesson } from '../lesson.ts'

const shopDeployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'shop', labels: { app: 'shop' } },
  spec: {
    replicas: 3,
    strategy: { rollingUpdate: { maxSurge: 1, maxUnavailable: 0 } },
    selector: { matchLabels: { app: 'shop' } },
    template: {
      metadata: { labels: { app: 'shop' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            ports: [{ containerPort: 80 }],
            readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 1 },
          },
        ],
      },
    },
  },
} as unknown as AnyObject
const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'shop' },
  spec: { selector: { app: 'shop' }, ports: [{ port: 80 }] },
} as unknown as AnyObject

const shop = obj('deployment/shop')
const SPEC = 'spec.template.spec'
const lifecycle = shop.path(`${SPEC}.containers.0.lifecycle`)
const seconds = lifecycle.map(
  (hooks: { preStop?: { sleep?: { seconds: number }; exec?: { command: string[] } } } | undefined): number => {
    const { sleep, exec } = hooks?.preStop ?? {}
    return sleep?.seconds ?? Number(/sleep (\d+)/.exec(exec?.command.join(' ') ?? '')?.[1] ?? 0)
  },
)
const hasHook = seconds.atLeast(2)
const restart = audit('learner', 'patch|update|apply', 'deployments/shop')
const updating = shop.path('status.replicas').is(4)
const settled = both(
  shop.path('status.replicas').is(3),
  shop.path('status.updatedReplicas').is(3),
  shop.path('status.availableReplicas').is(3),
)
/** A rollout of pods made from the template with the pause. */
const rollout = after(eventually(updating), eventually(settled))
const polite = after(after(eventually(hasHook), rollout), rollout)
const isLost = ({ status }: { status: number }): boolean => status === 0 || status >= 500

const patch = (spec: Record<string, unknown>, lifecycleIs: unknown): string =>
  `kubectl patch deployment shop -p '${JSON.stringify({
    spec: { template: { spec: { ...spec, containers: [{ name: 'web', lifecycle: lifecycleIs }] } } },
  })}'`
const pause = (length: number): unknown => ({ preStop: { sleep: { seconds: length } } })

export default lesson({
  start: {
    objects: [shopDeployment, service],
    faults: [{ after: 30_000, fault: { kind: 'traffic', namespace: 'default', service: 'shop', perSecond: 40 } }],
    warmUp: 8000,
  },
  steps: [
    {
      id: 'look',
      goals: {
        guess: answered('guess'),
        renewed: after(restart, rollout),
        lost: after(restart, traffic('shop').where(isLost).atLeast(0.0000001, 1)),
      },
      hints: {
        scaled: now(shop.path('spec.replicas').map((n) => n !== undefined && n < 3)),
        deleted: audit('learner', 'delete|deletecollection', 'pods/shop-*'),
      },
      chain: {
        asked: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/shop' },
        deleted: { who: 'replicaset-controller', verb: 'delete', object: 'pods/shop-*' },
        delisted: { who: 'endpointslice-controller', verb: 'update', object: 'endpointslices' },
      },
      solution: [
        { answer: 'guess', is: 'few' },
        'kubectl rollout restart deployment/shop',
        'kubectl rollout status deployment/shop',
      ],
      second: [{ answer: 'guess', is: 'none' }, 'kubectl set env deployment/shop COLOUR=red'],
      wrong: [
        {
          name: 'makes do with fewer pods',
          deeds: [{ answer: 'guess', is: 'few' }, 'kubectl scale deployment shop --replicas=1'],
          raises: 'scaled',
        },
        {
          name: 'deletes the pods',
          deeds: [{ answer: 'guess', is: 'few' }, 'kubectl delete pods -l app=shop --wait=false'],
          raises: 'deleted',
        },
      ],
    },
    {
      id: 'wait',
      goals: {
        hook: now(hasHook),
        again: polite,
        kept: after(
          after(eventually(hasHook), rollout),
          each(updating, allOf(eventually(settled), traffic('shop').ok().atLeast(1, 200))),
        ),
      },
      hints: {
        grace: refused('learner', 'patch|update|apply', 'deployments/shop'),
        start: now(lifecycle.map((hooks) => hooks?.postStart !== undefined && hooks?.preStop === undefined)),
        time: now(both(shop.path(`${SPEC}.terminationGracePeriodSeconds`).isNot(30), not(lifecycle.exists()), shop.exists())),
        deleted: audit('learner', 'delete|deletecollection', 'pods/shop-*'),
        instant: now(lifecycle.map((hooks) => hooks?.preStop?.sleep !== undefined && hooks.preStop.sleep.seconds < 2)),
      },
      chain: {
        paused: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/shop' },
        renewed: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
      },
      solution: [
        patch({}, pause(5)),
        'kubectl rollout status deployment/shop',
        { wait: 15_000 },
        'kubectl rollout restart deployment/shop',
        'kubectl rollout status deployment/shop',
        { wait: 15_000 },
      ],
      second: [
        patch({ terminationGracePeriodSeconds: 60 }, { preStop: { exec: { command: ['sh', '-c', 'sleep 6'] } } }),
        { wait: 60_000 },
        'kubectl rollout restart deployment/shop',
      ],
      wrong: [
        {
          name: 'pauses for longer than it may',
          deeds: [patch({ terminationGracePeriodSeconds: 5 }, pause(30))],
          raises: 'grace',
        },
        {
          name: 'pauses after the start',
          deeds: [patch({}, { postStart: { exec: { command: ['sh', '-c', 'sleep 5'] } } })],
          raises: 'start',
        },
        {
          name: 'only gives more time',
          deeds: [`kubectl patch deployment shop -p '{"spec":{"template":{"spec":{"terminationGracePeriodSeconds":90}}}}'`],
          raises: 'time',
        },
        {
          name: 'deletes the pods',
          deeds: [patch({}, pause(5)), { wait: 60_000 }, 'kubectl delete pods -l app=shop --wait=false'],
          raises: 'deleted',
        },
        { name: 'pauses for no time', deeds: [patch({}, pause(1))], raises: 'instant' },
      ],
    },
  ],
})
