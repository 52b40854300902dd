/** Observability, configuration and security: 40 of the hundred. */
import type { AnyObject } from '#api/meta.ts'
import { both, can, count, either, held, list, not, now, obj } from '../checks.ts'
import { CONTAINER, deployment, object, POD, patchMain, patchPods, shell } from '../exam-objects.ts'
import type { Step } from '../lesson.ts'
import { networking } from './networking.ts'

// ——— probes

const cart = obj('deployment/iris/cart')
const readiness = cart.path(`${CONTAINER}.readinessProbe`)
const liveness = cart.path(`${CONTAINER}.livenessProbe`)
const asksPage = readiness.map((found) => found?.httpGet?.path === '/' && Number(found.httpGet.port) === 80)
const READY = { readinessProbe: { httpGet: { path: '/', port: 80 }, periodSeconds: 5 } }
const ALIVE = { livenessProbe: { tcpSocket: { port: 80 }, initialDelaySeconds: 10 } }
const probes: Step = {
  id: 'probes',
  weight: 5,
  goals: {
    ready: now(both(asksPage, cart.path(`${CONTAINER}.readinessProbe.periodSeconds`).is(5))),
    alive: now(
      both(
        liveness.map((found) => Number(found?.tcpSocket?.port) === 80),
        cart.path(`${CONTAINER}.livenessProbe.initialDelaySeconds`).is(10),
      ),
    ),
    works: now(
      both(
        both(readiness.exists(), liveness.exists()),
        both(cart.path('status.updatedReplicas').is(1), cart.path('status.readyReplicas').is(1)),
      ),
    ),
  },
  hints: {
    swapped: now(cart.path(`${CONTAINER}.livenessProbe.httpGet`).exists()),
    missing: held(both(readiness.exists(), not(liveness.exists())), 2000),
  },
  solution: [patchMain('iris', 'cart', { ...READY, ...ALIVE })],
  second: [patchMain('iris', 'cart', READY), patchMain('iris', 'cart', ALIVE)],
  wrong: [
    {
      name: 'asks for the page to see whether it lives',
      deeds: [patchMain('iris', 'cart', { livenessProbe: { httpGet: { path: '/', port: 80 } } })],
      raises: 'swapped',
    },
    { name: 'forgets the second one', deeds: [patchMain('iris', 'cart', READY)], raises: 'missing' },
  ],
}

// ——— whose log is it

const isMarked = ({ metadata }: AnyObject): boolean => metadata.labels?.['state'] === 'broken'
const marked = list('pods', { namespace: 'jade' }).map((all) => all.filter(isMarked).map(({ metadata }) => metadata.name))
const logs: Step = {
  id: 'logs',
  weight: 5,
  goals: {
    found: now(marked.map((names) => names.includes('till-2'))),
    only: now(marked.map((names) => names.join() === 'till-2')),
  },
  hints: {
    other: now(marked.map((names) => names.length === 1 && names[0] !== 'till-2')),
    all: now(marked.map((names) => names.length > 1)),
  },
  solution: [
    'for pod in till-0 till-1 till-2; do kubectl logs -n jade $pod | grep -q ERROR && kubectl label pod -n jade $pod state=broken; done',
  ],
  second: ['kubectl logs -n jade till-2', `kubectl patch pod till-2 -n jade -p '{"metadata":{"labels":{"state":"broken"}}}'`],
  wrong: [
    { name: 'takes the one with a warning', deeds: ['kubectl label pod -n jade till-0 state=broken'], raises: 'other' },
    { name: 'marks all of them', deeds: ['kubectl label pod -n jade --all state=broken'], raises: 'all' },
  ],
}

// ——— an old manifest

const sweep = obj('cronjob/kelp/sweep')
const BODY = `spec.jobTemplate.${CONTAINER}`
export const OLD = `apiVersion: batch/v1beta1
kind: CronJob
metadata:
  name: sweep
  namespace: kelp
spec:
  schedule: "*/10 * * * *"
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: OnFailure
          containers:
            - name: sweep
              image: busybox:1.36
              command: [sh, -c, "echo swept"]
`
const old: Step = {
  id: 'old',
  weight: 5,
  goals: {
    stored: now(sweep.exists()),
    same: now(
      both(
        sweep.path('spec.schedule').is('*/10 * * * *'),
        sweep.path(`${BODY}.command`).map((words) => words?.join(' ') === 'sh -c echo swept'),
      ),
    ),
  },
  hints: {
    job: now(count('jobs', { namespace: 'kelp' }).atLeast(1)),
    otherwise: now(both(sweep.exists(), sweep.path('spec.schedule').isNot('*/10 * * * *'))),
  },
  solution: ["sed -i 's#batch/v1beta1#batch/v1#' old/sweep.yaml", 'kubectl apply -f old/sweep.yaml'],
  second: ["sed 's#v1beta1#v1#' old/sweep.yaml | kubectl create -f -"],
  wrong: [
    {
      name: 'makes a Job of it',
      deeds: [
        "sed 's#batch/v1beta1#batch/v1#; s/CronJob/Job/; /schedule/d; /jobTemplate/,+1d' old/sweep.yaml | kubectl apply --validate=false -f - || kubectl create job sweep -n kelp --image=busybox:1.36 -- echo swept",
      ],
      raises: 'job',
    },
    {
      name: 'writes it anew, otherwise',
      deeds: ['kubectl create cronjob sweep -n kelp --image=busybox:1.36 --schedule="0 * * * *" -- echo swept'],
      raises: 'otherwise',
    },
  ],
}

