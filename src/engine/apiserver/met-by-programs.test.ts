/** What client-go programs met at the edges of the API: selectors, tokens, sizes, scales. */
import { beforeEach, describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { TestCluster } from '../testing/test-cluster.ts'

const MAPS = '/api/v1/namespaces/default/configmaps'
const PODS = '/api/v1/namespaces/default/pods'
const APPLY = { 'content-type': 'application/apply-patch+yaml' }
const MERGE = { 'content-type': 'application/merge-patch+json' }

let cluster: TestCluster
const ask = (method: string, path: string, body?: unknown, headers?: Record<string, string>): AnyObject =>
  cluster.request(method, path, body, headers).body as AnyObject

beforeEach(() => {
  cluster = new TestCluster({ nodes: 0 })
})

describe('a field selector', () => {
  const selected = (path: string, selector: string) => ask('GET', `${path}?fieldSelector=${encodeURIComponent(selector)}`)

  it('knows no namespace of cluster-wide kinds that have fields of their own', () => {
    for (const path of ['/api/v1/nodes', '/api/v1/namespaces', '/apis/certificates.k8s.io/v1/certificatesigningrequests'])
      expect(selected(path, 'metadata.namespace=b')['message']).toBe('field label not supported: metadata.namespace')
    expect(selected('/api/v1/persistentvolumes', 'metadata.namespace=b').kind).toBe('PersistentVolumeList')
    expect(selected('/api/v1/namespaces', 'name=x')['message']).toBe('field label not supported: name')
  })

  it('is refused by slices of devices in words of their own', () => {
    const words = 'field label not supported for resource.k8s.io/v1, Kind=ResourceSlice: spec.nope'
    expect(selected('/apis/resource.k8s.io/v1/resourceslices', 'spec.nope=1')['message']).toBe(words)
  })
})

it('a continue token that is none is named by its first byte', () => {
  const words = "invalid continue token: continue key is not valid: invalid character 'Ç' looking for beginning of value"
  expect(ask('GET', `${MAPS}?limit=4&continue=xyz`)['message']).toBe(words)
  expect(ask('GET', `${MAPS}?limit=4&continue=garbled`)['message']).toBe(words.replace('Ç', '\\u0081'))
})

describe('an object too large', () => {
  const pod = (length: number): string => {
    const env = [{ name: 'A', value: 'a'.repeat(length) }]
    const containers = [{ name: 'c', image: 'nginx', env }]
    return JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'big' }, spec: { containers } })
  }
  const create = (length: number, query = '') => ask('POST', PODS + query, pod(length), { 'content-type': 'application/json' })

  it('is refused by etcd, but not in a dry run', () => {
    expect(create(1_572_864, '?dryRun=All').kind).toBe('Pod')
    expect(create(1_572_864)['message']).toBe('etcdserver: request is too large')
    expect(create(1_500_000).kind).toBe('Pod')
  })

  it('is not even sent to etcd beyond two megabytes', () => {
    expect(create(2_100_000)['message']).toMatch(
      /^rpc error: code = ResourceExhausted desc = trying to send message larger than max \(21\d{5} vs. 2097152\)$/,
    )
  })
})

it('scaling what nobody owns the replicas of makes no owner', () => {
  const path = '/apis/apps/v1/namespaces/default/deployments/web'
  const template = { metadata: { labels: { a: 'b' } }, spec: { containers: [{ name: 'c', image: 'nginx' }] } }
  const spec = { selector: { matchLabels: { a: 'b' } }, template }
  const applied = { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec }
  ask('PATCH', `${path}?fieldManager=m`, JSON.stringify(applied), APPLY)
  ask('PATCH', `${path}/scale?fieldManager=s`, JSON.stringify({ spec: { replicas: 3 } }), MERGE)
  const { metadata, ...rest } = ask('GET', path)
  expect(rest['spec'].replicas).toBe(3)
  expect(metadata.managedFields?.map(({ manager }) => manager)).not.toContain('s')
})

it('a definition without versions is told that it has none', () => {
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  const define = (spec?: object) =>
    String(
      ask('POST', path, {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'a.b.c' },
        spec,
      })['message'],
    )
  const words = 'must have exactly one version marked as storage version'
  expect(define()).toContain(`spec.versions: Invalid value: null: ${words}`)
  expect(define({})).toContain(`spec.versions: Invalid value: null: ${words}`)
  expect(define({ versions: [] })).toContain(`spec.versions: Invalid value: []: ${words}`)
})

