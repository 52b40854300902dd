/** Lesson 10.8: a machine joins by a token; then an upgrade in the only order there is: control plane first, kubelets after. */
import type { AnyObject } from '#api/meta.ts'
import { after, always, answered, both, count, eventually, held, isReady, list, not, now, obj, Value } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
} as unknown as AnyObject

const [OLD, NEW] = ['v1.35.4', 'v1.36.3']
const SYSTEM = 'kube-system'

// ——— who has joined

const node2 = obj('node/node-2')
const kubelet2 = node2.path('status.nodeInfo.kubeletVersion')
const isNodeReady = (node: AnyObject): boolean =>
  ((node['status']?.conditions ?? []) as { type: string; status: string }[]).some(
    (c) => c.type === 'Ready' && c.status === 'True',
  )
const ready2 = node2.map((it) => it !== undefined && isNodeReady(it))
const tokens = count('secrets', { namespace: SYSTEM, is: ({ metadata }) => metadata.name.startsWith('bootstrap-token-') })
const requests = count('certificatesigningrequests')
const made = eventually(tokens.atLeast(1))

// ——— which versions run

/** `v1.36.3`: minor and patch as one number. */
const rank = (version: string): number => {
  const [minor = 0, patch = 0] = version.replace(/^v1\./, '').split('.').map(Number)
  return minor * 1000 + patch
}
const parts = list('pods', { namespace: SYSTEM, labels: 'tier=control-plane' })
const versionOf = (component: string): Value<string> =>
  parts.map((pods) => {
    const pod = pods.find(({ metadata }) => metadata.labels?.['component'] === component)
    return String(pod?.['spec'].containers[0].image ?? '').split(':')[1] ?? ''
  })
const [server, manager, scheduler] = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler'].map(versionOf) as [
  Value<string>,
  Value<string>,
  Value<string>,
]
const runs = (component: string) => count('pods', { namespace: SYSTEM, labels: `component=${component}`, is: isReady }).atLeast(1)
const controlPlane = both(server.is(NEW), manager.is(NEW), scheduler.is(NEW), runs('kube-apiserver'), runs('kube-scheduler'))
const half = both(server.is(NEW), not(both(manager.is(NEW), scheduler.is(NEW))))

const nodes = list('nodes')
const kubeletOf = ({ status }: AnyObject & { status?: any }): string => status?.nodeInfo?.kubeletVersion ?? ''
const kubelets = nodes.map((all) => new Map(all.map((node) => [node.metadata.name, kubeletOf(node)])))
/** While its Pod is being replaced, nobody can tell. */
const newer = new Value([...nodes.needs, ...server.needs], (view) => {
  const serves = server.read(view)
  return serves !== '' && [...kubelets.read(view).values()].some((each) => each !== '' && rank(each) > rank(serves))
})
const allNew = kubelets.map((all) => all.size >= 3 && [...all.values()].every((each) => each === NEW))
const workersNew = kubelets.map((all) => [...all].every(([name, each]) => each === NEW || name === 'control-plane'))
const closed = nodes.map((all) => all.filter((node) => node['spec'].unschedulable === true))
const emptyAndOld = closed.map((all) => all.some((node) => kubeletOf(node) === OLD))
const checked = count('jobs', { namespace: SYSTEM, is: ({ metadata }) => metadata.name.startsWith('upgrade-health-check-') })

// ——— what is typed

const TOKEN = 'ssh control-plane kubeadm token create --print-join-command > join'
const JOIN = 'ssh node-2 "$(cat join)"'
const INSTALL = 'ssh control-plane apt-get install -y kubeadm=1.36.3-1.1'
const APPLY = 'ssh control-plane kubeadm upgrade apply v1.36.3 -y'
const renew = (machine: string): string =>
  `ssh ${machine} "apt-get install -y kubeadm='1.36.3-*' kubelet='1.36.3-*' && kubeadm upgrade node && systemctl restart kubelet"`
const upgradeWorker = (machine: string): Deed[] => [
  `kubectl drain ${machine} --ignore-daemonsets`,
  renew(machine),
  `kubectl uncordon ${machine}`,
]
const NODE = `cat > node.yaml <<'END'
apiVersion: v1
kind: Node
metadata:
  name: node-2
END
kubectl apply -f node.yaml`

