import { expect, test } from 'vitest'
import { FakeNodes } from './testing/fake-nodes.ts'

const state = (s: any): string => {
  const [kind] = Object.keys(s ?? {})
  if (!kind) return '-'
  const v = s[kind]
  return kind === 'running' ? 'running' : `${kind}(${v.reason}${v.exitCode === undefined ? '' : ` ${v.exitCode}`})`
}

/** One line per status patch: conditions, containers, phase. */
const story = (nodes: FakeNodes): string[] =>
  nodes.patches.map((p) =>
    [
      ...(p.conditions ?? []).filter((c: any) => c.status).map((c: any) => `${c.type}=${c.status}`),
      ...[...(p.initContainerStatuses ?? []), ...(p.containerStatuses ?? [])].map(
        (c: any) =>
          `${c.name}:${state(c.state)}${state(c.lastState) === '-' ? '' : `<${state(c.lastState)}`}${c.ready ? '+' : ''}x${c.restartCount}`,
      ),
      ...(p.phase ? [p.phase] : []),
    ].join(' '),
  )

test('init containers run one after the other before the main ones', () => {
  const nodes = new FakeNodes()
  const sleep = (name: string) => ({ name, image: 'busybox:1.36', command: ['sh', '-c', 'sleep 2'] })
  nodes.pod('p', { initContainers: [sleep('i1'), sleep('i2')] })
  nodes.after(12)
  expect(story(nodes)).toEqual([
    'PodReadyToStartContainers=False Initialized=False Ready=False ContainersReady=False PodScheduled=True i1:waiting(PodInitializing)x0 i2:waiting(PodInitializing)x0 app:waiting(PodInitializing)x0',
    'PodReadyToStartContainers=True',
    'i1:runningx0 i2:waiting(PodInitializing)x0',
    'i1:terminated(Completed 0)+x0 i2:waiting(PodInitializing)x0',
    'i1:terminated(Completed 0)+x0 i2:runningx0',
    'Initialized=True i1:terminated(Completed 0)+x0 i2:terminated(Completed 0)+x0',
    'Ready=True ContainersReady=True app:running+x0 Running',
  ])
})

test('a sidecar starts first, stays, and ends last', () => {
  const nodes = new FakeNodes()
  const helper = {
    name: 'helper',
    image: 'busybox:1.36',
    restartPolicy: 'Always',
    command: ['sh', '-c', 'trap "exit 0" TERM; while :; do sleep 1; done'],
  }
  nodes.pod('p', {
    initContainers: [helper, { name: 'i2', image: 'busybox:1.36', command: ['sleep', '2'] }],
    terminationGracePeriodSeconds: 5,
  })
  nodes.after(8)
  expect(nodes.phase('p')).toBe('Running')
  expect(nodes.condition('p', 'Ready')).toBe('True')
  nodes.delete('pods', 'default', 'p')
  nodes.after(2)
  expect(story(nodes).at(-1)).toContain(
    'helper:terminated(Completed 0)x0 i2:terminated(Completed 0)+x0 app:terminated(Completed 0)x0 Succeeded',
  )
})

test('a pod with restartPolicy Never ends with its failed init container', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', {
    restartPolicy: 'Never',
    initContainers: [{ name: 'i', image: 'busybox:1.36', command: ['sh', '-c', 'exit 4'] }],
  })
  nodes.after(6)
  expect(story(nodes).slice(-2)).toEqual(['i:terminated(Error 4)x0', 'PodReadyToStartContainers=False Failed'])
})

test('a missing ConfigMap is waited for, and its key as well', () => {
  const nodes = new FakeNodes()
  const env = [{ name: 'MODE', valueFrom: { configMapKeyRef: { name: 'settings', key: 'mode' } } }]
  nodes.pod('p', { containers: [{ name: 'app', image: 'nginx:1.27', env }] })
  nodes.after(4)
  const waiting = () => nodes.read('p').status?.containerStatuses?.[0]?.state?.waiting
  expect(waiting()).toEqual({ reason: 'CreateContainerConfigError', message: 'configmap "settings" not found' })
  nodes.create('configmaps', { metadata: { name: 'settings', namespace: 'default' }, data: { other: '1' } } as any)
  nodes.after(32)
  expect(waiting()?.message).toBe("couldn't find key mode in ConfigMap default/settings")
  nodes.patch('configmaps', 'default', 'settings', 'merge', { data: { mode: 'fast' } })
  nodes.after(20)
  expect(nodes.phase('p')).toBe('Running')
})

