/** What one finds when one looks into containers: one story, wherever one looks. */
import { expect, test } from 'vitest'
import { Cluster } from '../cluster.ts'
import { TestCluster } from '../testing/test-cluster.ts'

function withPod(container: object, spec: object = {}): TestCluster {
  const cluster = new TestCluster()
  cluster.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'p', namespace: 'default' },
    spec: { containers: [{ name: 'main', image: 'busybox:1.36', ...container }], ...spec },
  } as never)
  return cluster.settle()
}

function sh(cluster: TestCluster, command: string, container = 'main'): string {
  const query = `container=${container}&stdout=true&stderr=true&command=sh&command=-c&command=${encodeURIComponent(command)}`
  const session = cluster.cluster.open({ method: 'GET', path: `/api/v1/namespaces/default/pods/p/exec?${query}` })
  return session
    .take()
    .flatMap((event) => ('data' in event && event.channel < 3 ? event.data : []))
    .join('')
}

const log = (cluster: TestCluster, container = 'main'): string =>
  String(cluster.request('GET', `/api/v1/namespaces/default/pods/p/log?container=${container}`).body)
const pod = (cluster: TestCluster): any => cluster.request('GET', '/api/v1/namespaces/default/pods/p').body

test('a script is process 1, and what is executed stands beside it', () => {
  const cluster = withPod({ command: ['sh', '-c', 'while true; do sleep 60; done'] })
  expect(sh(cluster, 'ps')).toMatch(/ {4}1 root +0:00 +sh -c while true.*\n +\d+ root +0:00 +sleep 60\n +\d+ root +0:00 +ps\n/)
  expect(sh(cluster, 'cat /proc/1/cmdline | tr "\\0" " "; hostname; env | grep HOSTNAME; echo $HOME')).toBe(
    'sh -c while true; do sleep 60; done p\nHOSTNAME=p\n/root\n',
  )
})

test('what is asked for may itself hold a question', () => {
  const cluster = withPod({ image: 'registry.k8s.io/e2e-test-images/agnhost:2.56', args: ['netexec', '--http-port=80'] })
  expect(sh(cluster, "curl -s 'http://localhost/dial?request=echo?msg=hi&protocol=http&host=localhost&port=80&tries=1'")).toBe(
    '{"responses":["hi"]}',
  )
})

test('process 1 of a server is seen, and can be told to end', () => {
  const cluster = withPod({ image: 'nginx:1.27' }, { restartPolicy: 'Never' })
  expect(sh(cluster, 'ps | head -2 | tail -1; wget -qO- localhost')).toMatch(
    / {4}1 root +0:00 +.*nginx -g daemon off;\n[^]*Welcome to nginx!/,
  )
  sh(cluster, 'kill 1')
  cluster.run(5)
  expect(pod(cluster).status.phase).toBe('Succeeded')
})

test('a server that a script starts answers, and writes into the log', () => {
  const cluster = withPod({
    image: 'nginx:1.27',
    command: ['sh', '-c', 'echo "hello" > /usr/share/nginx/html/index.html; nginx -g "daemon off;"'],
  })
  expect(sh(cluster, 'wget -qO- http://localhost/; ps | grep -c "[n]ginx -g daemon"')).toMatch(/^hello\n1\n$/)
  expect(log(cluster)).toContain('"GET / HTTP/1.1" 200')
})

test('wget tells the server what it says, by the letter and by the long name', () => {
  const cluster = withPod({ image: 'nginx:1.27' })
  const line = (option: string) => sh(cluster, `wget ${option} -O /dev/null http://localhost/ 2>&1 | awk '/^  HTTP/{print $2}'`)
  expect([line('-S'), line('--server-response')]).toEqual(['200\n', '200\n'])
})