// ——— settings and a secret

const app = obj('deployment/lotus/app')
const secret = obj('secret/lotus/bank')
const settings = obj('configmap/lotus/settings')
const password = app
  .path(`${CONTAINER}.env`)
  .map((all: { name: string; value?: string; valueFrom?: { secretKeyRef?: { name: string } } }[] | undefined) =>
    all?.find(({ name }) => name === 'PIN'),
  )
const fromSecret = password.map((found) => found?.valueFrom?.secretKeyRef?.name === 'bank')
const mounts = app.path(POD).map((spec) => {
  const volume = (spec?.volumes ?? []).find((each: { configMap?: { name: string } }) => each.configMap?.name === 'settings')?.name
  return (spec?.containers?.[0]?.volumeMounts ?? []).some(
    (each: { name: string; mountPath: string }) => each.name === volume && /^\/etc\/settings\/?$/.test(each.mountPath),
  )
})
const SECRET = 'kubectl create secret generic bank -n lotus --from-literal=pin=4711'
const SETTINGS = 'kubectl create configmap settings -n lotus --from-literal=colour=green'
const MOUNT = {
  volumes: [{ name: 'settings', configMap: { name: 'settings' } }],
  containers: [{ name: 'main', volumeMounts: [{ name: 'settings', mountPath: '/etc/settings' }] }],
}
const PIN = { env: [{ name: 'PIN', valueFrom: { secretKeyRef: { name: 'bank', key: 'pin' } } }] }
const config: Step = {
  id: 'config',
  weight: 6,
  goals: {
    secret: now(both(fromSecret, secret.path('data.pin').is('NDcxMQ=='))),
    file: now(both(mounts, settings.path('data.colour').is('green'))),
    runs: now(
      both(both(fromSecret, mounts), both(app.path('status.updatedReplicas').is(1), app.path('status.readyReplicas').is(1))),
    ),
  },
  hints: {
    plain: now(password.map((found) => found?.value !== undefined)),
    missing: held(both(either(fromSecret, mounts), not(both(secret.exists(), settings.exists()))), 2000),
  },
  solution: [SECRET, SETTINGS, patchPods('lotus', 'app', { ...MOUNT, containers: [{ ...MOUNT.containers[0], ...PIN }] })],
  second: [SETTINGS, SECRET, patchMain('lotus', 'app', PIN), patchPods('lotus', 'app', MOUNT)],
  wrong: [
    {
      name: 'writes the number down',
      deeds: [SECRET, SETTINGS, patchPods('lotus', 'app', MOUNT), 'kubectl set env deployment/app -n lotus PIN=4711'],
      raises: 'plain',
    },
    {
      name: 'forgets to make them',
      deeds: [patchPods('lotus', 'app', { ...MOUNT, containers: [{ ...MOUNT.containers[0], ...PIN }] })],
      raises: 'missing',
    },
  ],
}

// ——— not as root

const tool = obj('deployment/maple/tool')
const context = tool
  .path(POD)
  .map((spec) => ({ ...spec?.securityContext, ...spec?.containers?.[0]?.securityContext }) as Record<string, any>)
const notRoot = context.map(({ runAsUser }) => runAsUser === 1000)
const tight = context.map(
  ({ allowPrivilegeEscalation, capabilities }) =>
    allowPrivilegeEscalation === false && capabilities?.drop?.includes('ALL') === true,
)
const TIGHT = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } }
const security: Step = {
  id: 'security',
  weight: 6,
  goals: {
    user: now(notRoot),
    tight: now(tight),
    runs: now(
      both(both(notRoot, tight), both(tool.path('status.updatedReplicas').is(1), tool.path('status.readyReplicas').is(1))),
    ),
  },
  hints: { privileged: now(context.map(({ privileged }) => privileged === true)), half: held(both(notRoot, not(tight)), 2000) },
  solution: [patchMain('maple', 'tool', { securityContext: { runAsUser: 1000, ...TIGHT } })],
  second: [
    patchPods('maple', 'tool', { securityContext: { runAsUser: 1000 }, containers: [{ name: 'main', securityContext: TIGHT }] }),
  ],
  wrong: [
    {
      name: 'gives it more instead',
      deeds: [patchMain('maple', 'tool', { securityContext: { runAsUser: 1000, privileged: true } })],
      raises: 'privileged',
    },
    { name: 'only sets the user', deeds: [patchPods('maple', 'tool', { securityContext: { runAsUser: 1000 } })], raises: 'half' },
  ],
}

