/** Parts of the describers that have rules of their own. */
import { expect, it } from 'vitest'
import { compactRules, resourceText } from './access.ts'
import { probeText } from './containers.ts'
import { labelFor } from './generic.ts'
import { longTime, Page, selectorText } from './page.ts'
import { addressesText } from './services.ts'

it('writes selectors sorted by key', () => {
  const matchExpressions = [{ key: 'a', operator: 'NotIn', values: ['z', 'y'] }]
  expect(selectorText({ matchLabels: { b: '1' }, matchExpressions })).toBe('a notin (y,z),b=1')
})
it('writes probes in one line', () => {
  const probe = {
    httpGet: { path: '/ok', port: 'http', scheme: 'HTTP' },
    periodSeconds: 10,
    timeoutSeconds: 1,
    successThreshold: 1,
    failureThreshold: 3,
  }
  expect(probeText(probe)).toBe('http-get http://:http/ok delay=0s timeout=1s period=10s #success=1 #failure=3')
})
it('makes readable labels of field names', () => {
  expect(['resourceVersion', 'apiVersion', 'uid', 'podCIDRs', 'x_y'].map(labelFor)).toEqual([
    'Resource Version',
    'API Version',
    'UID',
    'Pod CIDRs',
    'x_y',
  ])
})
it('puts rules of one resource together', () => {
  const [rule] = compactRules([
    { verbs: ['get'], apiGroups: ['apps'], resources: ['deployments/scale'] },
    { verbs: ['list', 'get'], apiGroups: ['apps'], resources: ['deployments/scale'] },
  ])
  expect([rule?.verbs, rule && resourceText(rule)]).toEqual([['get', 'list'], 'deployments.apps/scale'])
})
it('shows three addresses, and how many more there are', () => {
  const endpoints = ['1', '2', '3', '4'].map((n) => ({ addresses: [`10.0.0.${n}`], conditions: { ready: true } }))
  const slice = { apiVersion: '', kind: '', metadata: { name: 's' }, ports: [{ name: '', port: 80 }], endpoints }
  expect(addressesText([slice], '')).toBe('10.0.0.1:80,10.0.0.2:80,10.0.0.3:80 + 1 more...')
})
it('breaks long annotations into lines of their own', () => {
  const page = new Page(0)
  page.annotations('Annotations', { short: 'x', long: 'y'.repeat(150) })
  expect(page.toString()).toBe(`Annotations:  long:\n                ${'y'.repeat(138)}...\n              short: x\n`)
})
it('tells times at length', () => expect(longTime('2026-01-02T03:04:05Z')).toBe('Fri, 02 Jan 2026 03:04:05 +0000'))
