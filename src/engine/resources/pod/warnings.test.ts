import { beforeEach, expect, it } from 'vitest'
import { Server } from '../../apiserver/api-server.ts'
import { World } from '../../sim/world.ts'
import { allResources, schemas } from '../index.ts'

const user = { name: 'root', groups: ['system:masters'] }
const SELECTOR = 'Warning: spec.template.spec.nodeSelector'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const controllers = '/api/v1/namespaces/default/replicationcontrollers'
const template = (label: string) => ({
  metadata: { labels: { app: 'web' } },
  spec: { nodeSelector: { [`beta.kubernetes.io/${label}`]: 'x' }, containers: [{ name: 'web', image: 'nginx' }] },
})

let server: Server
/** What a client is warned about, without the advice. */
function warned(method: string, path: string, body: unknown): string[] {
  const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
  const answer = server.request({ method, path, user, headers: { 'content-type': type }, body })
  expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
  const said = answer.headers?.['warning'] ?? ''
  return [said].flat().flatMap((text) => [...text.matchAll(/299 - "(.*?): /g)].map((match) => `Warning: ${match[1]}`))
}

beforeEach(() => {
  server = new Server(new World({ seed: '1', epoch: Date.UTC(2026, 0, 1) }), allResources(), schemas())
  server.request({ method: 'POST', path: '/api/v1/namespaces', user, body: { metadata: { name: 'default' } } })
})

it('warns about a Deployment’s template again whenever its generation grows: for an annotation and a scale as well', () => {
  const web = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { selector: { matchLabels: { app: 'web' } }, template: template('os') },
  }
  const old = [`${SELECTOR}[beta.kubernetes.io/os]`]
  expect(warned('POST', deployments, web)).toEqual(old)
  expect(warned('PATCH', `${deployments}/web`, { metadata: { annotations: { team: 'a' } } })).toEqual(old)
  expect(warned('PATCH', `${deployments}/web`, { metadata: { labels: { team: 'a' } } })).toEqual([])
  expect(warned('PATCH', `${deployments}/web/scale`, { spec: { replicas: 2 } })).toEqual(old)
  expect(warned('PATCH', `${deployments}/web/scale`, { spec: { replicas: 2 } })).toEqual([])
})

it('warns about the template that a ReplicationController had before the update', () => {
  const web = { apiVersion: 'v1', kind: 'ReplicationController', metadata: { name: 'web' }, spec: { template: template('os') } }
  expect(warned('POST', controllers, web)).toEqual([`${SELECTOR}[beta.kubernetes.io/os]`])
  const next = { spec: { template: { spec: { nodeSelector: template('arch').spec.nodeSelector } } } }
  expect(warned('PATCH', `${controllers}/web`, next)).toEqual([`${SELECTOR}[beta.kubernetes.io/os]`])
  const both = ['os', 'arch'].map((label) => `${SELECTOR}[beta.kubernetes.io/${label}]`)
  expect(warned('PATCH', `${controllers}/web/scale`, { spec: { replicas: 0 } }).sort()).toEqual(both.sort())
})
