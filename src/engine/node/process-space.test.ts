/** Containers that share a process namespace: they see, signal and look into each other. */
import { expect, test } from 'vitest'
import { Cluster } from '../cluster.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const SHELL = { name: 'shell', image: 'busybox:1.36', command: ['sleep', '3600'] }

function withPod(containers: object[], spec: object = {}): TestCluster {
  const cluster = new TestCluster()
  const metadata = { name: 'p', namespace: 'default' }
  cluster.create({ apiVersion: 'v1', kind: 'Pod', metadata, spec: { containers, ...spec } } as never)
  return cluster.settle()
}

function sh(cluster: { cluster: Cluster }, command: string, container = 'shell'): string {
  const query = `container=${container}&stdout=true&stderr=true&command=sh&command=-c&command=${encodeURIComponent(command)}`
  const session = cluster.cluster.open({ method: 'GET', path: `/api/v1/namespaces/default/pods/p/exec?${query}` })
  return session
    .take()
    .flatMap((event) => ('data' in event && event.channel < 3 ? event.data : []))
    .join('')
}

const pod = (cluster: TestCluster): any => cluster.request('GET', '/api/v1/namespaces/default/pods/p').body
const stateOf = (cluster: TestCluster, name: string): any =>
  [...pod(cluster).status.containerStatuses, ...(pod(cluster).status.ephemeralContainerStatuses ?? [])].find(
    (status: any) => status.name === name,
  )
const log = (cluster: TestCluster, container: string): string =>
  String(cluster.request('GET', `/api/v1/namespaces/default/pods/p/log?container=${container}`).body)

const PS = `PID   USER     TIME  COMMAND
    1 65535     0:00 /pause
    7 root      0:00 nginx: master process nginx -g daemon off;
   35 101       0:00 nginx: worker process
   41 root      0:00 sleep 3600
`
const both = (shell: object = {}): TestCluster =>
  withPod(
    [
      { name: 'nginx', image: 'nginx' },
      { ...SHELL, ...shell },
    ],
    { shareProcessNamespace: true },
  )

test('one container sees the processes of the other below the pause process', () => {
  const cluster = both()
  expect(sh(cluster, 'ps').split('\n').slice(0, 5).join('\n')).toBe(PS.trimEnd())
  expect(sh(cluster, 'ls /proc | grep -c "^[0-9]"; cat /proc/7/comm; pidof nginx')).toBe('7\nnginx\n35 7\n')
})

test('nginx is told to read its configuration anew, and has another worker', () => {
  const cluster = both()
  expect(log(cluster, 'nginx')).toContain('[notice] 7#7: start worker process 35\n')
  sh(cluster, 'ps; kill -HUP 7')
  cluster.run(1)
  expect(log(cluster, 'nginx')).toContain('[notice] 7#7: signal 1 (SIGHUP) received, reconfiguring\n')
  expect(sh(cluster, 'ps | grep worker')).not.toContain('   35 101')
  expect(sh(cluster, 'ps | grep -c "[w]orker"')).toBe('1\n')
})

test('the files of the other container lie below /proc/PID/root', () => {
  const cluster = both()
  expect(sh(cluster, 'head -3 /proc/7/root/etc/nginx/nginx.conf; ls /proc/7/root/usr/share/nginx')).toMatch(
    /^\nuser +nginx;\nworker_processes +auto;\nhtml\n$/,
  )
  sh(cluster, 'echo changed > /proc/7/root/usr/share/nginx/html/index.html')
  expect(sh(cluster, 'cat /usr/share/nginx/html/index.html; wget -qO- localhost', 'nginx')).toBe('changed\nchanged\n')
})

test('who is somebody else may see the processes, and neither signal them nor look into their files', () => {
  const cluster = both({ securityContext: { runAsUser: 1000 } })
  expect(sh(cluster, 'ps | grep -c "[m]aster"; kill 7; ls /proc/7/root')).toBe(
    "1\nsh: can't kill pid 7: Operation not permitted\nls: /proc/7/root: Permission denied\n",
  )
  expect(sh(cluster, 'cat /proc/7/cmdline | tr "\\0" " "')).toContain('nginx: master process')
})

test('a container whose first process is killed by its neighbour starts again, with other numbers', () => {
  const cluster = withPod([{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 5000'] }, SHELL], {
    shareProcessNamespace: true,
  })
  sh(cluster, 'kill 7')
  cluster.run(5)
  expect(stateOf(cluster, 'app')).toMatchObject({ restartCount: 1, lastState: { terminated: { exitCode: 143 } } })
  expect(sh(cluster, 'ps | grep "[s]leep 5000"')).toMatch(/^ +\d\d root/)
})

test('without a shared namespace nobody sees the other', () => {
  const cluster = withPod([{ name: 'nginx', image: 'nginx' }, SHELL])
  expect(sh(cluster, 'pidof nginx; echo $?; ls /proc/1/root/etc/nginx')).toMatch(/^1\nls: .*No such file/)
})

test('a first process that is not number 1 ends at SIGTERM, so its Pod is gone at once', () => {
  const cluster = withPod([SHELL], { shareProcessNamespace: true })
  cluster.request('DELETE', '/api/v1/namespaces/default/pods/p')
  cluster.run(3)
  expect(pod(cluster).code).toBe(404)
})

test('a debugging container joins the one it was started for, and ends with it', () => {
  const cluster = withPod([
    { name: 'main', image: 'busybox:1.36', command: ['sh', '-c', 'trap "exit 3" TERM; sleep 900 & wait'] },
  ])
  const debug = { ...SHELL, name: 'debug', targetContainerName: 'main' }
  cluster.cluster.request({
    method: 'PATCH',
    path: '/api/v1/namespaces/default/pods/p/ephemeralcontainers',
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
    body: { spec: { ephemeralContainers: [debug] } },
  })
  cluster.run(5)
  const seen = sh(cluster, 'ps; cat /proc/1/root/etc/hostname', 'debug')
  expect(seen).toMatch(/ {4}1 root +0:00 +sh -c trap[^]*sleep 900[^]*sleep 3600[^]*\np\n$/)
  sh(cluster, 'sleep 77 & sleep 1', 'main')
  const pids = sh(cluster, 'ps -o pid | tail -n +2', 'debug').trim().split(/\s+/)
  expect(new Set(pids).size).toBe(pids.length)
  sh(cluster, 'kill 1', 'debug')
  cluster.run(3)
  expect(stateOf(cluster, 'main').lastState.terminated.exitCode).toBe(3)
  expect(stateOf(cluster, 'debug').state.terminated).toMatchObject({ exitCode: 137, reason: 'Error' })
})

test('saved in between, it goes on the same', () => {
  const cluster = both()
  sh(cluster, 'ps')
  const again = Cluster.load(cluster.cluster.save())
  for (const each of [cluster, { cluster: again }])
    expect(sh(each, 'ps; kill -HUP 7; head -2 /proc/7/root/etc/nginx/nginx.conf')).toContain('user  nginx;')
  expect(again.save()).toBe(cluster.cluster.save())
})
