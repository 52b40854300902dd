/** What a kubelet shows through the API server's proxy; the words are those of a real kubelet. */
import { beforeAll, describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const cluster = new TestCluster({ nodes: 1 })
const ask = (page: string) => cluster.request('GET', `/api/v1/nodes/node-1/proxy/${page}`)
const text = (page: string) => String(ask(page).body)

beforeAll(() => {
  const limits = { cpu: '500m', memory: '64Mi' }
  const main = { name: 'main', image: 'nginx:1.27', resources: { limits }, readinessProbe: { httpGet: { port: 80 } } }
  const side = { name: 'side', image: 'busybox:1.36', command: ['sh', '-c', 'echo hi; sleep 10000'] }
  const spec = { containers: [main, side], volumes: [{ name: 'e', emptyDir: {} }] }
  cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web', namespace: 'default' }, spec } as never)
  cluster.settle()
  cluster.run(60_000)
})

describe('what a kubelet tells of use', () => {
  it('sums up its node, its pods, and their containers', () => {
    const { node, pods } = JSON.parse(text('stats/summary')) as AnyObject
    expect(node).toMatchObject({ nodeName: 'node-1', fs: { capacityBytes: 270_553_174_016 } })
    const [pod] = pods
    expect(pod.podRef).toMatchObject({ name: 'web', namespace: 'default' })
    expect(pod.containers.map(({ name }: { name: string }) => name)).toEqual(['main', 'side'])
    const used = pod.containers.map((each: AnyObject) => each['memory'].workingSetBytes)
    expect(pod.memory.workingSetBytes).toBe(used[0] + used[1])
    expect(pod.containers[0].memory.availableBytes).toBe(64 * 1_048_576 - used[0])
    expect(node.memory.workingSetBytes).toBeGreaterThan(pod.memory.workingSetBytes)
    expect(pod.volume.map(({ name }: { name: string }) => name)).toContain('e')
  })

  it('leaves disks out when only CPU and memory are asked for', () => {
    const [pod] = JSON.parse(text('stats/summary?only_cpu_and_memory=true')).pods
    expect(Object.keys(pod)).toEqual(['podRef', 'startTime', 'containers', 'cpu', 'memory'])
  })

  it('gives metrics-server its lines', () => {
    const { headers } = ask('metrics/resource')
    expect(headers['content-type']).toBe('text/plain; version=0.0.4; charset=utf-8; escaping=underscores')
    const lines = text('metrics/resource').split('\n')
    expect(lines[0]).toBe(
      '# HELP container_cpu_usage_seconds_total [STABLE] Cumulative cpu time consumed by the container in core-seconds',
    )
    const main = /^container_memory_working_set_bytes\{container="main",namespace="default",pod="web"\} \d\S+ \d{13}$/
    expect(lines.filter((line) => main.test(line))).toHaveLength(1)
    expect(lines).toContain('resource_scrape_error 0')
  })

  it('grows where time is counted', () => {
    const seconds = () => Number(/^node_cpu_usage_seconds_total (\S+)/m.exec(text('metrics/resource'))?.[1])
    const before = seconds()
    cluster.run(10_000)
    expect(seconds()).toBeGreaterThan(before)
  })

  it('tells of limits as cadvisor does, and of probes', () => {
    expect(text('metrics/cadvisor')).toMatch(/^container_spec_cpu_quota\{container="main",.*pod="web"\} 50000 /m)
    expect(text('metrics/probes')).toMatch(
      /^prober_probe_total\{container="main",.*probe_type="Readiness",result="successful"\} [1-9]/m,
    )
  })
})

describe('what a kubelet has counted', () => {
  const count = (metric: string) =>
    Number(new RegExp(`^kubelet_${metric.replace(/[{}]/g, '\\$&')} (\\d+)$`, 'm').exec(text('metrics'))?.[1])
  const play = (name: string, command: string[], more: object) => {
    const spec = { restartPolicy: 'Never', ...more, containers: [{ name: 'main', image: 'busybox:1.36', command }] }
    cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'default' }, spec } as never)
    cluster.run(15_000)
  }

  it('are the ends of containers, by how they ended', () => {
    const ends = 'terminated_containers_total{container_type="container",exit_code="139",reason="Error"}'
    expect(count(ends)).toBeNaN()
    play('crash', ['sh', '-c', 'exit 139'], {})
    expect(count(ends)).toBe(1)
    cluster.run(60_000)
    expect(count(ends)).toBe(1)
  })

  it('are pods with users of their own, and those of them that fail', () => {
    const now = () =>
      ['pods_total', 'user_namespaced_pods_total', 'user_namespaced_pods_errors_total'].map((each) => count(`started_${each}`))
    const [pods = 0] = now()
    play('well', ['true'], { hostUsers: false })
    expect(now()).toEqual([pods + 1, 1, 0])
    play('bogus', ['bogus'], { hostUsers: false })
    expect(now()).toEqual([pods + 2, 2, 1])
    expect(count('started_containers_errors_total{container_type="container",code="RunContainerError"}')).toBe(1)
    play('shared', ['bogus'], {})
    expect(now()).toEqual([pods + 3, 2, 1])
  })
})

describe('the pages of a kubelet', () => {
  it('are those of the real one, and no others', () => {
    expect(text('healthz?verbose')).toBe('[+]ping ok\n[+]log ok\n[+]syncloop ok\n[+]device-plugin ok\nhealthz check passed\n')
    expect(JSON.parse(text('configz')).kubeletconfig).toMatchObject({ kind: 'KubeletConfiguration', maxPods: 110 })
    expect(ask('nix')).toMatchObject({ status: 404, body: '404 page not found\n' })
    expect(ask('exec')).toMatchObject({ status: 404, body: '404: Page Not Found' })
    const { status, headers, body } = ask('logs')
    expect([status, headers['location']]).toEqual([307, '/api/v1/nodes/node-1/proxy/logs/'])
    expect(body).toBe('<a href="/logs/">Temporary Redirect</a>.\n\n')
  })

  it('hold logs: as the API gives them, and as files', () => {
    expect(text('containerLogs/default/web/side')).toBe('hi\n')
    expect(ask('containerLogs/default/web/nix')).toMatchObject({ status: 404, body: 'container "nix" not found in pod "web"' })
    expect(ask('containerLogs/default/nix/side')).toMatchObject({ status: 404, body: 'pod "nix" does not exist' })
    const [, file = ''] = /"(web_default_side-\w+\.log)"/.exec(text('logs/containers/')) ?? []
    expect(text(`logs/containers/${file}`)).toMatch(/^\S+Z stdout F hi\n$/)
  })
})