test('a volume whose Secret is missing keeps the pod in ContainerCreating', () => {
  const nodes = new FakeNodes()
  const volumeMounts = [{ name: 'key', mountPath: '/key' }]
  const containers = [{ name: 'main', image: 'busybox', command: ['sleep', '1000'], volumeMounts }]
  nodes.pod('p', { containers, volumes: [{ name: 'key', secret: { secretName: 'key' } }] })
  nodes.after(5)
  expect(nodes.read('p').status?.containerStatuses?.[0]?.state?.waiting?.reason).toBe('ContainerCreating')
  expect(nodes.events('p')).toEqual(['FailedMount: MountVolume.SetUp failed for volume "key" : secret "key" not found'])
  nodes.create('secrets', { metadata: { name: 'key', namespace: 'default' }, data: { k: 'dg==' } } as any)
  nodes.after(10)
  expect(nodes.phase('p')).toBe('Running')
})

test('a deleted pod that waits for a volume goes at once', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', { volumes: [{ name: 'key', secret: { secretName: 'key' } }] })
  nodes.after(5)
  nodes.delete('pods', 'default', 'p')
  nodes.after(2)
  expect(nodes.exists('p')).toBe(false)
})

test('an unknown command shows RunContainerError', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', { image: 'busybox:1.36', command: ['nosuch', 'x'] })
  nodes.after(3)
  const waiting = nodes.read('p').status?.containerStatuses?.[0]
  expect(waiting?.state?.waiting?.reason).toBe('RunContainerError')
  expect(waiting?.state?.waiting?.message).toMatch(
    /error during container init: exec: "nosuch": executable file not found in \$PATH$/,
  )
  expect(waiting?.lastState?.terminated).toMatchObject({ exitCode: 128, reason: 'StartError' })
  expect(nodes.phase('p')).toBe('Running')
})

test('a failed postStart hook takes its container with it', () => {
  const nodes = new FakeNodes()
  const lifecycle = { postStart: { exec: { command: ['sh', '-c', 'exit 9'] } } }
  nodes.pod('p', {
    terminationGracePeriodSeconds: 1,
    containers: [{ name: 'app', image: 'busybox:1.36', command: ['sleep', '1000'], lifecycle }],
  })
  nodes.after(4)
  expect(nodes.events('p')).toContain('FailedPostStartHook: PostStartHook failed')
  expect(nodes.events('p')).toContain('Killing: FailedPostStartHook')
  expect(nodes.read('p').status?.containerStatuses?.[0]?.state?.waiting).toMatchObject({
    reason: 'PostStartHookError',
    message: expect.stringMatching(
      /^Exec lifecycle hook \(\[sh -c exit 9\]\) for Container "app" in Pod "p_default\(.*\)" failed - error: command 'sh -c exit 9' exited with 9: , message: ""$/,
    ),
  })
})

test('a preStop hook delays the signal', () => {
  const nodes = new FakeNodes()
  const lifecycle = { preStop: { exec: { command: ['sh', '-c', 'echo stopping > /proc/1/fd/1; sleep 2'] } } }
  nodes.pod('p', { containers: [{ name: 'app', image: 'nginx:1.27', lifecycle }] })
  nodes.after(3)
  nodes.delete('pods', 'default', 'p')
  nodes.after(1.5)
  expect(nodes.phase('p')).toBe('Running')
  expect(nodes.node.logs('default', 'p', 'app')).toMatch(/stopping\n$/)
  nodes.after(0.7)
  expect(nodes.phase('p')).toBe('Succeeded')
})

test('a pod past its deadline fails with DeadlineExceeded', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', { activeDeadlineSeconds: 5 })
  nodes.after(9)
  expect(nodes.read('p').status).toMatchObject({
    phase: 'Failed',
    reason: 'DeadlineExceeded',
    message: 'Pod was active on the node longer than the specified deadline',
  })
})

test('a pod that asks for too much is rejected', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', { containers: [{ name: 'app', image: 'nginx:1.27', resources: { requests: { cpu: '100' } } }] })
  nodes.after(1)
  expect(nodes.read('p').status).toMatchObject({
    phase: 'Failed',
    reason: 'OutOfcpu',
    message: "Pod was rejected: Node didn't have enough resource: cpu, requested: 100000, used: 0, capacity: 4000",
  })
})

test('a new image restarts its container', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', { image: 'nginx:nope' })
  nodes.after(3)
  const fix = nodes.read('p')
  nodes.update('pods', { ...fix, spec: { ...fix.spec, containers: [{ ...fix.spec.containers[0], image: 'nginx:1.27' } as any] } })
  nodes.after(20)
  expect(nodes.phase('p')).toBe('Running')
  const pod = nodes.read('p')
  nodes.update('pods', { ...pod, spec: { ...pod.spec, containers: [{ ...pod.spec.containers[0], image: 'nginx:1.28' } as any] } })
  nodes.after(4)
  expect(nodes.events('p')).toContain('Killing: Container app definition changed, will be restarted')
  expect(nodes.read('p').status?.containerStatuses?.[0]).toMatchObject({ restartCount: 1, image: 'docker.io/library/nginx:1.28' })
})

