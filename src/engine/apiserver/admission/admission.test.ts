import { beforeEach, describe, expect, it } from 'vitest'
import type { Pod } from '#api/kinds.ts'
import type { UserInfo } from '#api/request.ts'
import { allResources, schemas } from '../../resources/index.ts'
import { World } from '../../sim/world.ts'
import { Server } from '../api-server.ts'

const ROOT = '/api/v1/namespaces/shop'
const root = { name: 'root', groups: ['system:masters'] }
const kubelet = { name: 'system:node:n1', groups: ['system:nodes', 'system:authenticated'] }

let server: Server
let user: UserInfo
const send = (method: string, path: string, body?: unknown, type = 'application/json') =>
  server.request({ method, path, user, headers: { 'content-type': type }, ...(body ? { body } : {}) })
const post = (path: string, kind: string, name: string, fields: object = {}, apiVersion = 'v1') =>
  send('POST', path, { apiVersion, kind, metadata: { name }, ...fields })
const pod = (name: string, spec: object = {}) =>
  post(`${ROOT}/pods`, 'Pod', name, { spec: { containers: [{ name: 'c', image: 'a:1' }], ...spec } })
const merge = (path: string, change: object) => send('PATCH', path, change, 'application/merge-patch+json')
const label = (labels: object) => merge(ROOT, { metadata: { labels } })
const said = (answer: { body: unknown }) => (answer.body as { message?: string }).message ?? ''

beforeEach(() => {
  user = root
  server = new Server(new World({ seed: '1', epoch: Date.UTC(2026, 0, 1) }), allResources(), schemas())
  post('/api/v1/namespaces', 'Namespace', 'shop')
  post(`${ROOT}/serviceaccounts`, 'ServiceAccount', 'default')
})

describe('NamespaceLifecycle', () => {
  it('needs the namespace to be there, and to stay', () => {
    expect(said(post('/api/v1/namespaces/none/configmaps', 'ConfigMap', 'a'))).toBe('namespaces "none" not found')
    merge(ROOT, { metadata: { finalizers: ['a.example/b'] } })
    send('DELETE', ROOT)
    expect(said(post(`${ROOT}/configmaps`, 'ConfigMap', 'a'))).toContain('because it is being terminated')
  })
})

describe('ServiceAccount', () => {
  it('gives pods a token', () => {
    const { spec } = pod('web').body as Pod
    const [volume] = spec.volumes ?? []
    expect(spec.serviceAccountName).toBe('default')
    expect(volume?.name).toMatch(/^kube-api-access-[a-z0-9]{5}$/)
    expect(spec.containers[0]?.volumeMounts).toEqual([
      { name: volume?.name, readOnly: true, mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' },
    ])
  })
  it('must exist', () => {
    expect(said(pod('web', { serviceAccountName: 'none' }))).toContain('error looking up service account shop/none')
  })
})

describe('what pods are given', () => {
  it('a priority, by class', () => {
    const scheduling = '/apis/scheduling.k8s.io/v1/priorityclasses'
    post(scheduling, 'PriorityClass', 'high', { value: 1000 }, 'scheduling.k8s.io/v1')
    expect((pod('a').body as Pod).spec.priority).toBe(0)
    expect((pod('b', { priorityClassName: 'high' }).body as Pod).spec.priority).toBe(1000)
    expect(said(pod('c', { priorityClassName: 'none' }))).toContain('no PriorityClass with name none was found')
  })
  it('five minutes on a node that is gone', () => {
    const tolerations = (pod('a').body as Pod).spec.tolerations ?? []
    expect(tolerations.map(({ key, tolerationSeconds }) => [key, tolerationSeconds])).toEqual([
      ['node.kubernetes.io/not-ready', 300],
      ['node.kubernetes.io/unreachable', 300],
    ])
  })
  it('what a limit range says', () => {
    const limit = { type: 'Container', default: { cpu: '200m' }, max: { cpu: '300m' } }
    post(`${ROOT}/limitranges`, 'LimitRange', 'l', { spec: { limits: [limit] } })
    expect((pod('a').body as Pod).spec.containers[0]?.resources).toEqual({ limits: { cpu: '200m' }, requests: { cpu: '200m' } })
    const greedy = { containers: [{ name: 'c', image: 'a:1', resources: { limits: { cpu: '1' } } }] }
    expect(said(pod('b', greedy))).toContain('maximum cpu usage per Container is 300m, but limit is 1')
  })
})

describe('ResourceQuota', () => {
  it('counts, and refuses what is too much', () => {
    post(`${ROOT}/resourcequotas`, 'ResourceQuota', 'q', { spec: { hard: { pods: '1' } } })
    merge(`${ROOT}/resourcequotas/q/status`, { status: { hard: { pods: '1' }, used: { pods: '0' } } })
    expect(pod('a').status).toBe(201)
    expect(server.read('resourcequotas', 'shop', 'q')?.['status'].used).toEqual({ pods: '1' })
    expect(said(pod('b'))).toBe('pods "b" is forbidden: exceeded quota: q, requested: pods=1, used: pods=1, limited: pods=1')
  })
})

describe('PodSecurity', () => {
  const level = 'pod-security.kubernetes.io/'
  it('refuses by the enforced level, and warns by the other', () => {
    label({ [`${level}enforce`]: 'baseline', [`${level}warn`]: 'restricted', [`${level}warn-version`]: 'v1.20' })
    expect(said(pod('a', { hostNetwork: true }))).toBe(
      'pods "a" is forbidden: violates PodSecurity "baseline:latest": host namespaces (hostNetwork=true)',
    )
    const warning = pod('b').headers['warning']
    expect(warning).toContain('would violate PodSecurity \\"restricted:v1.20\\": allowPrivilegeEscalation != false')
    expect(warning).not.toContain('capabilities')
  })
  it('tells of pods that are there already', () => {
    for (const name of ['b', 'a', 'c']) pod(name, { hostPID: true })
    expect(label({ [`${level}enforce`]: 'baseline' }).headers['warning']).toContain('a (and 2 other pods): host namespaces')
  })
  it('knows three levels', () => {
    expect(said(label({ [`${level}enforce`]: 'strict' }))).toContain('must be one of privileged, baseline, restricted')
  })
})

describe('NodeRestriction', () => {
  beforeEach(() => {
    for (const name of ['n1', 'n2']) post('/api/v1/nodes', 'Node', name)
  })
  it('keeps a kubelet to its own pods and labels', () => {
    pod('mine', { nodeName: 'n1' })
    pod('other', { nodeName: 'n2' })
    user = kubelet
    const status = { status: { phase: 'Running' } }
    expect(merge(`${ROOT}/pods/mine/status`, status).status).toBe(200)
    expect(merge(`${ROOT}/pods/other/status`, status).status).toBe(403)
    expect(said(pod('new', { nodeName: 'n1' }))).toContain('can only create mirror pods')
    expect(merge('/api/v1/nodes/n1', { metadata: { labels: { team: 'a' } } }).status).toBe(200)
    expect(said(merge('/api/v1/nodes/n1', { metadata: { labels: { 'x.k8s.io/team': 'a' } } }))).toContain(
      'is not allowed to modify labels: x.k8s.io/team',
    )
  })
})
