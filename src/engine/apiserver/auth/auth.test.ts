import { beforeEach, describe, expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import type { UserInfo } from '#api/request.ts'
import { allResources, schemas } from '../../resources/index.ts'
import { World } from '../../sim/world.ts'
import { Server } from '../api-server.ts'

const ROOT: UserInfo = { name: 'root', groups: ['system:masters'] }
const RBAC = '/apis/rbac.authorization.k8s.io/v1'

let world: World
let server: Server

const send = (method: string, path: string, body?: unknown, user: UserInfo | null = ROOT, headers: Record<string, string> = {}) =>
  server.request({ method, path, headers, ...(body ? { body } : {}), ...(user ? { user } : {}) })
const make = (path: string, kind: string, name: string, rest: object = {}) => {
  const apiVersion = path.startsWith('/api/') ? 'v1' : path.split('/').slice(2, 4).join('/')
  const answer = send('POST', path, { apiVersion, kind, metadata: { name }, ...rest })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  return answer.body as AnyObject
}
const ada: UserInfo = { name: 'ada', groups: ['devs'] }
const said = (answer: { body: unknown }) => (answer.body as { message?: string }).message ?? ''

beforeEach(() => {
  world = new World({ seed: '1', epoch: Date.UTC(2026, 0, 1) })
  server = new Server(world, allResources(), schemas())
  make('/api/v1/namespaces', 'Namespace', 'shop')
  make(`${RBAC}/namespaces/shop/roles`, 'Role', 'reader', {
    rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] }],
  })
})

const bind = (subject: object) =>
  make(`${RBAC}/namespaces/shop/rolebindings`, 'RoleBinding', 'readers', {
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'reader' },
    subjects: [subject],
  })

describe('rights', () => {
  it('are none without a binding, in the words of Kubernetes', () => {
    const answer = send('GET', '/api/v1/namespaces/shop/pods', undefined, ada)
    expect(answer.status).toBe(403)
    expect(said(answer)).toBe('pods is forbidden: User "ada" cannot list resource "pods" in API group "" in the namespace "shop"')
  })
  it('come with a binding and go with it', () => {
    bind({ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'devs' })
    expect(send('GET', '/api/v1/namespaces/shop/pods', undefined, ada).status).toBe(200)
    expect(send('GET', '/api/v1/pods', undefined, ada).status).toBe(403)
    send('DELETE', `${RBAC}/namespaces/shop/rolebindings/readers`)
    expect(send('GET', '/api/v1/namespaces/shop/pods', undefined, ada).status).toBe(403)
  })
  it('do not outlive a load', () => {
    const saved = JSON.stringify(server.save())
    bind({ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'devs' })
    expect(send('GET', '/api/v1/namespaces/shop/pods', undefined, ada).status).toBe(200)
    server.load(JSON.parse(saved))
    expect(send('GET', '/api/v1/namespaces/shop/pods', undefined, ada).status).toBe(403)
  })
  it('hide what does not exist from those who may not ask', () => {
    expect(send('GET', '/apis/none.example.com/v1/things', undefined, ada).status).toBe(403)
    expect(send('GET', '/apis/none.example.com/v1/things').status).toBe(404)
  })
  it('are handed on only by those who have them', () => {
    make(`${RBAC}/clusterroles`, 'ClusterRole', 'clerk', {
      rules: [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs: ['create'] }],
    })
    make(`${RBAC}/clusterrolebindings`, 'ClusterRoleBinding', 'clerk', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'clerk' },
      subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'ada' }],
    })
    const role = (verbs: string[]) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'Role',
      metadata: { name: 'r' },
      rules: [{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles'], verbs }],
    })
    const answer = send('POST', `${RBAC}/namespaces/shop/roles`, role(['create', 'delete']), ada)
    expect(said(answer)).toContain('{APIGroups:["rbac.authorization.k8s.io"], Resources:["roles"], Verbs:["delete"]}')
    expect(send('POST', `${RBAC}/namespaces/shop/roles`, role(['create']), ada).status).toBe(201)
  })
})