test('commands take simulated time, side by side', () => {
  const cluster = withPod({ command: ['sh', '-c', 'sleep 3 & sleep 5 & wait; echo both; date +%s'] }, { restartPolicy: 'Never' })
  cluster.run(10)
  const { startedAt, finishedAt } = pod(cluster).status.containerStatuses[0].state.terminated
  expect((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000).toBe(5)
  expect(log(cluster)).toMatch(/^both\n\d+\n$/)
})

test('containers of a pod share a volume: one follows what the other writes', () => {
  const mount = { volumeMounts: [{ name: 'v', mountPath: '/var/log' }] }
  const cluster = withPod(
    { command: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo "line $i" >> /var/log/app.log; sleep 5; done'], ...mount },
    {
      containers: [
        {
          name: 'main',
          image: 'busybox:1.36',
          command: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo "line $i" >> /var/log/app.log; sleep 5; done'],
          ...mount,
        },
        { name: 'side', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 1; tail -n +1 -f /var/log/app.log'], ...mount },
      ],
      volumes: [{ name: 'v', emptyDir: {} }],
    },
  )
  cluster.run(12)
  expect(log(cluster, 'side')).toMatch(/^line 1\nline 2\nline 3\n/)
})

test('a signal reaches a trap, and the exit code is the script’s', () => {
  const cluster = withPod(
    { command: ['sh', '-c', 'trap "echo bye; exit 7" TERM; while true; do sleep 1; done'] },
    { restartPolicy: 'Never' },
  )
  sh(cluster, 'kill 1')
  cluster.run(5)
  expect(pod(cluster).status.containerStatuses[0].state.terminated.exitCode).toBe(7)
  expect(log(cluster)).toBe('bye\n')
})

test('memory that is filled without end ends the container', () => {
  const cluster = withPod(
    { command: ['sh', '-c', 'tail /dev/zero'], resources: { limits: { memory: '50Mi' } } },
    { restartPolicy: 'Never' },
  )
  cluster.run(60)
  expect(pod(cluster).status.containerStatuses[0].state.terminated).toMatchObject({ exitCode: 137, reason: 'OOMKilled' })
})

test('a loop without end leaves the world going', () => {
  const cluster = withPod({ command: ['sh', '-c', 'while :; do :; done'] })
  const before = performance.now()
  cluster.run(600)
  expect(pod(cluster).status.phase).toBe('Running')
  expect(performance.now() - before).toBeLessThan(20_000)
})

test('output without end does not fill the memory', () => {
  const cluster = withPod({ command: ['sh', '-c', 'yes'] })
  cluster.run(120)
  expect(log(cluster).length).toBeLessThan(10_000_000)
})

test('a world with shells at work is saved and goes on identically', () => {
  const cluster = withPod({
    command: ['sh', '-c', 'i=0; while true; do i=$((i+1)); echo $i | sed s/^/n/ >> /tmp/out; sleep 2; done'],
  })
  sh(cluster, 'echo x > /tmp/mine; sleep 1 &')
  const again = Cluster.load(cluster.cluster.save())
  for (const each of [cluster.cluster, again]) each.run(30_000)
  expect(again.save()).toBe(cluster.cluster.save())
  expect(sh(cluster, 'tail -n 1 /tmp/out; cat /tmp/mine')).toMatch(/^n1\d\nx\n$/)
})

test('tar packs and unpacks, names and modes', () => {
  const cluster = withPod({ command: ['sleep', '1000'] })
  expect(
    sh(
      cluster,
      'mkdir -p a/b; echo hi > a/b/f; chmod 600 a/b/f; tar cf - a | (mkdir /x; cd /x; tar xmf -); ls -l /x/a/b; cat /x/a/b/f',
    ),
  ).toMatch(/^total 4\n-rw------- +1 root +root +3 .* f\nhi\n$/)
})

test('agnhost reads mounts, and tells its arguments', () => {
  const run = (args: string[], more: object = {}, spec: object = {}): string => {
    const cluster = withPod(
      { image: 'registry.k8s.io/e2e-test-images/agnhost:2.56', args, ...more },
      { restartPolicy: 'Never', ...spec },
    )
    cluster.run(5)
    return log(cluster)
  }
  const mounted = { volumeMounts: [{ name: 'v', mountPath: '/test-volume' }] }
  const volumes = { volumes: [{ name: 'v', emptyDir: { medium: 'Memory' } }] }
  expect(
    run(
      ['mounttest', '--fs_type=/test-volume', '--new_file_0644=/test-volume/f', '--file_perm=/test-volume/f'],
      mounted,
      volumes,
    ),
  ).toBe(
    'mount type of "/test-volume": tmpfs\ncontent of file "/test-volume/f": mount-tester new file\n\nperms of file "/test-volume/f": -rw-r--r--\n',
  )
  const asUser = { ...volumes, securityContext: { runAsUser: 1001, fsGroup: 123 } }
  const looks = ['--file_mode=/test-volume', '--file_owner=/test-volume', '--file_content=/root/x', '--new_file_0660=/etc/x']
  expect(run(['mounttest', ...looks], mounted, asUser)).toBe(
    [
      'error writing new file "/etc/x": open /etc/x: permission denied',
      'mode of file "/test-volume": dgtrwxrwxrwx',
      'owner UID of "/test-volume": 0',
      'owner GID of "/test-volume": 123',
      'error reading file content for "/root/x": open /root/x: permission denied\n',
    ].join('\n'),
  )
  expect(run(['entrypoint-tester', 'a', 'b'])).toBe('[/agnhost entrypoint-tester a b]\n')
})

test('agnhost finds out whether a token is its issuer’s', () => {
  const validated = (audience: string): string => {
    const cluster = new TestCluster({ addons: ['dns'] })
    const main = {
      name: 'main',
      image: 'registry.k8s.io/e2e-test-images/agnhost:2.56',
      args: ['test-service-account-issuer-discovery', '--token-path', '/var/run/secrets/own/t', '--audience', 'me'],
      volumeMounts: [{ name: 'v', mountPath: '/var/run/secrets/own' }],
    }
    const volumes = [{ name: 'v', projected: { sources: [{ serviceAccountToken: { path: 't', audience } }] } }]
    cluster.run(60).create({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: { name: 'p', namespace: 'default' },
      spec: { containers: [main], volumes, restartPolicy: 'Never' },
    } as never)
    cluster.run(10)
    return `${pod(cluster).status.phase}\n${log(cluster)}`
  }
  expect(validated('me')).toMatch(/^Succeeded\n[^]*OK: Validated signature on JWT\n/)
  expect(validated('you')).toMatch(
    /^Failed\n[^]*failed to validate with in-cluster discovery: oidc: expected audience "me" got \["you"\]/,
  )
})

test('agnhost’s netexec runs shells and asks others', () => {
  const cluster = withPod({
    image: 'registry.k8s.io/e2e-test-images/agnhost:2.56',
    args: ['netexec'],
    ports: [{ containerPort: 8080 }],
  })
  expect(sh(cluster, "curl -s 'localhost:8080/shell?cmd=echo+hi'; curl -s 'http://localhost:8080/hostname'")).toBe(
    '{"output":"hi\\n"}p',
  )
  const ip = pod(cluster).status.podIP
  expect(sh(cluster, `curl -s 'localhost:8080/dial?host=${ip}&port=8080&request=hostname&tries=2'`)).toBe(
    '{"responses":["p","p"]}',
  )
  expect(sh(cluster, `nc -zv ${ip} 8080; nc -zv ${ip} 1`)).toMatch(/open\n.*Connection refused\n/)
})

test('names that no shell could have reach what it runs', () => {
  const cluster = withPod({ command: ['sleep', '1000'], env: [{ name: 'data-1', value: 'x' }] })
  expect(sh(cluster, 'env')).toContain('data-1=x\n')
  expect(sh(cluster, 'env | grep -c data')).toBe('0\n')
  expect(sh(cluster, 'mount -t cgroup2')).toBe('cgroup on /sys/fs/cgroup type cgroup2 (ro,relatime)\n')
})