// ——— an account

const SCOUT = 'system:serviceaccount:nettle:scout'
const may = (verb: string, resource: string) => can(SCOUT, verb, resource, 'nettle')
const watcher = obj('deployment/nettle/watcher')
const uses = watcher.path(`${POD}.serviceAccountName`).is('scout')
const ACCOUNT = 'kubectl create serviceaccount scout -n nettle'
const BIND = 'kubectl create rolebinding scout -n nettle --role=scout --serviceaccount=nettle:scout'
const USE = 'kubectl set serviceaccount deployment watcher scout -n nettle'
const account: Step = {
  id: 'account',
  weight: 6,
  goals: {
    may: now(both(may('list', 'pods'), may('get', 'pods'))),
    no_more: now(both(may('list', 'pods'), not(either(may('delete', 'pods'), may('get', 'secrets'))))),
    uses: now(both(uses, watcher.path('status.updatedReplicas').is(1))),
  },
  hints: { edit: now(may('delete', 'pods')), unused: held(both(may('list', 'pods'), not(uses)), 2000) },
  solution: [ACCOUNT, 'kubectl create role scout -n nettle --verb=get,list --resource=pods', BIND, USE],
  second: [
    ACCOUNT,
    USE,
    'kubectl create clusterrole scout --verb=get,list,watch --resource=pods',
    BIND.replace('--role', '--clusterrole'),
  ],
  wrong: [
    { name: 'binds edit', deeds: [ACCOUNT, BIND.replace('--role=scout', '--clusterrole=edit'), USE], raises: 'edit' },
    {
      name: 'lets nobody use it',
      deeds: [ACCOUNT, 'kubectl create role scout -n nettle --verb=get,list --resource=pods', BIND],
      raises: 'unused',
    },
  ],
}

// ——— within the budget

const batch = obj('deployment/olive/batch')
const quota = obj('resourcequota/olive/budget')
const within = quota.path('spec.hard').map((hard) => hard?.['requests.memory'] === '256Mi' && hard?.['requests.cpu'] === '500m')
const ask = (cpu: string, memory: string): string =>
  `kubectl set resources deployment batch -n olive --requests=cpu=${cpu},memory=${memory}`
const asksFor = batch.path(`${CONTAINER}.resources.requests`).exists()
const budget: Step = {
  id: 'budget',
  weight: 7,
  goals: {
    asks: now(both(asksFor, within)),
    runs: now(both(both(asksFor, within), both(batch.path('status.readyReplicas').is(2), batch.path('spec.replicas').is(2)))),
  },
  hints: {
    lifted: now(not(within)),
    large: held(both(both(asksFor, within), batch.path('status.readyReplicas').isNot(2)), 15_000),
  },
  solution: [ask('100m', '64Mi'), 'kubectl rollout restart deployment batch -n olive'],
  second: [patchMain('olive', 'batch', { resources: { requests: { cpu: '200m', memory: '100Mi' } } })],
  wrong: [
    { name: 'takes the budget away', deeds: ['kubectl delete resourcequota budget -n olive'], raises: 'lifted' },
    { name: 'asks for more than there is', deeds: [ask('400m', '200Mi')], raises: 'large' },
  ],
}

export const running: readonly Step[] = [probes, logs, old, config, security, account, budget, ...networking]

/** What each of the three has to tell. */
const TILLS = `echo opened
case $(hostname) in
  till-0) echo "WARNING: paper is running out" ;;
  till-1) echo "sold 3 loaves" ;;
  till-2) echo "ERROR: drawer is stuck" ;;
esac
sleep 86400`
const tills = object('apps/v1', 'StatefulSet', 'till', 'jade', {
  spec: {
    replicas: 3,
    podManagementPolicy: 'Parallel',
    selector: { matchLabels: { app: 'till' } },
    template: {
      metadata: { labels: { app: 'till' } },
      spec: { containers: [{ name: 'till', image: 'busybox:1.36', command: ['sh', '-c', TILLS] }] },
    },
  },
})
export const runningObjects = [
  deployment('iris', 'cart'),
  tills,
  deployment('lotus', 'app'),
  deployment('maple', 'tool', shell('sleep 86400')),
  deployment('nettle', 'watcher', shell('sleep 86400')),
  object('v1', 'ResourceQuota', 'budget', 'olive', { spec: { hard: { 'requests.cpu': '500m', 'requests.memory': '256Mi' } } }),
  deployment('olive', 'batch', { replicas: 2, ...shell('sleep 86400') }),
]
