/** nginx in a cluster: sites from ConfigMaps, what stops it from starting, and where its lines go. */
import { expect, test } from 'vitest'
import { deployment, service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

interface Given {
  /** Files of `conf.d`. */
  site?: Record<string, string>
  container?: Record<string, unknown>
  volumes?: { volume: Record<string, unknown>; at: string }[]
}

function nginx(t: TestCluster, name: string, { site, container = {}, volumes = [] }: Given): void {
  const mounts: Record<string, unknown>[] = []
  const spec: Record<string, unknown>[] = []
  if (site) {
    t.create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'default' }, data: site })
    volumes.push({ volume: { configMap: { name } }, at: '/etc/nginx/conf.d' })
  }
  for (const [i, { volume, at }] of volumes.entries()) {
    spec.push({ name: `v${i}`, ...volume })
    mounts.push({ name: `v${i}`, mountPath: at })
  }
  t.create({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec: { volumes: spec, containers: [{ name: 'nginx', image: 'nginx:1.29', volumeMounts: mounts, ...container }] },
  })
}

const log = (t: TestCluster, name: string): string => String(t.request('GET', `/api/v1/namespaces/default/pods/${name}/log`).body)

function inPod(t: TestCluster, name: string, ...argv: string[]): string {
  const words = argv.map((word) => `&command=${encodeURIComponent(word)}`).join('')
  const path = `/api/v1/namespaces/default/pods/${name}/exec?stdout=true&stderr=true${words}`
  const session = t.cluster.open({ method: 'GET', path })
  return session
    .take()
    .flatMap((event) => ('data' in event && event.channel < 3 ? event.data : []))
    .join('')
}

const stateOf = (t: TestCluster, name: string) =>
  t.pods().find(({ metadata }) => metadata.name === name)?.status?.containerStatuses?.[0]

const PROXY = 'server {\n  listen 80;\n  location / {\n    proxy_pass http://api:8080;\n  }\n}\n'
const cluster = (): TestCluster => new TestCluster({ addons: ['dns'] }).run(15)

