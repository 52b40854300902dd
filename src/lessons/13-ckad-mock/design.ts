/** Application design and build, and deployment: 40 of the hundred. */
import { both, count, held, not, now, obj, said } from '../checks.ts'
import { applied, CONTAINER, deployment, object, pod, service } from '../exam-objects.ts'
import type { Step } from '../lesson.ts'

// ——— two containers, one volume

const notes = obj('pod/amber/notes')
const WRITE = 'while true; do date >> /log/out.txt; sleep 2; done'
interface Mounting {
  volumeMounts?: { name: string }[]
}
const shared = notes.map((found) => {
  const mounts = ((found?.['spec']?.containers ?? []) as Mounting[]).map(({ volumeMounts = [] }) =>
    volumeMounts.map(({ name }) => name),
  )
  const volumes = (found?.['spec']?.volumes ?? []) as { name: string; emptyDir?: unknown }[]
  return (
    mounts.length === 2 &&
    volumes.some(({ name, emptyDir }) => emptyDir !== undefined && mounts.every((each) => each.includes(name)))
  )
})
const notesPod = (where = '/log', mounts: readonly number[] = [0, 1]) =>
  pod('amber', 'notes', {
    containers: [
      { name: 'writer', image: 'busybox:1.36', command: ['sh', '-c', WRITE] },
      { name: 'reader', image: 'busybox:1.36', command: ['sh', '-c', 'tail -F /log/out.txt'] },
    ].map((container, i) =>
      mounts.includes(i) ? { ...container, volumeMounts: [{ name: 'log', mountPath: where }] } : container,
    ),
    volumes: [{ name: 'log', emptyDir: {} }],
  })
const sidecar: Step = {
  id: 'sidecar',
  weight: 7,
  goals: {
    both: now(
      notes
        .path('status.containerStatuses')
        .map((all) => all?.length === 2 && all.every((each: { ready: boolean }) => each.ready)),
    ),
    shared: now(shared),
    reads: now(said('amber/notes', 'reader').matches(/20\d\d/)),
  },
  hints: {
    alone: held(both(notes.exists(), not(shared)), 4000),
    elsewhere: held(both(shared, not(said('amber/notes', 'reader').matches(/20\d\d/))), 8000),
  },
  solution: [applied(notesPod())],
  second: ['kubectl delete pod notes -n amber --ignore-not-found', applied(notesPod('/log/'))],
  wrong: [
    { name: 'mounts it only for the writer', deeds: [applied(notesPod('/log', [0]))], raises: 'alone' },
    { name: 'mounts it where nobody writes', deeds: [applied(notesPod('/logs'))], raises: 'elsewhere' },
  ],
}

// ——— a Job

const job = obj('job/birch/count')
const jobOf = (completions: number, parallelism: number, command = ['sh', '-c', 'echo counted']) =>
  object('batch/v1', 'Job', 'count', 'birch', {
    spec: {
      completions,
      parallelism,
      backoffLimit: 2,
      template: { spec: { restartPolicy: 'Never', containers: [{ name: 'count', image: 'busybox:1.36', command }] } },
    },
  })
const counting: Step = {
  id: 'job',
  weight: 6,
  goals: {
    asked: now(
      both(both(job.path('spec.completions').is(4), job.path('spec.parallelism').is(2)), job.path('spec.backoffLimit').is(2)),
    ),
    complete: now(both(job.path('status.succeeded').is(4), job.path('spec.parallelism').is(2))),
  },
  hints: { once: now(both(job.exists(), job.path('spec.completions').is(1))), all: now(job.path('spec.parallelism').is(4)) },
  solution: [applied(jobOf(4, 2))],
  second: [
    'kubectl create job count -n birch --image=busybox:1.36 --dry-run=client -o yaml -- echo counted | sed "s/^spec:/spec:\\n  completions: 4\\n  parallelism: 2\\n  backoffLimit: 2/" | kubectl apply -f -',
  ],
  wrong: [
    { name: 'runs it once', deeds: ['kubectl create job count -n birch --image=busybox:1.36 -- echo counted'], raises: 'once' },
    { name: 'runs all at once', deeds: [applied(jobOf(4, 4))], raises: 'all' },
  ],
}