describe('tokens', () => {
  const token = (): string => {
    const path = '/api/v1/namespaces/shop/serviceaccounts/robot/token'
    const spec = { expirationSeconds: 600 }
    const answer = send('POST', path, { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec })
    return (answer.body as AnyObject)['status'].token
  }
  const asRobot = (bearer: string) =>
    send('GET', '/api/v1/namespaces/shop/pods', undefined, null, { authorization: `Bearer ${bearer}` })
  beforeEach(() => {
    make('/api/v1/namespaces/shop/serviceaccounts', 'ServiceAccount', 'robot')
    bind({ kind: 'ServiceAccount', name: 'robot' })
  })
  it('speak for their account until they expire', () => {
    const mine = token()
    expect(mine.split('.')).toHaveLength(3)
    expect(asRobot(mine).status).toBe(200)
    world.runUntil(world.now + 700_000)
    expect(asRobot(mine).status).toBe(401)
  })
  it('leave a note of what was asked with one that nobody knows', () => {
    asRobot('nonsense')
    const create = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'letter' } }
    send('POST', '/api/v1/namespaces/shop/configmaps', create, null, { authorization: 'Bearer nonsense' })
    expect(world.traceSince(0).at(-1)).toMatchObject({
      by: 'system:anonymous',
      verb: 'create',
      resource: 'configmaps',
      namespace: 'shop',
      code: 401,
      stage: 'authenticate',
    })
  })
  it('are refused when they were changed, or their account is another', () => {
    const mine = token()
    expect(asRobot(`${mine.slice(0, -1)}${mine.endsWith('A') ? 'B' : 'A'}`).status).toBe(401)
    send('DELETE', '/api/v1/namespaces/shop/serviceaccounts/robot')
    make('/api/v1/namespaces/shop/serviceaccounts', 'ServiceAccount', 'robot')
    expect(asRobot(mine).status).toBe(401)
  })
})

describe('impersonation', () => {
  const whoAmI = (headers: Record<string, string>, user: UserInfo = ROOT) =>
    send(
      'POST',
      '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' },
      user,
      headers,
    )
  it('asks for the right to it', () => {
    const answer = send('GET', '/api/v1/namespaces', undefined, ada, { 'impersonate-user': 'eve' })
    expect(said(answer)).toContain('cannot impersonate-on:user-info:list resource "namespaces"')
  })
  it('takes a header sent several times as several groups, and a comma as part of one', () => {
    const answer = whoAmI({
      'impersonate-user': 'eve',
      'impersonate-group': 'system:masters\n,,,two',
      'impersonate-extra-k': 'a,b\nc',
    })
    expect((answer.body as AnyObject)['status'].userInfo).toMatchObject({
      groups: ['system:masters', ',,,two', 'system:authenticated'],
      extra: { k: ['a,b', 'c'] },
    })
  })
  it('gives accounts their groups', () => {
    make(`${RBAC}/clusterroles`, 'ClusterRole', 'system:basic-user', {
      rules: [{ apiGroups: ['authentication.k8s.io'], resources: ['selfsubjectreviews'], verbs: ['create'] }],
    })
    make(`${RBAC}/clusterrolebindings`, 'ClusterRoleBinding', 'basic', {
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'system:basic-user' },
      subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name: 'system:authenticated' }],
    })
    const groups = (name: string) => (whoAmI({ 'impersonate-user': name }).body as AnyObject)['status'].userInfo.groups
    // The privileged group impersonates in the old mode, which knows no nodes.
    expect(groups('system:node:n1')).toEqual(['system:authenticated'])
    expect(groups('system:serviceaccount:shop:robot')).toEqual([
      'system:serviceaccounts',
      'system:serviceaccounts:shop',
      'system:authenticated',
    ])
  })
})

describe('nodes', () => {
  const node: UserInfo = { name: 'system:node:n1', groups: ['system:nodes'] }
  it('read what their Pods use, and nothing else', () => {
    make('/api/v1/namespaces/shop/secrets', 'Secret', 'used')
    make('/api/v1/namespaces/shop/secrets', 'Secret', 'other')
    make('/api/v1/namespaces/shop/serviceaccounts', 'ServiceAccount', 'default')
    make('/api/v1/namespaces/shop/pods', 'Pod', 'p', {
      spec: {
        nodeName: 'n1',
        automountServiceAccountToken: false,
        containers: [{ name: 'c', image: 'a', envFrom: [{ secretRef: { name: 'used' } }] }],
      },
    })
    expect(send('GET', '/api/v1/namespaces/shop/secrets/used', undefined, node).status).toBe(200)
    const answer = send('GET', '/api/v1/namespaces/shop/secrets/other', undefined, node)
    expect(said(answer)).toMatch(/: no relationship found between node 'n1' and this object$/)
  })
})