test('it says how it came up as the image does', () => {
  const t = cluster()
  nginx(t, 'web', {})
  const lines = log(t.run(10), 'web').split('\n')
  expect(lines[0]).toBe('/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration')
  expect(lines).toContain('/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh')
  expect(lines.at(-2)).toMatch(/\[notice\] 1#1: start worker process 29$/)
  expect(inPod(t, 'web', 'curl', '-s', 'localhost/nothing')).toContain('404 Not Found')
  expect(log(t, 'web')).toMatch(
    /\[error\] 29#29: \*1 open\(\) "\/usr\/share\/nginx\/html\/nothing" failed \(2: No such file or directory\), client: /,
  )
})

test('who passes requests to a Service that is not there crashes, and comes up once it is', () => {
  const t = cluster()
  nginx(t, 'front', { site: { 'default.conf': PROXY } })
  t.run(20)
  expect(stateOf(t, 'front')?.restartCount).toBeGreaterThan(0)
  expect(log(t, 'front')).toMatch(
    /\[emerg\] 1#1: host not found in upstream "api" in \/etc\/nginx\/conf.d\/default.conf:4\nnginx: \[emerg\] host not found in upstream "api" in \/etc\/nginx\/conf.d\/default.conf:4\n$/,
  )
  t.create(deployment('api', 1, 'gcr.io/google-samples/hello-app:1.0'))
  t.create(service('api', 'api', 8080))
  t.run(120)
  expect(stateOf(t, 'front')?.ready).toBe(true)
  expect(inPod(t, 'front', 'curl', '-s', 'localhost')).toContain('Hello, world!')
  t.delete('deployments.apps', 'api')
  t.run(60)
  expect(inPod(t, 'front', 'curl', '-s', 'localhost')).toContain('502 Bad Gateway')
  expect(log(t, 'front')).toMatch(
    /connect\(\) failed \(111: Connection refused\) while connecting to upstream, client: 127.0.0.1, server: , request: "GET \/ HTTP\/1.1", upstream: "http:\/\/10\./,
  )
})

test('a wrong line of a ConfigMap is told with its file and number', () => {
  const t = cluster()
  nginx(t, 'web', { site: { 'default.conf': 'server {\n  listen 80\n  root /x;\n}\n' } })
  expect(log(t.run(10), 'web')).toContain('nginx: [emerg] invalid parameter "root" in /etc/nginx/conf.d/default.conf:3\n')
  expect(log(t, 'web')).toContain(
    '10-listen-on-ipv6-by-default.sh: info: can not modify /etc/nginx/conf.d/default.conf (read-only file system?)\n',
  )
})

test('as somebody else than root, on a read-only disk or without capabilities it does not start, and says why', () => {
  const t = cluster()
  nginx(t, 'user', { container: { securityContext: { runAsUser: 1000 } } })
  nginx(t, 'disk', { container: { securityContext: { readOnlyRootFilesystem: true } } })
  nginx(t, 'caps', { container: { securityContext: { capabilities: { drop: ['ALL'] } } } })
  t.run(10)
  expect(log(t, 'user')).toContain(
    'nginx: [warn] the "user" directive makes sense only if the master process runs with super-user privileges, ignored in /etc/nginx/nginx.conf:2\n',
  )
  expect(log(t, 'user')).toMatch(
    /nginx: \[emerg\] mkdir\(\) "\/var\/cache\/nginx\/client_temp" failed \(13: Permission denied\)\n$/,
  )
  expect(log(t, 'disk')).toMatch(
    /nginx: \[emerg\] mkdir\(\) "\/var\/cache\/nginx\/client_temp" failed \(30: Read-only file system\)\n$/,
  )
  expect(log(t, 'caps')).toMatch(
    /nginx: \[emerg\] chown\("\/var\/cache\/nginx\/client_temp", 101\) failed \(1: Operation not permitted\)\n$/,
  )
  expect(stateOf(t, 'user')?.lastState?.terminated?.exitCode ?? stateOf(t, 'user')?.state?.terminated?.exitCode).toBe(1)
})

test('images of others that are called nginx were built to run as anybody', () => {
  const t = cluster()
  nginx(t, 'web', {
    container: { image: 'bitnami/nginx:1.29', securityContext: { runAsUser: 1001, readOnlyRootFilesystem: true } },
  })
  t.run(15)
  expect(stateOf(t, 'web')?.ready).toBe(true)
})

test('on a read-only disk it needs room for its folders and its number', () => {
  const t = cluster()
  const volumes = ['/var/cache/nginx', '/run'].map((at) => ({ volume: { emptyDir: {} }, at }))
  nginx(t, 'web', { container: { securityContext: { readOnlyRootFilesystem: true } }, volumes })
  t.run(10)
  expect(stateOf(t, 'web')?.ready).toBe(true)
  expect(inPod(t, 'web', 'cat', '/run/nginx.pid')).toBe('1\n')
})

test('without "daemon off;" it goes into the background, and its container is done', () => {
  const t = cluster()
  nginx(t, 'web', { container: { command: ['nginx'] } })
  t.run(5)
  expect(stateOf(t, 'web')?.lastState?.terminated ?? stateOf(t, 'web')?.state?.terminated).toMatchObject({
    exitCode: 0,
    reason: 'Completed',
  })
})

test('a volume over its log folder holds its lines instead of the container’s log', () => {
  const t = cluster()
  nginx(t, 'web', { volumes: [{ volume: { emptyDir: {} }, at: '/var/log/nginx' }] })
  t.run(10)
  inPod(t, 'web', 'curl', '-s', 'localhost/x?y=1')
  expect(log(t, 'web')).not.toContain('GET')
  expect(inPod(t, 'web', 'cat', '/var/log/nginx/access.log')).toMatch(
    /^127\.0\.0\.1 - - \[.*\] "GET \/x\?y=1 HTTP\/1\.1" 404 153 "-" "curl\/\S+" "-"\n$/,
  )
})

test('a changed site is followed at a reload, a wrong one is not', () => {
  const t = cluster()
  nginx(t, 'web', { volumes: [{ volume: { emptyDir: {} }, at: '/etc/nginx/conf.d' }] })
  t.run(10)
  const write = (text: string): string =>
    inPod(t, 'web', 'sh', '-c', `echo '${text}' > /etc/nginx/conf.d/site.conf; nginx -s reload`)
  write('server { listen 80; return 200 "one\\n"; }')
  t.run(1)
  expect(inPod(t, 'web', 'curl', '-s', 'localhost')).toBe('one\n')
  expect(write('server { listen 80; retrn 200 "two\\n"; }')).toContain(
    'nginx: [emerg] unknown directive "retrn" in /etc/nginx/conf.d/site.conf:1',
  )
  t.run(1)
  expect(inPod(t, 'web', 'curl', '-s', 'localhost')).toBe('one\n')
  write('server { listen 80; return 200 "three\\n"; }')
  expect(inPod(t.run(1), 'web', 'curl', '-s', 'localhost')).toBe('three\n')
})

test('templates are filled in from the environment', () => {
  const t = cluster()
  t.create({
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'templates', namespace: 'default' },
    data: { 'default.conf.template': `server { listen $\{PORT}; return 200 "$hostname $\{NAME}\\n"; }` },
  })
  const env = [
    { name: 'PORT', value: '8080' },
    { name: 'NAME', value: 'Ada' },
  ]
  nginx(t, 'web', { container: { env }, volumes: [{ volume: { configMap: { name: 'templates' } }, at: '/etc/nginx/templates' }] })
  t.run(10)
  expect(inPod(t, 'web', 'curl', '-s', 'localhost:8080')).toBe('web Ada\n')
  expect(log(t, 'web')).toContain(
    '20-envsubst-on-templates.sh: Running envsubst on /etc/nginx/templates/default.conf.template to /etc/nginx/conf.d/default.conf\n',
  )
})
