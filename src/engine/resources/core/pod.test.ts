import { beforeEach, describe, expect, it } from 'vitest'
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { Server } from '../../apiserver/api-server.ts'
import { World } from '../../sim/world.ts'
import { allResources, schemas } from '../index.ts'

const ROOT = '/api/v1/namespaces/shop'
const user = { name: 'root', groups: ['system:masters'] }

let server: Server
const send = (method: string, path: string, body?: unknown, type = 'application/json') =>
  server.request({ method, path, user, headers: { 'content-type': type }, ...(body ? { body } : {}) })
const post = (path: string, kind: string, name: string, fields: object = {}, apiVersion = 'v1') =>
  send('POST', path, { apiVersion, kind, metadata: { name }, ...fields })
const container = { name: 'c', image: 'nginx' }
const pod = (name: string, spec: object = {}) => post(`${ROOT}/pods`, 'Pod', name, { spec: { containers: [container], ...spec } })
const merge = (name: string, change: object, sub = '') =>
  send('PATCH', `${ROOT}/pods/${name}${sub}`, change, 'application/merge-patch+json')
const bind = (name: string, node: string) =>
  post(`${ROOT}/pods/${name}/binding`, 'Binding', name, { target: { kind: 'Node', name: node } })
const evict = (name: string) => post(`${ROOT}/pods/${name}/eviction`, 'Eviction', name, {}, 'policy/v1')
const read = (name: string) => server.read('pods', 'shop', name) as Pod | undefined
const said = (answer: { body: unknown }) => (answer.body as { message?: string }).message ?? ''

beforeEach(() => {
  server = new Server(new World({ seed: '1', epoch: Date.UTC(2026, 0, 1) }), allResources(), schemas())
  post('/api/v1/namespaces', 'Namespace', 'shop')
  post(`${ROOT}/serviceaccounts`, 'ServiceAccount', 'default')
  post('/api/v1/nodes', 'Node', 'n1')
})

describe('A new Pod', () => {
  it('is pending, and has what was left out', () => {
    const { body } = pod('web')
    expect(body).toMatchObject({
      spec: {
        restartPolicy: 'Always',
        containers: [{ imagePullPolicy: 'Always', terminationMessagePath: '/dev/termination-log' }],
      },
      status: { phase: 'Pending', qosClass: 'BestEffort' },
    })
  })
  it('is refused with every fault at once, in order', () => {
    const answer = pod('web', { containers: [{ name: 'c' }], restartPolicy: 'Sometimes' })
    expect((answer.body as AnyObject)['details'].causes.map((c: { field: string }) => c.field)).toEqual([
      'spec.containers[0].image',
      'spec.restartPolicy',
    ])
  })
  it('is warned about', () => {
    expect(pod('web', { containers: [{ ...container, env: [{ name: 'A' }, { name: 'A' }] }] }).headers['warning']).toContain(
      'hides previous definition',
    )
  })
})

describe('An update', () => {
  it('may change images', () => {
    pod('web')
    const change = { spec: { containers: [{ name: 'c', image: 'nginx:2' }] } }
    expect(send('PATCH', `${ROOT}/pods/web`, change, 'application/strategic-merge-patch+json').status).toBe(200)
  })
  it('may not change much else, and shows what it tried', () => {
    pod('web')
    const answer = merge('web', { spec: { hostname: 'other' } })
    expect(answer.status).toBe(422)
    expect(said(answer)).toContain('pod updates may not change fields other than `spec.containers[*].image`')
    expect(said(answer)).toContain('- "Hostname": "",\n+ "Hostname": "other",')
  })
})

describe('Binding', () => {
  it('puts the Pod on its node, once', () => {
    pod('web')
    expect(bind('web', 'n1').status).toBe(201)
    expect(read('web')).toMatchObject({
      spec: { nodeName: 'n1' },
      status: { conditions: [{ type: 'PodScheduled', status: 'True' }] },
    })
    expect(said(bind('web', 'n2'))).toContain('pod web is already assigned to node "n1"')
  })
})

it('tells of a refused change by which road it came', () => {
  pod('web')
  merge('web', { spec: { containers: [{ name: 'other' }] } }, '/resize')
  const line = server.world.traceSince(0).at(-1)
  expect(line).toMatchObject({ resource: 'pods/resize', name: 'web', verb: 'patch' })
  expect(line?.code).toBeGreaterThanOrEqual(400)
})

describe('Deletion', () => {
  it('takes a Pod without a node at once', () => {
    pod('web')
    send('DELETE', `${ROOT}/pods/web`)
    expect(read('web')).toBeUndefined()
  })
  it('gives one on a node its time, which may get shorter only', () => {
    pod('web', { nodeName: 'n1' })
    const time = (seconds: number) => {
      send('DELETE', `${ROOT}/pods/web?gracePeriodSeconds=${seconds}`)
      return read('web')?.metadata.deletionGracePeriodSeconds
    }
    expect([time(20), time(60), time(5), time(0)]).toEqual([20, 20, 5, undefined])
  })
})

describe('Eviction', () => {
  const guard = (disruptionsAllowed: number) => {
    post(
      '/apis/policy/v1/namespaces/shop/poddisruptionbudgets',
      'PodDisruptionBudget',
      'pdb',
      { spec: { selector: {} } },
      'policy/v1',
    )
    const status = { disruptionsAllowed, currentHealthy: 1, desiredHealthy: 1, expectedPods: 1, observedGeneration: 1 }
    send('PATCH', '/apis/policy/v1/namespaces/shop/poddisruptionbudgets/pdb/status', { status }, 'application/merge-patch+json')
  }
  const run = () => {
    pod('web', { nodeName: 'n1' })
    merge('web', { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] } }, '/status')
  }
  it('waits for a budget that has nothing left', () => {
    run()
    guard(0)
    const answer = evict('web')
    expect(answer.status).toBe(429)
    expect((answer.body as AnyObject)['details'].causes[0].reason).toBe('DisruptionBudget')
  })
  it('uses a budget up, and says why the Pod ends', () => {
    run()
    guard(1)
    expect(evict('web').status).toBe(201)
    expect(read('web')?.status?.conditions).toContainEqual(
      expect.objectContaining({ type: 'DisruptionTarget', reason: 'EvictionByEvictionAPI' }),
    )
    const budget = server.read('poddisruptionbudgets.policy', 'shop', 'pdb')
    expect(budget?.['status']).toMatchObject({ disruptionsAllowed: 0, disruptedPods: { web: expect.any(String) } })
  })
})
