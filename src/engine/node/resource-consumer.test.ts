/** resource-consumer and its controller, as Kubernetes' own tests of autoscaling load them. */
import { expect, test } from 'vitest'
import { deployment, service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const CONSUMER = 'registry.k8s.io/e2e-test-images/resource-consumer:1.13'
const AGNHOST = 'registry.k8s.io/e2e-test-images/agnhost:2.63.0'

function loaded(replicas: number): TestCluster {
  const t = new TestCluster({ addons: ['dns', 'metrics-server'] }).run(15)
  const consumers = deployment('rc', replicas, CONSUMER)
  const limits = { cpu: '500m', memory: '200Mi' }
  Object.assign(consumers['spec'].template.spec.containers[0], { command: ['/consumer'], resources: { limits } })
  t.create(consumers)
  t.create({ ...service('rc', 'rc'), spec: { selector: { app: 'rc' }, ports: [{ port: 80, targetPort: 8080 }] } })
  const controller = deployment('rc-ctrl', 1, AGNHOST)
  controller['spec'].template.spec.containers[0].args = [
    'resource-consumer-controller',
    '--consumer-service-name=rc',
    '--consumer-service-namespace=default',
    '--consumer-port=80',
  ]
  t.create(controller)
  t.create({ ...service('rc-ctrl', 'rc-ctrl'), spec: { selector: { app: 'rc-ctrl' }, ports: [{ port: 80, targetPort: 8080 }] } })
  return t.run(30)
}

const ask = (t: TestCluster, name: string, path: string, method = 'POST'): { status: number; body: unknown } =>
  t.request(method, `/api/v1/namespaces/default/services/${name}/proxy${path}`)

/** What metrics-server tells of the consumers: milli-CPU and MiB, all of them together. */
function used(t: TestCluster): { cpu: number; memory: number } {
  const list = t.request('GET', '/apis/metrics.k8s.io/v1beta1/namespaces/default/pods?labelSelector=app%3Drc')
  const { items } = list.body as { items: { containers: { usage: { cpu: string; memory: string } }[] }[] }
  const usages = items.flatMap(({ containers }) => containers.map(({ usage }) => usage))
  const sum = (of: (each: { cpu: string; memory: string }) => string): number =>
    usages.reduce((total, each) => total + Number.parseInt(of(each), 10), 0)
  return { cpu: sum(({ cpu }) => cpu) / 1_000_000, memory: sum(({ memory }) => memory) / 1024 }
}

test('what is asked of the controller is spread over the consumers, lasts so long, and is measured', () => {
  const t = loaded(3)
  const answer = ask(t, 'rc-ctrl', '/ConsumeCPU?millicores=250&durationSec=30&requestSizeMillicores=100')
  expect(answer.status).toBe(200)
  expect(String(answer.body).split('\n').slice(0, 2)).toEqual([
    'RC manager: sending 2 requests to consume 100 millicores each and 1 request to consume 50 millicores',
    'Consumed 100 millicores',
  ])
  ask(t, 'rc-ctrl', '/ConsumeMem?megabytes=100&durationSec=30&requestSizeMegabytes=50')
  t.run(20)
  expect(used(t).cpu).toBeGreaterThan(230)
  expect(used(t).cpu).toBeLessThan(270)
  expect(used(t).memory).toBeGreaterThan(100)
  t.run(30)
  expect(used(t).cpu).toBeLessThan(10)
  expect(used(t).memory).toBeLessThan(20)
})

test('a consumer is asked by the form that wget posts', () => {
  const t = loaded(1)
  const caller = deployment('caller', 1, 'busybox:1.36')
  const post = "wget -q -O - --post-data 'millicores=200&durationSec=30' http://rc/ConsumeCPU; sleep 600"
  caller['spec'].template.spec.containers[0].command = ['sh', '-c', post]
  t.create(caller)
  t.run(25)
  expect(used(t).cpu).toBeGreaterThan(180)
})

test('a consumer that is asked for more memory than its limit is killed', () => {
  const t = loaded(1)
  ask(t, 'rc', '/ConsumeMem?megabytes=300&durationSec=30')
  t.run(3)
  const status = t.pods().find((each) => each.metadata.labels?.['app'] === 'rc')?.status?.containerStatuses?.[0]
  expect(status?.lastState?.terminated?.reason).toBe('OOMKilled')
})

test('consumers refuse what they do not understand, and show metrics that were bumped', () => {
  const t = loaded(1)
  expect(ask(t, 'rc', '/ConsumeCPU', 'GET')).toMatchObject({ status: 400, body: 'Bad request. Not a POST request\n' })
  expect(ask(t, 'rc', '/ConsumeCPU?millicores=5').body).toBe('not given function argument\n')
  expect(ask(t, 'rc', '/ConsumeCPU?millicores=five&durationSec=1').body).toBe('incorrect function argument\n')
  expect(ask(t, 'rc', '/Sleep')).toMatchObject({ status: 404, body: 'unknown function: /Sleep\n' })
  ask(t, 'rc-ctrl', '/BumpMetric?metric=QPS&delta=25&durationSec=20&requestSizeMetrics=10')
  expect(ask(t, 'rc', '/metrics', 'GET').body).toBe('# HELP QPS info message.\n# TYPE QPS gauge\nQPS 25.000000\n')
  t.run(21)
  expect(ask(t, 'rc', '/metrics', 'GET').body).toContain('\nQPS 0.000000\n')
})
