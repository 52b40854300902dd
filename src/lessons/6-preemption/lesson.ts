/** Lesson 6.6: ranks of pods, and who makes room for whom; which of two workloads ranks lowest follows from the seed. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, anyOf, both, event, eventually, held, isReady, list, now, obj, one, Value } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const NORMAL = 1000

const priorityClass = (name: string, value: number): AnyObject =>
  ({ apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name }, value }) as unknown as AnyObject

const workload = (app: string, replicas: number, cpu: string, priorityClassName?: string): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: app, labels: { app } },
    spec: {
      replicas,
      selector: { matchLabels: { app } },
      template: {
        metadata: { labels: { app } },
        spec: {
          ...(priorityClassName ? { priorityClassName } : {}),
          terminationGracePeriodSeconds: 3,
          containers: [{ name: app, image: 'nginx:1.27', resources: { requests: { cpu } } }],
        },
      },
    },
  }) as unknown as AnyObject

const start = (seed: string): Start => {
  const [high, low] = pick(seed, 2) === 0 ? ['mail', 'search'] : ['search', 'mail']
  return {
    objects: [
      priorityClass('low', 100),
      priorityClass('normal', NORMAL),
      workload(high as string, 4, '900m', 'normal'),
      workload(low as string, 4, '900m', 'low'),
      workload('pay', 1, '1500m'),
    ],
    warmUp: 30_000,
  }
}

const classOf = (deployment: AnyObject): string | undefined => deployment['spec'].template.spec.priorityClassName
const ranked = (name: string) => one('deployments', { is: (each) => classOf(each) === name && each.metadata.name !== 'pay' })
const victims = answer('victims', ranked('low').path('metadata.name'))
const own = list('priorityclasses').map((all) => all.filter(({ metadata }) => !/^(low|normal|system-.*)$/.test(metadata.name)))
const worth = (each: AnyObject): number => Number(each['value'])

const pays = list('pods', { labels: 'app=pay' })
const paid = (is: (pod: AnyObject) => boolean) => pays.map((pods) => pods.some(is))
const isAbove = (pod: AnyObject): boolean => Number(pod['spec'].priority ?? 0) > NORMAL
const isLatest = new Value(['deployments', 'pods'], (view) => {
  const wanted = view.find('deployments', 'default', 'pay')?.['spec'].template.spec.priorityClassName
  return pays.read(view).some((pod) => pod['spec'].priorityClassName === wanted && !pod['spec'].nodeName)
})
const full = (name: string) => ranked(name).path('spec.replicas').is(4)

const give = (name: string): string =>
  `kubectl patch deployment pay -p '{"spec":{"template":{"spec":{"priorityClassName":"${name}"}}}}'`
const LOW = '$(kubectl get deployments -o jsonpath=\'{.items[?(@.spec.template.spec.priorityClassName=="low")].metadata.name}\')'
const NORMALS = LOW.replace('low', 'normal')
const nameOf = (them: string): string => `echo ${them}`
const CREATE = 'kubectl create priorityclass critical --value=100000'

export default lesson({
  start,
  steps: [
    {
      id: 'rank',
      goals: {
        victims,
        class: now(own.map((all) => all.some((each) => worth(each) > NORMAL && each['globalDefault'] !== true))),
      },
      hints: {
        victims: victims.wrong(),
        small: now(own.map((all) => all.length > 0 && all.every((each) => worth(each) <= NORMAL))),
        all: now(own.map((all) => all.some((each) => each['globalDefault'] === true))),
      },
      solution: ['kubectl get priorityclasses', { answer: 'victims', from: nameOf(LOW) }, CREATE],
      second: [
        {
          write: 'class.yaml',
          text: 'apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata:\n  name: critical\nvalue: 2000\n',
        },
        'kubectl apply -f class.yaml',
        { answer: 'victims', from: nameOf(LOW) },
      ],
      wrong: [
        { name: 'thinks of the other', deeds: [CREATE, { answer: 'victims', from: nameOf(NORMALS) }], raises: 'victims' },
        { name: 'thinks of age', deeds: [CREATE, { answer: 'victims', is: 'last' }], raises: 'victims' },
        {
          name: 'counts downwards',
          deeds: ['kubectl create priorityclass critical --value=1', { answer: 'victims', from: nameOf(LOW) }],
          raises: 'small',
        },
        {
          name: 'gives it to everybody',
          deeds: [`${CREATE} --global-default=true`, { answer: 'victims', from: nameOf(LOW) }],
          raises: 'all',
        },
      ],
    },
    {
      id: 'enter',
      goals: {
        guess: answered('guess'),
        runs: held(
          paid((pod) => isReady(pod) && isAbove(pod)),
          2000,
        ),
        preempted: anyOf(event('Preempted', 'pod/mail-*'), event('Preempted', 'pod/search-*')),
        spared: now(both(full('normal'), ranked('normal').path('status.readyReplicas').is(4))),
      },
      hints: {
        missing: event('FailedCreate', 'replicaset/pay-*', /no PriorityClass/),
        waits: held(both(isLatest, obj('deployment/pay').path('spec.template.spec.priorityClassName').exists()), 6000),
        equal: held(
          paid((pod) => isReady(pod) && !isAbove(pod)),
          2000,
        ),
        byhand: eventually(
          list('deployments').map((all) =>
            all.some(({ metadata, ...rest }) => metadata.name !== 'pay' && (rest as AnyObject)['spec'].replicas < 4),
          ),
        ),
      },
      chain: {
        nominated: { who: 'scheduler', verb: 'patch', object: 'pods/pay-*/status' },
        driven: { who: 'scheduler', verb: 'delete', object: 'pods' },
        bound: { who: 'scheduler', verb: 'create', object: 'pods/pay-*/binding' },
      },
      solution: [{ answer: 'guess', is: 'two' }, give('critical')],
      second: [{ answer: 'guess', is: 'one' }, give('missing'), { wait: 4000 }, give('critical')],
      wrong: [
        { name: 'names a class that is not there', deeds: [{ answer: 'guess', is: 'two' }, give('urgent')], raises: 'missing' },
        { name: 'gives it the rank of others', deeds: [{ answer: 'guess', is: 'two' }, give('normal')], raises: 'equal' },
        {
          name: 'takes a class that drives nobody out',
          deeds: [
            { answer: 'guess', is: 'two' },
            'kubectl create priorityclass patient --value=100000 --preemption-policy=Never',
            give('patient'),
          ],
          raises: 'waits',
        },
        {
          name: 'makes room by hand',
          deeds: [
            { answer: 'guess', is: 'two' },
            `kubectl scale deployment ${LOW} --replicas=0`,
            { wait: 6000 },
            give('critical'),
          ],
          raises: 'byhand',
        },
      ],
    },
  ],
})