// ——— a CronJob that must not overlap

const report = obj('cronjob/dune/report')
const byHand = count('jobs', {
  namespace: 'dune',
  is: ({ metadata }) => metadata.name === 'report-now' && metadata.ownerReferences?.[0]?.kind === 'CronJob',
})
const otherJob = count('jobs', {
  namespace: 'dune',
  is: ({ metadata }) => metadata.name === 'report-now' && !metadata.ownerReferences,
})
const NO_OVERLAP = `kubectl patch cronjob report -n dune -p '{"spec":{"concurrencyPolicy":"Forbid","startingDeadlineSeconds":60}}'`
const cron: Step = {
  id: 'cron',
  weight: 7,
  goals: {
    forbids: now(report.path('spec.concurrencyPolicy').is('Forbid')),
    deadline: now(report.path('spec.startingDeadlineSeconds').is(60)),
    now: now(byHand.atLeast(1)),
  },
  hints: { replaces: now(report.path('spec.concurrencyPolicy').is('Replace')), foreign: now(otherJob.atLeast(1)) },
  solution: [NO_OVERLAP, 'kubectl create job report-now -n dune --from=cronjob/report'],
  second: [
    'kubectl create job report-now -n dune --from=cronjob/report',
    'kubectl get cronjob report -n dune -o yaml | sed "s/concurrencyPolicy: Allow/concurrencyPolicy: Forbid\\n  startingDeadlineSeconds: 60/" | kubectl replace -f -',
  ],
  wrong: [
    {
      name: 'lets the next one push it aside',
      deeds: [`kubectl patch cronjob report -n dune -p '{"spec":{"concurrencyPolicy":"Replace"}}'`],
      raises: 'replaces',
    },
    {
      name: 'writes a Job of its own',
      deeds: [NO_OVERLAP, 'kubectl create job report-now -n dune --image=busybox:1.36 -- date'],
      raises: 'foreign',
    },
  ],
}

// ——— a careful rollout

const shop = obj('deployment/ember/shop')
const rolling = (field: string) => shop.path(`spec.strategy.rollingUpdate.${field}`)
const careful = both(rolling('maxUnavailable').is(0), rolling('maxSurge').is(1))
const CAREFUL = `kubectl patch deployment shop -n ember -p '{"spec":{"strategy":{"rollingUpdate":{"maxUnavailable":0,"maxSurge":1}}}}'`
const NEWER = 'kubectl set image deployment/shop -n ember main=nginx:1.28'
const shopImage = shop.path(`${CONTAINER}.image`)
const rollout: Step = {
  id: 'rollout',
  weight: 7,
  goals: {
    careful: now(careful),
    newer: now(both(shopImage.is('nginx:1.28'), careful)),
    done: now(
      both(
        both(shopImage.is('nginx:1.28'), careful),
        both(shop.path('status.updatedReplicas').is(3), shop.path('status.availableReplicas').is(3)),
      ),
    ),
  },
  hints: {
    recreate: now(shop.path('spec.strategy.type').is('Recreate')),
    bold: now(both(shopImage.is('nginx:1.28'), not(careful))),
  },
  solution: [CAREFUL, NEWER],
  second: [
    `kubectl patch deployment shop -n ember --type=json -p '[{"op":"add","path":"/spec/strategy","value":{"type":"RollingUpdate","rollingUpdate":{"maxSurge":1,"maxUnavailable":0}}},{"op":"replace","path":"/spec/template/spec/containers/0/image","value":"nginx:1.28"}]'`,
  ],
  wrong: [
    {
      name: 'takes all away first',
      deeds: [
        `kubectl patch deployment shop -n ember --type=merge -p '{"spec":{"strategy":{"type":"Recreate","rollingUpdate":null}}}'`,
        NEWER,
      ],
      raises: 'recreate',
    },
    { name: 'only changes the image', deeds: [NEWER], raises: 'bold' },
  ],
}

