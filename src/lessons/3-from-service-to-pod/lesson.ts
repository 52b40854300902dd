/** Lesson 3.7: the table on the caller's machine that throws dice, and the affinity that loads them. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, both, count, isReady, now, obj, pinned, traffic } from '../checks.ts'
import { lesson } from '../lesson.ts'

const service = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: 'web' },
  spec: { selector: { app: 'web' }, ports: [{ port: 80 }] },
} as unknown as AnyObject
const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: { containers: [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }] },
    },
  },
} as unknown as AnyObject
const caller = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'caller', labels: { app: 'caller' } },
  spec: {
    containers: [
      {
        name: 'caller',
        image: 'busybox:1.36',
        command: ['sh', '-c', 'while true; do wget -q -O - -T 1 http://$WEB_SERVICE_HOST >/dev/null 2>&1; sleep 0.5; done'],
      },
    ],
  },
} as unknown as AnyObject

const web = obj('service/web')
const sticks = web.path('spec.sessionAffinity').is('ClientIP')
const pods = count('pods', { labels: 'app=web', is: isReady })
const where = answer('where', ['caller'])

export default lesson({
  start: { objects: [service, deployment, caller], warmUp: 40_000 },
  steps: [
    {
      id: 'share',
      goals: { guess: answered('guess'), watched: traffic('web', 'default/caller').ok().atLeast(0.5, 60), where },
      hints: { where: where.wrong() },
      solution: [{ answer: 'guess', is: 'dice' }, { wait: 30_000 }, { answer: 'where', is: 'caller' }],
      wrong: [{ name: 'looks for a machine in the middle', deeds: [{ answer: 'where', is: 'carrier' }], raises: 'where' }],
    },
    {
      id: 'stick',
      goals: { set: now(sticks), pinned: pinned('caller', 'web', 20), all: now(pods.is(3)) },
      hints: {
        one: now(both(pods.atMost(2), obj('deployment/web').path('spec.replicas').atMost(2))),
        local: now(web.path('spec.internalTrafficPolicy').is('Local')),
      },
      solution: [`kubectl patch service web -p '{"spec":{"sessionAffinity":"ClientIP"}}'`, { wait: 20_000 }],
      second: [
        `kubectl patch service web --type=merge -p '{"spec":{"sessionAffinity":"ClientIP","sessionAffinityConfig":{"clientIP":{"timeoutSeconds":600}}}}'`,
      ],
      wrong: [
        { name: 'leaves only one', deeds: ['kubectl scale deployment web --replicas=1'], raises: 'one' },
        {
          name: 'stays on the machine',
          deeds: [`kubectl patch service web -p '{"spec":{"internalTrafficPolicy":"Local"}}'`],
          raises: 'local',
        },
      ],
    },
  ],
})