test('a container over its memory limit is OOMKilled', () => {
  const nodes = new FakeNodes()
  const resources = { limits: { memory: '20Mi' } }
  nodes.pod('p', {
    restartPolicy: 'Never',
    containers: [{ name: 'app', image: 'busybox:1.36', command: ['sh', '-c', 'sleep 1; tail -c 200m /dev/zero'], resources }],
  })
  nodes.after(6)
  expect(nodes.read('p').status?.containerStatuses?.[0]?.state?.terminated).toMatchObject({ reason: 'OOMKilled', exitCode: 137 })
})

test('a termination message comes from its file, or from the log', () => {
  const nodes = new FakeNodes()
  const c = (name: string, script: string, more = {}) => ({ name, image: 'busybox:1.36', command: ['sh', '-c', script], ...more })
  const log = { terminationMessagePolicy: 'FallbackToLogsOnError' }
  nodes.pod('p', {
    restartPolicy: 'Never',
    containers: [
      c('file', 'echo well > /dev/termination-log'),
      c('log', 'echo one; echo broke >&2; exit 2', log),
      c('none', 'echo lost; exit 2'),
    ],
  })
  nodes.after(6)
  expect(nodes.read('p').status?.containerStatuses?.map((s) => s.state?.terminated?.message)).toEqual([
    'well\n',
    'one\nbroke\n',
    undefined,
  ])
})

test('power off ends everything silently; power on starts it again', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', {})
  nodes.after(4)
  nodes.node.power(false)
  expect(nodes.heartbeats.isSilent('node-1')).toBe(true)
  const count = nodes.patches.length
  nodes.pod('late', {})
  nodes.after(60)
  expect(nodes.patches.length).toBe(count)
  nodes.node.power(true)
  nodes.after(6)
  expect(nodes.heartbeats.isSilent('node-1')).toBe(false)
  expect(nodes.read('p').status?.containerStatuses?.[0]).toMatchObject({
    ready: true,
    restartCount: 1,
    lastState: { terminated: { exitCode: 255, reason: 'Unknown' } },
  })
  expect(nodes.events('p')).toContain('SandboxChanged: Pod sandbox changed, it will be killed and re-created.')
  expect(nodes.phase('late')).toBe('Running')
})

test('a frozen kubelet sees afterwards what it has missed', () => {
  const nodes = new FakeNodes()
  nodes.pod('goes', {})
  nodes.pod('stays', {})
  nodes.after(4)
  nodes.node.freeze(true)
  nodes.delete('pods', 'default', 'goes')
  nodes.after(60)
  expect(nodes.phase('goes')).toBe('Running')
  nodes.node.freeze(false)
  nodes.after(4)
  expect(nodes.exists('goes')).toBe(false)
  expect(nodes.phase('stays')).toBe('Running')
})

test('a pod deleted by force leaves nothing behind', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', {})
  nodes.after(4)
  nodes.delete('pods', 'default', 'p', { gracePeriodSeconds: 0 })
  nodes.after(4)
  expect([...nodes.node.kubelet.records.values()]).toEqual([])
  expect([...nodes.node.kubelet.runtime.all()]).toEqual([])
})

test('two servers on one port of a pod: the second gives up', () => {
  const nodes = new FakeNodes()
  const c = (name: string) => ({ name, image: 'nginx:1.27' })
  nodes.pod('p', { containers: [c('a'), c('b')] })
  nodes.after(3)
  expect(
    nodes.read('p').status?.containerStatuses?.map((s) => s.lastState?.terminated?.exitCode ?? s.state?.terminated?.exitCode),
  ).toEqual([undefined, 1])
  expect(nodes.node.logs('default', 'p', 'b')).toMatch(/bind\(\) to 0\.0\.0\.0:80 failed \(98: Address already in use\)\n$/)
})

test('files made from a ConfigMap follow it after a minute', () => {
  const nodes = new FakeNodes()
  nodes.create('configmaps', { metadata: { name: 'c', namespace: 'default' }, data: { 'index.html': 'one' } } as any)
  const volumes = [{ name: 'html', configMap: { name: 'c' } }]
  const volumeMounts = [{ name: 'html', mountPath: '/usr/share/nginx/html' }]
  nodes.pod('p', { volumes, containers: [{ name: 'app', image: 'nginx:1.27', volumeMounts }] })
  nodes.after(3)
  const { uid = '' } = nodes.read('p').metadata
  const page = () => nodes.node.http(uid, 80, { method: 'GET', path: '/' })
  expect(page()).toMatchObject({ reply: { body: 'one' } })
  nodes.patch('configmaps', 'default', 'c', 'merge', { data: { 'index.html': 'two' } })
  expect(page()).toMatchObject({ reply: { body: 'one' } })
  nodes.after(90)
  expect(page()).toMatchObject({ reply: { body: 'two' } })
})

