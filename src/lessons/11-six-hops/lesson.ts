/** Lesson 11.3: one of six hops between a caller and its answer is broken; which one follows from the seed. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, both, count, held, isReady, list, not, now, obj, reach, Value } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const HOPS = ['service', 'port', 'policy', 'ready', 'name', 'pods'] as const
type Hop = (typeof HOPS)[number]
const hopOf = (seed: string): Hop => HOPS[pick(seed, HOPS.length)] as Hop

const labelled = (name: string, namespace?: string): object => ({
  name,
  ...(namespace ? { namespace } : {}),
  labels: { app: name },
})

const shop = (hop: Hop): object => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: labelled('shop'),
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'shop' } },
    template: {
      metadata: { labels: { app: 'shop' } },
      spec: {
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            ...(hop === 'pods' ? { command: ['nginx-debugg', '-g', 'daemon off;'] } : {}),
            readinessProbe: { httpGet: { path: hop === 'ready' ? '/healthz' : '/', port: 80 }, periodSeconds: 2 },
          },
        ],
      },
    },
  },
})

const start = (seed: string): Start => {
  const hop = hopOf(seed)
  return {
    objects: [
      shop(hop),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: labelled('shop'),
        spec: {
          selector: { app: hop === 'service' ? 'shopp' : 'shop' },
          ports: [{ port: 80, targetPort: hop === 'port' ? 8080 : 80 }],
        },
      },
      {
        apiVersion: 'networking.k8s.io/v1',
        kind: 'NetworkPolicy',
        metadata: { name: 'shop' },
        spec: {
          podSelector: { matchLabels: { app: 'shop' } },
          ingress: [{ from: [{ podSelector: { matchLabels: { app: hop === 'policy' ? 'customer' : 'caller' } } }] }],
        },
      },
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: labelled('caller'),
        spec: {
          containers: [
            {
              name: 'caller',
              image: 'busybox:1.36',
              command: ['sh', '-c', 'while true; do wget -qO- -T 2 http://shop >/dev/null; sleep 2; done'],
            },
          ],
        },
      },
    ] as unknown as AnyObject[],
    patches: hop === 'name' ? [{ object: 'deployments/kube-system/coredns', patch: { spec: { replicas: 0 } } }] : [],
    warmUp: 40_000,
  }
}

const service = obj('service/shop')
const deployment = obj('deployment/shop')
const container = deployment.path('spec.template.spec.containers.0')
const policy = obj('networkpolicy/shop')
const pods = list('pods', { labels: 'app=shop' }).map((all) => all.filter(({ metadata }) => !metadata.deletionTimestamp))
const dns = count('pods', { namespace: 'kube-system', labels: 'k8s-app=kube-dns', is: isReady })

/** The first hop that is not well, as things are now. */
const parts = [service, container, policy, pods, dns]
const broken = new Value(
  parts.flatMap(({ needs }) => needs),
  (view): Hop | 'none' => {
    const spec = service.read(view)?.['spec'] ?? {}
    if (dns.read(view) === 0) return 'name'
    if (spec.selector?.app !== 'shop') return 'service'
    const all = pods.read(view)
    const runs = (pod: AnyObject): boolean =>
      (pod['status']?.containerStatuses ?? []).some((each: any) => each.started && each.state?.running)
    if (!all.some(runs)) return 'pods'
    if (!all.some(isReady)) return 'ready'
    if (String(spec.ports?.[0]?.targetPort) !== '80') return 'port'
    return JSON.stringify(policy.read(view)?.['spec'].ingress ?? []).includes('customer') ? 'policy' : 'none'
  },
)
const hop = answer('hop', broken)
const probe = container.map((it) => it?.readinessProbe !== undefined)
const port = service.path('spec.ports.0.port')
const fenced = count('networkpolicies', { is: ({ metadata }) => metadata.namespace === 'default' }).atLeast(1)

const DIAGNOSE = `if ! kubectl exec caller -- nslookup shop.default.svc.cluster.local >/dev/null 2>&1; then echo name
elif [ "$(kubectl get service shop -o jsonpath='{.spec.selector.app}')" != shop ]; then echo service
elif kubectl get pods -l app=shop | grep -q 'CrashLoop\\|Error'; then echo pods
elif ! kubectl get pods -l app=shop | grep -q '1/1'; then echo ready
elif [ "$(kubectl get service shop -o jsonpath='{.spec.ports[0].targetPort}')" != 80 ]; then echo port
else echo policy
fi`
const CONTAINER = (probes: string): string =>
  `kubectl patch deployment shop -p '{"spec":{"template":{"spec":{"containers":[{"name":"web","command":null,"readinessProbe":${probes}}]}}}}'`
const SERVICE = (to: number): string =>
  `kubectl patch service shop -p '{"spec":{"selector":{"app":"shop"},"ports":[{"port":80,"targetPort":${to}}]}}'`
const POLICY = `kubectl patch networkpolicy shop --type=merge -p '{"spec":{"ingress":[{"from":[{"podSelector":{"matchLabels":{"app":"caller"}}}]}]}}'`
const DNS = 'kubectl scale deployment coredns -n kube-system --replicas=2'
const ROOT = '{"httpGet":{"path":"/","port":80}}'
const REPLACED = `kubectl get service shop -o yaml | sed 's/shopp/shop/; s/targetPort: 8080/targetPort: 80/' | kubectl replace -f -`

export default lesson({
  start,
  steps: [
    {
      id: 'name',
      goals: { hop },
      hints: { hop: hop.wrong(), early: now(broken.is('none')) },
      solution: [{ answer: 'hop', from: DIAGNOSE }],
      second: [
        { answer: 'hop', is: 'policy' },
        { answer: 'hop', from: DIAGNOSE },
      ],
      wrong: [
        { name: 'guesses', deeds: [{ answer: 'hop', is: 'policy' }], raises: 'hop' },
        {
          name: 'mends at random before naming it',
          deeds: [CONTAINER(ROOT), SERVICE(80), POLICY, DNS, { wait: 30_000 }],
          raises: 'early',
        },
      ],
    },
    {
      id: 'mend',
      goals: {
        answered: reach('caller', 'shop'),
        kept: now(both(probe, fenced, port.is(80), service.exists())),
      },
      hints: {
        probe: now(both(deployment.exists(), not(probe))),
        open: now(not(fenced)),
        port: now(both(service.exists(), port.isNot(80))),
        still: after(held(both(probe, fenced), 30_000), reach('caller', 'shop').fails()),
      },
      solution: [CONTAINER(ROOT), SERVICE(80), POLICY, DNS, { wait: 30_000 }],
      second: [REPLACED, CONTAINER('{"tcpSocket":{"port":80},"httpGet":null}'), POLICY, DNS, { wait: 30_000 }],
      wrong: [
        { name: 'takes the probe away', deeds: [CONTAINER('null'), { wait: 5000 }], raises: 'probe' },
        { name: 'tears the fence down', deeds: ['kubectl delete networkpolicy shop', { wait: 5000 }], raises: 'open' },
        {
          name: 'changes where it is called',
          deeds: [`kubectl patch service shop --type=json -p '[{"op":"replace","path":"/spec/ports/0/port","value":8080}]'`],
          raises: 'port',
        },
        { name: 'waits', deeds: [{ wait: 40_000 }], raises: 'still' },
      ],
    },
  ],
})