describe('priority and fairness', () => {
  const FLOWS = '/apis/flowcontrol.apiserver.k8s.io/v1'
  const uid = (kind: string, name: string): string => ask('GET', `${FLOWS}/${kind}/${name}`).metadata.uid ?? ''
  const flowOf = (path: string, headers: Record<string, string> = {}): (string | undefined)[] => {
    const answer = cluster.request('GET', path, undefined, headers)
    return ['flowschema', 'prioritylevel'].map((name) => answer.headers?.[`x-kubernetes-pf-${name}-uid`])
  }
  const of = (schema: string, level: string): string[] => [uid('flowschemas', schema), uid('prioritylevelconfigurations', level)]

  it('counts what each flow had, and tells of the seats of each level', () => {
    const metric = (name: string, labels: string) =>
      Number(
        new RegExp(`^apiserver_flowcontrol_${name}\\{${labels}\\} (\\S+)$`, 'm').exec(
          String(cluster.request('GET', '/metrics').body),
        )?.[1],
      )
    const had = () => metric('dispatched_requests_total', 'flow_schema="exempt",priority_level="exempt"')
    const before = had()
    for (let i = 0; i < 3; i++) cluster.request('GET', MAPS)
    expect(had()).toBe(before + 4)
    // As a cluster says that has nothing to do.
    const seats = ['nominal', 'lower', 'upper', 'current'].map((which) =>
      metric(`${which}_limit_seats`, 'priority_level="node-high"'),
    )
    expect(seats).toEqual([98, 73, 698, 170])
    const rows = String(cluster.request('GET', '/debug/api_priority_and_fairness/dump_priority_levels').body).split('\n')
    expect(rows.find((row) => row.startsWith('exempt,'))).toMatch(/^exempt, +0, +false, +false, +0, +1, +[1-9]\d*, +0, +0, +0$/)
    const asked = String(cluster.request('GET', '/debug/api_priority_and_fairness/dump_requests?includeRequestDetails=1').body)
    expect(asked.split('\n')[1]).toMatch(
      /^exempt, +exempt, +-1, +-1, .*, get, +\/debug\/api_priority_and_fairness\/dump_requests,/,
    )
  })

  it('tells each client to which flow its request belonged', () => {
    expect(flowOf(MAPS)).toEqual(of('exempt', 'exempt'))
    expect(flowOf('/healthz', { 'impersonate-user': 'noxu' })).toEqual(of('probes', 'exempt'))
    const noxu = { 'impersonate-user': 'noxu', 'impersonate-group': 'system:authenticated' }
    expect(flowOf(MAPS, noxu)).toEqual(of('global-default', 'global-default'))
    cluster.create({
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'PriorityLevelConfiguration',
      metadata: { name: 'mine' },
      spec: { type: 'Limited', limited: { nominalConcurrencyShares: 1, limitResponse: { type: 'Reject' } } },
    })
    cluster.create({
      apiVersion: 'flowcontrol.apiserver.k8s.io/v1',
      kind: 'FlowSchema',
      metadata: { name: 'mine' },
      spec: {
        matchingPrecedence: 1000,
        priorityLevelConfiguration: { name: 'mine' },
        rules: [
          {
            subjects: [{ kind: 'User', user: { name: 'noxu' } }],
            nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['/version'] }],
          },
        ],
      },
    })
    expect(flowOf('/version', noxu)).toEqual(of('mine', 'mine'))
    expect(flowOf(MAPS, noxu)).toEqual(of('global-default', 'global-default'))
    expect(cluster.request('GET', '/metrics').body).toContain(
      'apiserver_flowcontrol_nominal_limit_seats{priority_level="mine"} 3\n',
    )
  })
})

it('a deletion is a dry run by its own body, or by the query where there is none', () => {
  ask('POST', MAPS, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } })
  const options = { apiVersion: 'v1', kind: 'DeleteOptions' }
  const isThere = (): boolean => ask('GET', `${MAPS}/a`).kind === 'ConfigMap'
  ask('DELETE', `${MAPS}/a?dryRun=All`)
  ask('DELETE', `${MAPS}/a`, { ...options, dryRun: ['All'] })
  expect(isThere()).toBe(true)
  ask('DELETE', `${MAPS}/a?dryRun=All`, options)
  expect(isThere()).toBe(false)
})