export default lesson({
  start: {
    objects: [deployment],
    faults: [{ after: 0, fault: { kind: 'node-add', name: 'node-2', bare: true } }],
    warmUp: 30_000,
  },
  steps: [
    {
      id: 'join',
      goals: { guess: answered('guess'), joined: eventually(both(ready2, kubelet2.is(OLD))) },
      hints: {
        unused: after(made, held(both(tokens.atLeast(1), requests.is(0), not(node2.exists())), 40_000)),
        byhand: now(both(node2.exists(), not(kubelet2.map((it) => Boolean(it)).is(true)))),
        expired: after(made, now(both(tokens.is(0), not(node2.exists())))),
      },
      chain: {
        token: { who: 'learner', verb: 'create', object: 'secrets/bootstrap-token-*' },
        asked: { who: 'newcomer', verb: 'create', object: 'certificatesigningrequests/node-csr-*' },
        signed: { who: 'certificate-controller', verb: 'update', object: 'certificatesigningrequests/@asked/status' },
        registered: { who: 'kubelet', verb: 'create', object: 'nodes/node-2' },
      },
      solution: [{ answer: 'guess', is: 'hash' }, TOKEN, JOIN, { wait: 20_000 }],
      second: [
        'ssh control-plane kubeadm token create abcdef.0123456789abcdef --ttl 10m',
        'ssh node-2 kubeadm join 172.18.0.1:6443 --token abcdef.0123456789abcdef --discovery-token-unsafe-skip-ca-verification',
        { answer: 'guess', is: 'address' },
        { wait: 20_000 },
      ],
      wrong: [
        {
          name: 'joins a machine that has joined',
          deeds: [TOKEN, 'ssh node-1 "$(cat join)"', { wait: 45_000 }],
          raises: 'unused',
        },
        { name: 'writes a Node', deeds: [{ answer: 'guess', is: 'hash' }, NODE], raises: 'byhand' },
        {
          name: 'takes the token away',
          deeds: [TOKEN, 'ssh control-plane kubeadm token delete $(grep -o "[a-z0-9]\\{6\\}[.]" join | tr -d .)'],
          raises: 'expired',
        },
      ],
    },
    {
      id: 'control',
      goals: { guess2: answered('guess2'), upgraded: eventually(controlPlane), order: always(not(newer)) },
      hints: {
        refused: after(eventually(checked.atLeast(1)), held(both(server.is('v1.36.1'), not(newer)), 45_000)),
        half: held(half, 60_000),
        newer: eventually(newer),
      },
      solution: [{ answer: 'guess2', is: 'same' }, 'ssh control-plane kubeadm upgrade plan', INSTALL, APPLY, { wait: 20_000 }],
      second: [
        { answer: 'guess2', is: 'all' },
        INSTALL,
        'echo y | ssh control-plane kubeadm upgrade apply v1.36.3',
        { wait: 20_000 },
      ],
      wrong: [
        { name: 'begins with a kubelet', deeds: [renew('node-1'), { wait: 5000 }], raises: 'newer' },
        { name: 'forgets kubeadm itself', deeds: [APPLY, { wait: 50_000 }], raises: 'refused' },
        {
          name: 'changes one manifest by hand',
          deeds: ['ssh control-plane sed -i s/v1.36.1/v1.36.3/ /etc/kubernetes/manifests/kube-apiserver.yaml', { wait: 110_000 }],
          raises: 'half',
        },
      ],
    },
    {
      id: 'machines',
      goals: {
        guess3: answered('guess3'),
        kubelets: eventually(allNew),
        open: now(
          both(
            allNew,
            closed.map((all) => all.length === 0),
          ),
        ),
      },
      hints: {
        installed: held(emptyAndOld, 90_000),
        last: now(both(workersNew, not(allNew))),
        closed: held(
          both(
            allNew,
            closed.map((all) => all.length > 0),
          ),
          5000,
        ),
      },
      solution: [
        { answer: 'guess3', is: 'old' },
        ...upgradeWorker('node-1'),
        ...upgradeWorker('node-2'),
        renew('control-plane'),
        { wait: 10_000 },
      ],
      second: [{ answer: 'guess3', is: 'new' }, renew('control-plane'), renew('node-2'), renew('node-1'), { wait: 10_000 }],
      wrong: [
        {
          name: 'does not restart it',
          deeds: [
            'kubectl drain node-1 --ignore-daemonsets',
            `ssh node-1 "apt-get install -y kubeadm='1.36.3-*' kubelet='1.36.3-*' && kubeadm upgrade node"`,
            { wait: 100_000 },
          ],
          raises: 'installed',
        },
        { name: 'forgets the control plane’s', deeds: [...upgradeWorker('node-1'), ...upgradeWorker('node-2')], raises: 'last' },
        {
          name: 'leaves a machine closed',
          deeds: [
            { answer: 'guess3', is: 'old' },
            'kubectl cordon node-1',
            renew('node-1'),
            renew('node-2'),
            renew('control-plane'),
            { wait: 15_000 },
          ],
          raises: 'closed',
        },
      ],
    },
  ],
})
