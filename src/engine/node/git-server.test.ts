/** Git between Pods: a server of repositories behind a Service, and clients that clone from it and push to it. */
import { expect, test } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { Cluster } from '../cluster.ts'
import { service } from '../testing/builders.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const SEED = `git config --global user.name Ada; git config --global user.email ada@example.com
git init -q -b main /work; cd /work; echo one > a; git add .; git commit -qm first; git clone -q --bare /work /repos/shop.git`

const pod = (name: string, spec: unknown): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'default', labels: { app: name } },
    spec,
  }) as unknown as AnyObject
const client = (name: string): AnyObject =>
  pod(name, { containers: [{ name: 'git', image: 'alpine/git', command: ['sleep', 'infinity'] }] })
const server = pod('git', {
  initContainers: [
    { name: 'seed', image: 'alpine/git', command: ['sh', '-c', SEED], volumeMounts: [{ name: 'repos', mountPath: '/repos' }] },
  ],
  containers: [{ name: 'git', image: 'cirocosta/gitserver-http', volumeMounts: [{ name: 'repos', mountPath: '/var/lib/git' }] }],
  volumes: [{ name: 'repos', emptyDir: {} }],
})

/** A script in a Pod; what comes on both streams. */
function inPod(t: TestCluster, name: string, script: string): string {
  const words = ['sh', '-c', script].map((word) => `&command=${encodeURIComponent(word)}`).join('')
  const session = t.cluster.open({
    method: 'GET',
    path: `/api/v1/namespaces/default/pods/${name}/exec?stdout=true&stderr=true${words}`,
  })
  return session
    .take()
    .flatMap((event) => ('data' in event && event.channel < 3 ? event.data : []))
    .join('')
}

function started(): TestCluster {
  const t = new TestCluster({ addons: ['dns'] }).run(15)
  for (const each of [server, client('ada'), client('bob')]) t.create(each)
  t.create(service('git', 'git', 80))
  return t.run(40)
}

const URL = 'http://git/shop.git'

test('what one Pod pushes another one pulls, through the Service', () => {
  const t = started()
  expect(inPod(t, 'ada', `git clone ${URL} && cd shop && git log --format=%s && cat a`)).toBe(
    "Cloning into 'shop'...\nfirst\none\n",
  )
  expect(
    inPod(
      t,
      'bob',
      `git clone -q ${URL}; cd shop; git config user.name Bob; git config user.email b@example.com; echo two >> a; git commit -qam second; git push 2>&1 | tail -1`,
    ),
  ).toMatch(/^ {3}\w{7}\.\.\w{7} {2}main -> main\n$/)
  expect(inPod(t, 'ada', 'cd shop && git pull -q && git log --format="%an %s" && cat a')).toBe(
    'Bob second\nAda first\none\ntwo\n',
  )
  expect(inPod(t, 'ada', 'cd shop && git pull && git status -sb')).toBe('Already up to date.\n## main...origin/main\n')
})

test('the repository outlives the world being put away', () => {
  const t = TestCluster.of(Cluster.load(started().cluster.save()))
  expect(inPod(t, 'bob', `git ls-remote ${URL} main | cut -f 2`)).toBe('refs/heads/main\n')
})

test('what is not there is told in the words of git', () => {
  const t = started()
  expect(inPod(t, 'ada', 'git clone http://git/other.git')).toBe(
    "Cloning into 'other'...\nfatal: repository 'http://git/other.git/' not found\n",
  )
  expect(inPod(t, 'ada', 'git clone http://nowhere/shop.git')).toBe(
    "Cloning into 'shop'...\nfatal: unable to access 'http://nowhere/shop.git/': Could not resolve host: nowhere\n",
  )
})
