import { expect, it } from 'vitest'
import { Cluster } from '#engine'

const DAY = 86_400_000
const SECRETS = '/api/v1/namespaces/default/secrets'

function started() {
  const cluster = new Cluster({ seed: 'tokens', nodes: 1 })
  cluster.run(10_000)
  const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    cluster.request({ method, path, headers, ...(body ? { body: body as never } : {}) } as never)
  send('POST', '/api/v1/namespaces/default/serviceaccounts', { metadata: { name: 'old' }, secrets: [{ name: 'own' }] })
  for (const name of ['own', 'by-hand']) {
    const annotations = { 'kubernetes.io/service-account.name': 'old' }
    send('POST', SECRETS, { metadata: { name, annotations }, type: 'kubernetes.io/service-account-token' })
  }
  cluster.run(2000)
  const secret = (name: string) => cluster.server.read('secrets', 'default', name)
  const later = (days: number) => {
    cluster.fault({ kind: 'clock-jump', ms: days * DAY })
    cluster.run(2 * DAY)
  }
  return { cluster, send, secret, later }
}

it('a token of an account that nobody uses is marked after a year, and deleted after another; those made by hand stay', () => {
  const { secret, later } = started()
  later(360)
  expect(secret('own')?.metadata.labels).toBeUndefined()
  later(6)
  expect(Object.keys(secret('own')?.metadata.labels ?? {})).toEqual(['kubernetes.io/legacy-token-invalid-since'])
  later(360)
  expect(secret('own')).toBeDefined()
  later(8)
  expect(secret('own')).toBeUndefined()
  expect(secret('by-hand')?.metadata.labels).toBeUndefined()
})

it('using a token notes the day, keeps it for another year, and warns', () => {
  const { cluster, secret, later } = started()
  later(300)
  const token = Buffer.from(secret('own')?.['data'].token, 'base64').toString()
  const path = '/apis/authentication.k8s.io/v1/selfsubjectreviews'
  const headers = { authorization: `Bearer ${token}` }
  const use = () => cluster.requestAs({ method: 'POST', path, headers, body: {} })
  expect(use().headers['warning']).toContain('instead of auto-generated secret-based tokens')
  expect(secret('own')?.metadata.labels).toEqual({ 'kubernetes.io/legacy-token-last-used': expect.stringMatching(/^2026-/) })
  later(100)
  expect(Object.keys(secret('own')?.metadata.labels ?? {})).toEqual(['kubernetes.io/legacy-token-last-used'])
  later(280)
  expect(secret('own')?.metadata.labels).toHaveProperty('kubernetes.io/legacy-token-invalid-since')
  expect(use().status).toBe(401)
})