test('commands can be run in a container', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', {})
  nodes.after(3)
  expect(nodes.node.exec('default', 'p', 'app', ['sh', '-c', 'echo hi; echo no >&2; exit 3'])).toEqual({
    code: 3,
    out: 'hi\nno\n',
    err: 'no\n',
    failed: '',
  })
  expect(nodes.node.exec('default', 'p', 'app', ['sh', '-c', 'echo hello > /usr/share/nginx/html/index.html'])?.code).toBe(0)
  expect(nodes.node.http(nodes.read('p').metadata.uid ?? '', 80, { method: 'GET', path: '/' })).toMatchObject({
    reply: { body: 'hello\n' },
  })
  expect(nodes.node.exec('default', 'p', 'app', ['nosuch'])?.failed).toMatch(/executable file not found in \$PATH$/)
})

test('a script may end in the image’s server, which then listens', () => {
  const nodes = new FakeNodes()
  const command = ['sh', '-c', "echo custom > /usr/share/nginx/html/index.html && exec nginx -g 'daemon off;'"]
  nodes.pod('p', { image: 'nginx:1.27', command })
  nodes.after(3)
  expect(nodes.node.http(nodes.read('p').metadata.uid ?? '', 80, { method: 'GET', path: '/' })).toMatchObject({
    reply: { body: 'custom\n' },
  })
  nodes.delete('pods', 'default', 'p')
  nodes.after(2)
  expect(nodes.exists('p')).toBe(false)
})

test('the Job of the textbook computes pi and ends', () => {
  const nodes = new FakeNodes()
  nodes.pod('pi', { image: 'perl:5.34.0', command: ['perl', '-Mbignum=bpi', '-wle', 'print bpi(2000)'], restartPolicy: 'Never' })
  nodes.after(20)
  expect(nodes.phase('pi')).toBe('Succeeded')
  expect(nodes.node.logs('default', 'pi', 'app')).toMatch(/^3\.14159265358979323846264338327950288\d+\n$/)
})

test('a rule may restart all containers of a pod because one of them has ended so', () => {
  const nodes = new FakeNodes()
  const script = 'if [ -f /mnt/done ]; then sleep 1000; else touch /mnt/done; sleep 3; exit 42; fi'
  const source = {
    name: 'source',
    image: 'busybox:1.36',
    command: ['sh', '-c', script],
    restartPolicy: 'Never',
    restartPolicyRules: [{ action: 'RestartAllContainers', exitCodes: { operator: 'In', values: [42] } }],
    volumeMounts: [{ name: 'work', mountPath: '/mnt' }],
  }
  nodes.pod('p', {
    restartPolicy: 'Never',
    initContainers: [{ name: 'i', image: 'busybox:1.36', command: ['true'] }],
    containers: [source, { name: 'other', image: 'busybox:1.36', command: ['sleep', '1000'] }],
    volumes: [{ name: 'work', emptyDir: {} }],
  })
  nodes.after(20)
  const told = story(nodes)
  const from = told.findIndex((line) => line.includes('AllContainersRestarting=True'))
  const gone = 'waiting(RestartingAllContainers)<terminated(RestartingAllContainers 137)x1'
  const before = '<terminated(RestartingAllContainers 137)'
  expect(told.slice(from)).toEqual([
    'Ready=False ContainersReady=False AllContainersRestarting=True other:running+x0 source:terminated(Error 42)x0',
    `AllContainersRestarting=False i:${gone} other:${gone} source:${gone}`,
    `i:terminated(Completed 0)${before}+x1 other:waiting(PodInitializing)${before}x1 source:waiting(PodInitializing)${before}x1`,
    `Ready=True ContainersReady=True other:running${before}+x1 source:running${before}+x1`,
  ])
})

test('a log keeps a last line as it was written: without a newline', () => {
  const nodes = new FakeNodes()
  nodes.pod('p', {
    restartPolicy: 'Never',
    containers: [
      {
        name: 'app',
        image: 'busybox:1.36',
        command: ['sh', '-c', 'echo one; echo -n two; false'],
        terminationMessagePolicy: 'FallbackToLogsOnError',
      },
    ],
  })
  nodes.after(10)
  expect(nodes.node.logs('default', 'p', 'app')).toBe('one\ntwo')
  expect(nodes.read('p').status?.containerStatuses?.[0]?.state?.terminated?.message).toBe('one\ntwo')
})