// ——— a canary

const canary = obj('deployment/grove/blog-canary')
const blog = obj('deployment/grove/blog')
const canaryLabels = canary.path('spec.template.metadata.labels')
const inService = canaryLabels.map((labels) => labels?.app === 'blog')
const canaryOf = (labels: Record<string, string>) => applied(deployment('grove', 'blog-canary', { image: 'nginx:1.28', labels }))
const FOUR = 'kubectl scale deployment blog -n grove --replicas=4'
const release: Step = {
  id: 'canary',
  weight: 7,
  goals: {
    canary: now(both(canary.path('status.availableReplicas').is(1), canary.path(`${CONTAINER}.image`).is('nginx:1.28'))),
    reached: now(both(inService, canary.path('status.availableReplicas').is(1))),
    four: now(both(blog.path('spec.replicas').is(4), both(blog.path(`${CONTAINER}.image`).is('nginx:1.27'), inService))),
  },
  hints: {
    apart: now(both(canary.exists(), not(inService))),
    fifth: now(both(both(inService, canary.path('spec.replicas').is(1)), blog.path('spec.replicas').is(5))),
  },
  solution: [canaryOf({ app: 'blog', track: 'canary' }), FOUR],
  second: [
    'kubectl get deployment blog -n grove -o yaml | sed "s/name: blog$/name: blog-canary/; s/track: stable/track: canary/; s/nginx:1.27/nginx:1.28/; s/replicas: 5/replicas: 1/" | grep -v "uid:\\|resourceVersion:" | kubectl apply -f -',
    FOUR,
  ],
  wrong: [
    {
      name: 'gives it a label of its own',
      deeds: ['kubectl create deployment blog-canary -n grove --image=nginx:1.28', FOUR],
      raises: 'apart',
    },
    { name: 'leaves the old ones at five', deeds: [canaryOf({ app: 'blog', track: 'canary' })], raises: 'fifth' },
  ],
}

// ——— a chart

const front = obj('deployment/heath/front-web')
const HELM = 'helm repo add shelf https://charts.tabernetes.invalid'
const chart: Step = {
  id: 'chart',
  weight: 6,
  goals: {
    installed: now(front.exists()),
    version: now(front.path(`${CONTAINER}.image`).is('nginx:1.27')),
    copies: now(
      both(
        front.path('status.readyReplicas').is(2),
        front.path('metadata.labels').map((labels) => labels?.['app.kubernetes.io/managed-by'] === 'Helm'),
      ),
    ),
  },
  hints: {
    newest: now(front.path(`${CONTAINER}.image`).is('nginx:1.28')),
    single: held(both(front.exists(), front.path('spec.replicas').is(1)), 1000),
  },
  solution: [HELM, 'helm install front shelf/web -n heath --version 1.0.0 --set replicaCount=2'],
  second: [HELM, 'helm upgrade --install front shelf/web -n heath --version 1.0.0 --set replicaCount=2'],
  wrong: [
    {
      name: 'takes the newest version',
      deeds: [HELM, 'helm install front shelf/web -n heath --set replicaCount=2'],
      raises: 'newest',
    },
    { name: 'gives no value', deeds: [HELM, 'helm install front shelf/web -n heath --version 1.0.0'], raises: 'single' },
  ],
}

export const design: readonly Step[] = [sidecar, counting, cron, rollout, release, chart]

export const designObjects = [
  object('batch/v1', 'CronJob', 'report', 'dune', {
    spec: {
      schedule: '0 3 * * *',
      jobTemplate: {
        spec: {
          template: {
            spec: { restartPolicy: 'Never', containers: [{ name: 'report', image: 'busybox:1.36', command: ['date'] }] },
          },
        },
      },
    },
  }),
  deployment('ember', 'shop', { replicas: 3 }),
  deployment('grove', 'blog', { replicas: 5, labels: { app: 'blog', track: 'stable' } }),
  service('grove', 'blog', { app: 'blog' }),
]
